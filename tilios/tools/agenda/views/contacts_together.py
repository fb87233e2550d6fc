"""Several contacts at once, and the trash from which they come back."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tilios.core.access import undo
from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Invalid, Refused, require
from tilios.core.people.models import Person
from tilios.core.shelves.pages import numbers_in
from tilios.tools.agenda.actions import card_trash, groups, together
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import Card, Item
from tilios.tools.agenda.queries import contacts as queries
from tilios.tools.agenda.queries.rights import Rights


@tool_view("agenda.write", "POST")
def several(request: Any) -> HttpResponse:
    """What is asked of the contacts that are ticked: a label, another address book, a group, the trash."""
    rights = open_spaces(request.person)
    books = queries.books_of(rights)
    cards = queries.chosen(books, numbers_in(request.POST.getlist("choix")))
    if not cards:
        messages.error(request, _("Tick at least one contact."))
        return redirect(link("agenda:contacts"))
    try:
        _do(request, rights, books, cards)
    except Refused as error:
        messages.error(request, error.message)
    return redirect(link("agenda:contacts"))


def _do(request: Any, rights: Rights, books: list[Item], cards: list[Card]) -> None:
    by, asked = request.person, request.POST.get("faire", "")
    if asked in {"etiqueter", "desetiqueter"}:
        count = together.label_cards(
            by=by, rights=rights, cards=cards, label=request.POST.get("etiquette", ""), remove=asked == "desetiqueter"
        )
        messages.success(request, ngettext("%d contact changed.", "%d contacts changed.", count) % count)
    elif asked == "ranger":
        to = _named(books, request.POST.get("vers", ""), _("Choose an address book."))
        moved, left = together.move_cards(by=by, rights=rights, cards=cards, to=to)
        said = ngettext("%d contact moved.", "%d contacts moved.", moved) % moved
        if left:
            there = ngettext("%d is there already.", "%d are there already.", left) % left
            said = f"{said} {there}"
        messages.success(request, said)
    elif asked == "grouper":
        group = _named(queries.groups_in(books), request.POST.get("groupe", ""), _("Choose a group."))
        groups.add_members(by=by, rights=rights, group=group, cards=cards)
        messages.success(request, _("“%(name)s” holds them now.") % {"name": group})
    else:
        numbers = together.throw_cards(by=by, rights=rights, cards=cards)
        said = ngettext("%d contact is in the trash.", "%d contacts are in the trash.", len(numbers)) % len(numbers)
        undo.offer(request, said, restore, numbers=numbers)


def _named(things: Any, number: str, problem: str) -> Any:
    found = next((one for one in things if str(one.pk) == number), None)
    if found is None:
        raise Invalid("choice", problem)
    return found


@tool_view("agenda.write", "GET")
def trash(request: Any) -> HttpResponse:
    """The contacts that were thrown away and may come back."""
    page = Paginator(queries.thrown(open_spaces(request.person)), queries.A_PAGE).get_page(request.GET.get("page"))
    return render(request, "agenda/contacts_trash.html", {"page": page, "days": card_trash.KEPT_DAYS})


@tool_view("agenda.write", "POST")
def bring_back(request: Any, thrown_pk: int) -> HttpResponse:
    rights = open_spaces(request.person)
    thrown = get_object_or_404(queries.thrown(rights), pk=thrown_pk)
    card = card_trash.restore_card(by=request.person, rights=rights, thrown=thrown)
    messages.success(request, _("“%(name)s” is back.") % {"name": card})
    return redirect(link("agenda:card", card.pk))


@undo.undoable
def restore(*, by: Person, numbers: list[int]) -> str:
    """Undo of throwing away, and of merging."""
    rights = Rights(by)
    found = list(queries.thrown(rights).filter(pk__in=numbers))
    require(bool(found), _("It is too late to undo this."))
    cards = [card_trash.restore_card(by=by, rights=rights, thrown=one) for one in found]
    return link("agenda:card", cards[0].pk) if len(cards) == 1 else link("agenda:contacts")
