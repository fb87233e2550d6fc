"""Pages for what went wrong before a view could answer."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form sent without its protection: most often a page left open too long, or cookies refused."""
    message = _("The page had been open for too long, or your browser refuses cookies. Go back, reload and try again.")
    return render(request, "refused.html", {"message": message, "status": 403}, status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What was sent cannot be read: too heavy for a form, too many fields, or not meant for this server."""
    if isinstance(exception, RequestDataTooBig):
        message = _("What you sent is too heavy for a form. Shorten the text, or give it as a file.")
        return render(request, "refused.html", {"message": message, "status": 413}, status=413)
    message = _("The server could not read what your browser sent. Go back, reload the page and try again.")
    return render(request, "refused.html", {"message": message, "status": 400}, status=400)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same page for what does not exist and for what a stranger may not know of."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)
