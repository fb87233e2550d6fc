"""The search page, and the quick results under the search field."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tilios.core.access.guards import tool_view
from tilios.core.search import queries
from tilios.core.toolbox import registry

IN_A_GROUP = 5
A_PAGE = 20
QUICK = 7
LONGEST = 300


def _asked(request: HttpRequest) -> str:
    return " ".join(request.GET.get("q", "").replace("\0", " ").split())[:LONGEST]


@tool_view("portal.search", "GET")
def page(request: HttpRequest) -> HttpResponse:
    """What is found, by kind of thing; one kind alone, page by page, with `?sorte=`."""
    asked, chosen = _asked(request), request.GET.get("sorte", "")
    if chosen not in registry.kinds():
        chosen = ""
    found = queries.search(request.person, asked, kind=chosen)  # type: ignore[attr-defined]
    context: dict[str, Any] = {"asked": asked, "found": found, "chosen": chosen, "groups": [], "page": None}
    if chosen:
        shown = Paginator(found.hits, A_PAGE).get_page(request.GET.get("page"))
        shown.object_list = queries.with_texts(list(shown.object_list), found.patterns)
        context["page"] = shown
    else:
        context["groups"] = _groups(found)
    return render(request, "portal/search/page.html", context)


def _groups(found: queries.Found) -> list[dict[str, Any]]:
    """The first of each kind, the kind of the best hit first."""
    by_kind: dict[str, list[queries.Hit]] = {}
    for hit in found.hits:
        by_kind.setdefault(hit.kind.name, []).append(hit)
    first = [hit for hits in by_kind.values() for hit in hits[:IN_A_GROUP]]
    shown = iter(queries.with_texts(first, found.patterns))
    return [
        {
            "kind": hits[0].kind,
            "hits": [next(shown) for _hit in hits[:IN_A_GROUP]],
            "count": len(hits),
            "more": len(hits) > IN_A_GROUP,
        }
        for hits in by_kind.values()
    ]


@tool_view("portal.search", "GET")
def quick(request: HttpRequest) -> HttpResponse:
    """The first hits, for the list under the field."""
    asked = _asked(request)
    found = queries.search(request.person, asked, limit=QUICK)  # type: ignore[attr-defined]
    hits = queries.with_texts(found.hits, found.patterns)
    context = {"asked": asked, "found": found, "hits": hits}
    return render(request, "portal/search/_quick.html", context)
