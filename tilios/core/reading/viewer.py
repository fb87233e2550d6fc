"""The page that draws PDF documents, in a frame that can reach nothing.

It holds no document: the page around it, which may see the document, fetches it and hands it in (frontend/scripts/
preview.js). So it is the same for everybody and asks for no right; the portal gives it an address.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# SECURITY: a PDF is hostile until proved otherwise, and PDF.js is large. `sandbox` without allow-same-origin gives it
# an origin of its own: no cookie, no storage, no page of ours; `connect-src 'none'`: no address to send anything to.
# Its scripts, and those of its worker (a blob: that imports one of ours), are ours alone.
POLICY = "; ".join(
    [
        "sandbox allow-scripts",
        "default-src 'none'",
        "script-src 'self'",
        "worker-src blob:",
        "style-src 'self'",
        "font-src 'self' data: blob:",
        "img-src data: blob:",
        "connect-src 'none'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
    ]
)


def viewer(request: HttpRequest) -> HttpResponse:
    """The empty viewer, which only our own pages may frame."""
    response = render(request, "reading/viewer.html")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    # The same for everybody: kept by the browser for a day.
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response
