"""The directory, for the members, and the public list, for everybody: those who agreed to be seen, and no other."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render

from tilios.core.access.guards import tool_view
from tilios.core.access.open_pages import open_view
from tilios.tools.members import queries

PAGE = 60


@tool_view("members.directory", "GET")
def directory(request: Any) -> HttpResponse:
    """Those who wish the members to see them, sixty a page, found by name."""
    text = request.GET.get("q", "")[:80]
    page = Paginator(queries.directory(text), PAGE).get_page(request.GET.get("page"))
    own = queries.record_of(request.person)
    return render(request, "members/directory.html", {"page": page, "text": text, "own": own})


@open_view("members", "GET", reason="the list of those who agreed, where the structure shows it")
def public_list(request: Any) -> HttpResponse:
    """The public list. Http404 until the structure shows it."""
    settings = queries.settings()
    if not settings.has_public_list:
        raise Http404
    context = {
        "structure": request.structure,
        "page": Paginator(queries.public_records(), PAGE).get_page(request.GET.get("page")),
        "shown_fields": settings.public_fields,
        "is_indexed": settings.is_indexed,
    }
    response = render(request, "members/public_list.html", context)
    if not settings.is_indexed:
        response["X-Robots-Tag"] = "noindex"
    return response
