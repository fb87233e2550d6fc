"""Who can see this? The lists of rights of spaces, calendars and address books."""

from dataclasses import replace
from functools import cached_property
from typing import Any

from django.http import HttpResponse

from tilios.core.access.guards import tool_view
from tilios.core.shelves.levels import Level
from tilios.core.shelves.pages import rights as pages
from tilios.core.shelves.shelf import Shelf
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import Item, Nature
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.shelf import SHELF


class BookRights(Rights):
    """The rights on an address book: "busy or free" says nothing of a contact, and is not offered."""

    @cached_property
    def shelf(self) -> Shelf:
        return replace(SHELF, levels={one: words for one, words in SHELF.levels.items() if one > Level.BUSY})


@tool_view("agenda.view", "GET")
def rights(request: Any, pk: int) -> HttpResponse:
    return pages.show(request, _rights(request, pk), pk)


@tool_view("agenda.view", "POST")
def own_list(request: Any, pk: int) -> HttpResponse:
    return pages.own_list(request, _rights(request, pk), pk)


@tool_view("agenda.view", "POST")
def inherit(request: Any, pk: int) -> HttpResponse:
    return pages.inherit(request, _rights(request, pk), pk)


@tool_view("agenda.view", "POST")
def add_line(request: Any, pk: int) -> HttpResponse:
    return pages.add_line(request, _rights(request, pk), pk)


@tool_view("agenda.view", "POST")
def change_line(request: Any, pk: int, line_pk: int) -> HttpResponse:
    return pages.change_line(request, _rights(request, pk), pk, line_pk)


def _rights(request: Any, pk: int) -> Rights:
    found = open_spaces(request.person)
    is_book = Item.objects.filter(pk=pk, nature=Nature.BOOK).exists()
    return BookRights(request.person) if is_book else found
