"""Events, contacts, calendars and address books as files that every program reads."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse

from tilios.core.access.guards import tool_view
from tilios.core.blobs.serving import SANDBOX, content_disposition
from tilios.core.shelves.levels import Level
from tilios.kit import ical
from tilios.kit.names import safe_filename
from tilios.tools.agenda.models import Card, Nature
from tilios.tools.agenda.queries.rights import visible_entries
from tilios.tools.agenda.views.opening import opened_card, opened_collection, opened_whole_entry

CALENDAR, CARD = "text/calendar; charset=utf-8", "text/vcard; charset=utf-8"
REFRESH_S = 3600


@tool_view("agenda.view", "GET")
def event(request: Any, event_pk: int) -> HttpResponse:
    """An event with all its dates, as it came."""
    _rights, entry = opened_whole_entry(request, event_pk)
    return _as_file(HttpResponse(entry.data, content_type=CALENDAR), f"{entry}.ics")


@tool_view("agenda.view", "GET")
def attachment(request: Any, event_pk: int, piece: str) -> HttpResponse:
    """Bytes that stand in an event."""
    _rights, entry = opened_whole_entry(request, event_pk)
    found = ical.attached_bytes(entry.data.encode(), piece)
    if found is None:
        raise Http404
    said, content = found
    # SECURITY: whoever wrote the event chose the bytes and their type: they are saved, never shown as a page of ours.
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Security-Policy"] = SANDBOX
    return _as_file(answer, said.name)


@tool_view("agenda.view", "GET")
def card(request: Any, card_pk: int) -> HttpResponse:
    _rights, found = opened_card(request, card_pk)
    return _as_file(HttpResponse(found.data, content_type=CARD), f"{found}.vcf")


@tool_view("agenda.view", "GET")
def collection(request: Any, pk: int) -> HttpResponseBase:
    """A whole calendar or address book; of a calendar, what the person sees whole."""
    rights, item = opened_collection(request, pk)
    if rights.level(item) < Level.VIEW:
        raise Http404
    if item.nature == Nature.BOOK:
        cards = Card.objects.filter(book=item).values_list("data", flat=True)
        answer = StreamingHttpResponse((_ended(data) for data in cards.iterator()), content_type=CARD)
        return _as_file(answer, f"{item.name}.vcf")
    rows: Any = visible_entries(request.person).filter(calendar=item).order_by("pk")
    feed = ical.feed(
        (row.data.encode() for row in rows.iterator()),
        name=item.name,
        colour=item.colour,
        refresh_s=REFRESH_S,
        busy_only=False,
    )
    return _as_file(StreamingHttpResponse(feed, content_type=CALENDAR), f"{item.name}.ics")


def _ended(data: str) -> str:
    return data if data.endswith("\n") else f"{data}\r\n"


def _as_file(answer: Any, name: str) -> Any:
    answer["Content-Disposition"] = content_disposition(safe_filename(name))
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-cache"
    return answer
