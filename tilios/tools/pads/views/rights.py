"""Who can see this? The lists of rights of texts and folders."""

from typing import Any

from django.http import HttpResponse

from tilios.core.access.guards import tool_view
from tilios.core.shelves.pages import rights as pages
from tilios.tools.pads.actions.spaces import open_spaces


@tool_view("pads.view", "GET")
def rights(request: Any, pk: int) -> HttpResponse:
    return pages.show(request, open_spaces(request.person), pk)


@tool_view("pads.view", "POST")
def own_list(request: Any, pk: int) -> HttpResponse:
    return pages.own_list(request, open_spaces(request.person), pk)


@tool_view("pads.view", "POST")
def inherit(request: Any, pk: int) -> HttpResponse:
    return pages.inherit(request, open_spaces(request.person), pk)


@tool_view("pads.view", "POST")
def add_line(request: Any, pk: int) -> HttpResponse:
    return pages.add_line(request, open_spaces(request.person), pk)


@tool_view("pads.view", "POST")
def change_line(request: Any, pk: int, line_pk: int) -> HttpResponse:
    return pages.change_line(request, open_spaces(request.person), pk, line_pk)
