"""Member cards: on the screen of a phone, as PDF, and what whoever scans one reads; one's own record as PDF."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access.entrance import enter
from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.access.open_pages import open_view
from tilios.core.access.roles import may
from tilios.core.blobs.images import thumbnail
from tilios.core.blobs.serving import blob_response
from tilios.core.journal.actions import record_read
from tilios.core.people.models import Person
from tilios.kit.text import slugify
from tilios.tools.members import queries, rules
from tilios.tools.members.actions import cards as actions
from tilios.tools.members.models import Card, Record
from tilios.tools.members.papers import making
from tilios.tools.members.papers.addresses import address_of, card_of_token
from tilios.tools.members.queries.listing import EXEMPT, LATE, LEFT, UP_TO_DATE
from tilios.tools.members.views.papers import as_file

VALID = (UP_TO_DATE, EXEMPT)
PHOTO = 320  # pixels


def _record(request: Any, pk: int) -> Record:
    """The record of the address, for those who may have its card; or 404."""
    found = get_object_or_404(queries.visible_records(request.person).select_related("photo"), pk=pk)
    if not actions.has_card(request.person, found):
        raise Http404
    return found


def _card(record: Record) -> Card | None:
    return Card.objects.filter(record=record, ended_at=None).first()


@tool_view("members.own", "GET")
def own_card(request: Any) -> HttpResponse:
    """One's own card; who is not in the register reads so."""
    found = queries.record_of(request.person)
    return redirect(link("members:own") if found is None else link("members:card", found.pk))


@tool_view("members.own", "GET")
def card(request: Any, pk: int) -> HttpResponse:
    """The card as large as the screen, to be shown at the door."""
    record = _record(request, pk)
    found = _card(record)
    record_read(by=request.person, subject=record.person, what="members.record")
    context = {
        "record": record, "card": found, "address": address_of(found) if found else "",
        "own": record.person_id == request.person.pk, **_standing(record),
    }  # fmt: skip
    return render(request, "members/papers/card.html", context)


@tool_view("members.own", "POST")
def renew(request: Any, pk: int) -> HttpResponse:
    """Make a card; it ends the one before. Raises NotAllowed."""
    record = _record(request, pk)
    had = Card.objects.filter(record=record).exists()
    actions.new_card(by=request.person, record=record)
    messages.success(request, _("The new card is made: the old one is worth nothing now.") if had else _("Here it is."))
    return redirect(link("members:card", record.pk))


@tool_view("members.own", "GET")
def card_pdf(request: Any, pk: int) -> HttpResponse:
    """The card alone, of the size of a bank card."""
    record = _record(request, pk)
    found = _card(record)
    if found is None:
        return redirect(link("members:card", record.pk))
    record_read(by=request.person, subject=record.person, what="members.record")
    return as_file(making.one_card(found, record, request.structure), f"{slugify(_('card'))}-{record.number}.pdf")


@tool_view("members.own", "GET")
def record_pdf(request: Any, pk: int) -> HttpResponse:
    """The record as a page to be checked and signed."""
    record = _record(request, pk)
    record_read(by=request.person, subject=record.person, what="members.record")
    body = making.one_record(request.person, record, request.structure)
    return as_file(body, f"{slugify(_('record'))}-{slugify(record.number)}.pdf")


@open_view("members", "GET", reason="whoever scans a member card opens it; names are for those who check cards alone")
def scan(request: Any, token: str) -> HttpResponse:
    """What the QR of a card opens. Http404 for what is no card of this structure."""
    found = card_of_token(token)
    if found is None:
        raise Http404
    checker = _checker(request)
    context: dict[str, Any] = {"structure": request.structure, "card": found, "token": token, "checker": checker}
    context |= {"ended": found.ended_at is not None, **_standing(found.record)}
    if checker is not None:
        record_read(by=checker, subject=found.record.person, what="members.card")
        context["record"] = found.record
    else:
        context["tells"] = queries.settings().card_tells
    response = render(request, "members/papers/scan.html", context)
    response["X-Robots-Tag"], response["Cache-Control"] = "noindex", "no-store"
    return response


@open_view("members", "GET", reason="the photograph of a card, for those who check cards alone")
def scan_photo(request: Any, token: str) -> HttpResponseBase:
    found = card_of_token(token)
    if found is None or _checker(request) is None or found.record.photo is None:
        raise Http404
    return blob_response(thumbnail(found.record.photo, PHOTO), name="photo.webp", inline=True, request=request)


def _checker(request: HttpRequest) -> Person | None:
    """The person of the structure at the keyboard, if they check cards; None for anybody else."""
    if not request.user.is_authenticated:
        return None
    try:
        _structure, person = enter(request, request.structure.slug)  # type: ignore[attr-defined]
    except Http404:
        return None
    # SECURITY: names are told to nobody else, whoever they are.
    return person if rules.keeps_register(person) or may(person, "members.check_cards") else None


def _standing(record: Record) -> dict[str, Any]:
    standing = queries.standing_of(record, timezone.localdate())
    return {
        "standing": standing, "valid": standing in VALID, "exempt": standing == EXEMPT, "late": standing == LATE,
        "left": standing == LEFT, "for_life": record.due_on is not None and record.due_on.year == 9999,
    }  # fmt: skip
