"""The sessions of a structure, by what they wait for."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from tilios.core.access.guards import tool_view
from tilios.tools.colours import queries

A_PAGE = 20
TAB_OF = {"ouverts": "open", "attente": "waiting", "clos": "closed"}


@tool_view("colours.view", "GET")
def home(request: Any) -> HttpResponse:
    french = request.GET.get("onglet", "")
    tab = TAB_OF.get(french, "open")
    asked = request.GET.get("q", "").strip()[:100]
    sessions = queries.in_tab(request.person, tab)
    if asked:
        sessions = sessions.filter(title__icontains=asked)
    page = Paginator(queries.with_figures(sessions, request.person), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "tab": tab,
        f"{tab}_current": True,
        "french_tab": french if french in TAB_OF else "ouverts",
        "counts": queries.count_of_tabs(request.person),
        "page": page,
        "asked": asked,
        "deleted": queries.deleted_sessions(request.person)[:10] if tab == "closed" else (),
    }
    return render(request, "colours/home.html", context)
