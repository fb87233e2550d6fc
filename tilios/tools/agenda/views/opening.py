"""How the views begin: the rights of who asks, and what they name if they see it."""

import re
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from tilios.core.access.links import link
from tilios.core.shelves.levels import Level
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import Card, Entry, Item, Nature
from tilios.tools.agenda.queries.rights import Rights

OCCURRENCE = re.compile(r"\d{8}(?:T\d{6}Z?)?")


def opened_entry(request: Any, pk: int) -> tuple[Rights, Entry]:
    """The rights of the person and an event, or a task; Http404 for one of which they see nothing."""
    rights = open_spaces(request.person)
    entry = get_object_or_404(
        Entry.objects.select_related("calendar", "author", "editor"), pk=pk, calendar__in_trash=False
    )
    if rights.level(entry.calendar) < Level.BUSY:
        raise Http404
    return rights, entry


def opened_whole_entry(request: Any, pk: int) -> tuple[Rights, Entry]:
    """The same, for an event that is seen with what it is."""
    rights, entry = opened_entry(request, pk)
    if not rights.sees_whole(entry, rights.level(entry.calendar)):
        raise Http404
    return rights, entry


def back_to_event(request: Any, entry: Entry) -> HttpResponse:
    """To the page of an event, at the occurrence that the form was sent from ("le")."""
    occurrence = request.POST.get("le", "")
    query = f"?le={occurrence}" if OCCURRENCE.fullmatch(occurrence) else ""
    return redirect(link("agenda:entry", entry.pk) + query)


def opened_card(request: Any, pk: int) -> tuple[Rights, Card]:
    rights = open_spaces(request.person)
    card = get_object_or_404(Card.objects.select_related("book", "author", "editor"), pk=pk, book__in_trash=False)
    if rights.level(card.book) < Level.VIEW:
        raise Http404
    return rights, card


def opened_collection(request: Any, pk: int, nature: Nature | None = None) -> tuple[Rights, Item]:
    """The rights of the person and a calendar or an address book (of one `nature`) of which they see something."""
    rights = open_spaces(request.person)
    item = get_object_or_404(Item.objects.select_related("parent"), pk=pk, in_trash=False)
    least = Level.VIEW if item.nature == Nature.BOOK else Level.BUSY
    if rights.level(item) < least or (nature is not None and item.nature != nature):
        raise Http404
    return rights, item
