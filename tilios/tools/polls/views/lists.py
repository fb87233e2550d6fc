"""The polls of a structure, by what they wait for."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tilios.core.access.guards import tool_view
from tilios.core.people.queries import groups
from tilios.tools.polls import queries

A_PAGE = 20
FRENCH_TABS = {"open": "ouverts", "waiting": "attente", "closed": "clos", "archived": "archives"}
TAB_OF = {french: tab for tab, french in FRENCH_TABS.items()}


@tool_view("polls.view", "GET")
def home(request: HttpRequest) -> HttpResponse:
    person = request.person  # type: ignore[attr-defined]
    tab = TAB_OF.get(request.GET.get("onglet", ""), "open")
    asked, group = request.GET.get("q", "").strip()[:100], request.GET.get("groupe", "")
    polls = queries.in_tab(person, tab)
    if asked:
        polls = polls.filter(title__icontains=asked)
    if group.isascii() and group.isdigit():
        polls = polls.filter(group=int(group[:18]))
    page = Paginator(queries.with_figures(polls, person), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "tab": tab,
        f"{tab}_current": True,
        "french_tab": FRENCH_TABS[tab],
        "counts": queries.count_of_tabs(person),
        "page": page,
        "asked": asked,
        "group": group,
        "groups": groups(),
        "filtered": bool(asked or group),
        "deleted": queries.deleted_polls(person)[:10] if tab == "archived" else (),
    }
    return render(request, "polls/home.html", context)
