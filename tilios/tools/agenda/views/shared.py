"""Behind a share link to a calendar: what comes, as a page, and the calendar itself for programs (iCalendar)."""

import hashlib
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import quote_etag
from django.utils.translation import gettext as _

from tilios.core.access import sharing
from tilios.core.access.guards import share_view
from tilios.kit import ical
from tilios.tools.agenda.models import Entry, Item, Nature
from tilios.tools.agenda.queries.views import Happening, told
from tilios.tools.agenda.zones import zone_of

#: How often programs are asked to look again.
REFRESH_S = 3600
#: How far the page looks, and how much it shows.
AHEAD = timedelta(days=90)
MOST_SHOWN = 200
FILE = "agenda.ics"


@share_view("GET")
def see(request: Any, item: Item, step: str = "") -> HttpResponseBase:
    """Mode "see": everything that is not private."""
    return _answer(request, item, step, busy_only=False)


@share_view("GET")
def busy(request: Any, item: Item, step: str = "") -> HttpResponseBase:
    """Mode "busy": when something takes place, not what."""
    return _answer(request, item, step, busy_only=True)


def _answer(request: Any, item: Item, step: str, *, busy_only: bool) -> HttpResponseBase:
    if item.nature != Nature.CALENDAR or item.in_trash:
        raise Http404
    if step == FILE:
        return _file(request, item, busy_only=busy_only)
    if step:
        raise Http404
    sharing.count(request.share, "openings")
    today = timezone.localdate()
    found = told(
        [item], today, today + AHEAD, zone=zone_of(item), sees=lambda row, _item: not (busy_only or row.is_private)
    )
    # SECURITY: a link that shows what takes place leaves out what is private, even that somebody is busy.
    shown = [one for one in found if one.is_whole or busy_only][:MOST_SHOWN]
    address = request.build_absolute_uri(reverse("share_part", args=[request.share.token, FILE]))
    context = {
        "calendar": item,
        "days": _by_day(shown),
        "address": address,
        "webcal": f"webcal://{address.partition('://')[2]}",
    }
    return render(request, "agenda/shared.html", context)


def _by_day(found: list[Happening]) -> list[tuple[Any, list[Happening]]]:
    days: dict[Any, list[Happening]] = {}
    for one in found:
        days.setdefault(one.first, []).append(one)
    return list(days.items())


def _file(request: Any, item: Item, *, busy_only: bool) -> HttpResponseBase:
    """The calendar as one file, written as it is read; nothing at all for a program that has it already."""
    seen = f"{item.pk}-{item.number}-{item.changed_ms}-{busy_only}-{request.share.pk}"
    etag = quote_etag(hashlib.sha256(seen.encode()).hexdigest()[:20])
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Content-Disposition": f'inline; filename="{FILE}"'}
    if etag in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers={"ETag": etag})
    rows = Entry.objects.filter(calendar=item)
    if not busy_only:
        rows = rows.exclude(classification__in=("PRIVATE", "CONFIDENTIAL"))
    read = (data.encode() for data in rows.order_by("pk").values_list("data", flat=True).iterator(1000))
    pieces = ical.feed(
        # SECURITY: a link says what takes place, not who is invited: their addresses are not for whoever holds it.
        read if busy_only else map(ical.shown_to_all, read),
        name=item.name,
        colour=item.colour,
        refresh_s=REFRESH_S,
        busy_only=busy_only,
        busy=_("Busy"),
        has_alarms=False,
    )
    sharing.count(request.share, "openings")
    return StreamingHttpResponse(pieces, content_type="text/calendar; charset=utf-8", headers=headers)
