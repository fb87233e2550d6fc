"""What the program is: its source, its licence, how accessible it is."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render

import tilios
from tilios.core.access.guards import public_view
from tilios.portal import source as running


@public_view("GET", reason="the licence promises the source to whoever uses the program")
def source(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/about/source.html", {"version": tilios.__version__})


@public_view("GET", reason="the licence promises the source to whoever uses the program")
def source_archive(request: HttpRequest) -> FileResponse:
    return FileResponse(
        running.archive().open("rb"), as_attachment=True, filename=f"tilios-{tilios.__version__}.tar.gz"
    )


@public_view("GET", reason="says what one may expect before signing in")
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/about/accessibility.html")
