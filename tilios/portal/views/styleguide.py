"""The design system on one page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tilios.core.access.guards import public_view


@public_view("GET", reason="shows the components, and nothing of anybody")
def page(request: HttpRequest) -> HttpResponse:
    from tilios.ui import styleguide

    return render(request, "ui/styleguide.html", styleguide.context())
