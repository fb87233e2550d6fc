"""Follow calendars of other places: look at them, take what changed, keep what is there when they do not answer."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from tilios.core.errors import Invalid, Refused
from tilios.core.journal.actions import publish
from tilios.core.outside import Client, Unreachable
from tilios.core.outside.client import origin_of
from tilios.core.people.models import Person
from tilios.core.search import index
from tilios.core.shelves.models import now_ms
from tilios.core.structures.scope import current_structure
from tilios.kit import ical
from tilios.tools.agenda.actions.collections import COLOUR, make_in
from tilios.tools.agenda.actions.counting import next_number, note_gone
from tilios.tools.agenda.actions.entries import fill
from tilios.tools.agenda.actions.writing import new_uid
from tilios.tools.agenda.errors import Unreadable
from tilios.tools.agenda.models import Entry, Item, Nature, Subscription
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.zones import zone_of

MOST_BYTES = 10 * 1024 * 1024
MOST_OBJECTS = 10_000
EVERY = timedelta(hours=1)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=15), timedelta(hours=24)
#: Calendars looked at in one go of the background work for one structure, and how long that may take: a server that
#: hardly answers must not hold up the others' work. What is left comes with the next go.
MOST_AT_ONCE, WITHIN_S = 20, 90
#: SECURITY: said anew at each answer by many servers, it would make everything change every hour.
STAMP = re.compile(r"^DTSTAMP[;:][^\r\n]*\r?\n", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True)
class Read:
    """What the other server has: calendar objects by UID; `unreadable` ones are left out."""

    name: str
    colour: str
    objects: Mapping[str, bytes]
    unreadable: int
    etag: str = ""
    last_modified: str = ""


def web_address(typed: str) -> str:
    """The address at which to ask: webcal:// is https://. Raises Invalid("url")."""
    text = typed.strip()
    scheme, _colon, rest = text.partition("://")
    if scheme.lower() in {"webcal", "webcals", "feed"}:
        text = f"https://{rest}"
    elif not _colon and "." in text and " " not in text:
        text = f"https://{text}"
    try:
        origin_of(text)
    except Refused as error:
        raise Invalid("url", str(error.message)) from error
    if len(text) > 1000:
        raise Invalid("url", _("This address is too long."))
    return text


def look(url: str, *, zone: ZoneInfo, etag: str = "", last_modified: str = "") -> Read | None:
    """What is at `url`; None when it has not changed since. Raises OutsideError, Unreadable."""
    headers = {"Accept": "text/calendar, */*;q=0.1"}
    if etag:
        headers["If-None-Match"] = etag
    if last_modified:
        headers["If-Modified-Since"] = last_modified
    with Client() as client, client.ask("GET", url, headers=headers) as answer:
        if answer.status == 304:
            return None
        if answer.status != 200:
            raise Unreachable(_("The other server answers “%(status)s”.") % {"status": answer.status})
        data = answer.whole(most=MOST_BYTES)
        said = answer.headers.get("ETag", "")[:300], answer.headers.get("Last-Modified", "")[:100]
    return _read(data, zone, *said)


def _read(data: bytes, zone: ZoneInfo, etag: str, last_modified: str) -> Read:
    try:
        parsed = ical.resources(data)
    except ical.Broken as error:
        raise Unreadable(error) from error
    objects: dict[str, bytes] = {}
    faults = list(parsed.broken)
    for one in parsed.resources[:MOST_OBJECTS]:
        try:
            ical.facts(one.data, zone=zone)
        except ical.Broken as error:
            faults.append(error)
        else:
            objects.setdefault(one.uid[:255], one.data)
    if faults and not objects:
        raise Unreadable(faults[0])
    unreadable = len(faults) + max(len(parsed.resources) - MOST_OBJECTS, 0)
    return Read(parsed.name[:100], parsed.colour.lower()[:7], objects, unreadable, etag, last_modified)


@transaction.atomic
def follow(*, by: Person, rights: Rights, space: Item, url: str, name: str, read: Read) -> Item:
    """A calendar in `space` that follows the one at `url`, with what was read there. Publishes "agenda.followed".

    Raises NotAllowed, Conflict, Invalid.
    """
    calendar = make_in(by=by, rights=rights, space=space, nature=Nature.CALENDAR, name=name)
    calendar.is_followed = True
    if COLOUR.fullmatch(read.colour):
        calendar.colour = read.colour
    calendar.save(update_fields=["is_followed", "colour"])
    subscription = Subscription.objects.create(calendar=calendar, url=url)
    publish("agenda.followed", by=by, target=calendar)
    _take(subscription, read)
    return calendar


def refresh(subscription: Subscription) -> bool:
    """Look at the other place now; whether it could be read. What is there stays as it is when it could not."""
    calendar = subscription.calendar
    with override(current_structure().language):
        try:
            read = look(
                subscription.url,
                zone=zone_of(calendar),
                etag=subscription.etag,
                last_modified=subscription.last_modified,
            )
        except Refused as error:
            _note_failure(subscription, str(error.message))
            return False
    if read is None:
        _note_success(subscription)
    else:
        with transaction.atomic():
            _take(subscription, read)
    return True


def follow_due() -> int:
    """Look at the calendars of the structure in scope whose time has come; how many."""
    now, until = timezone.now(), time.monotonic() + WITHIN_S
    due = Subscription.objects.filter(next_at__lte=now, calendar__in_trash=False).select_related("calendar")
    count = 0
    for one in due.order_by("next_at")[:MOST_AT_ONCE]:
        if time.monotonic() > until:
            break
        # Whoever moves the next look has it: two workers never ask the same server at once.
        if Subscription.objects.filter(pk=one.pk, next_at=one.next_at).update(next_at=now + FIRST_WAIT):
            refresh(one)
            count += 1
    return count


# Parts --------------------------------------------------------------------------------------------------------------


def _take(subscription: Subscription, read: Read) -> None:
    """Bring the calendar to what was read, changing what changed alone; nothing is removed when some is unreadable."""
    calendar = Item.objects.select_for_update(of=("self",)).get(pk=subscription.calendar_id)
    known = {row.uid: row for row in Entry.objects.filter(calendar=calendar)}
    new = [data for uid, data in read.objects.items() if uid not in known]
    changed = [(known[uid], data) for uid, data in read.objects.items() if uid in known and _differs(known[uid], data)]
    gone = [] if read.unreadable else [row for uid, row in known.items() if uid not in read.objects]
    if new or changed or gone:
        first = next_number(calendar, len(new) + len(changed) + len(gone))
        _add(calendar, new, first)
        _change(calendar, changed, first + len(new))
        _remove(calendar, gone, first + len(new) + len(changed))
    subscription.etag, subscription.last_modified = read.etag, read.last_modified
    problem = ""
    if read.unreadable:
        problem = ngettext(
            "%(count)s event over there could not be read: it is left out.",
            "%(count)s events over there could not be read: they are left out.",
            read.unreadable,
        ) % {"count": read.unreadable}
    _note_success(subscription, problem)


def _differs(row: Entry, data: bytes) -> bool:
    return STAMP.sub("", row.data) != STAMP.sub("", data.decode())


def _add(calendar: Item, objects: list[bytes], first: int) -> None:
    zone, rows = zone_of(calendar), []
    for number, data in enumerate(objects, start=first):
        row = Entry(calendar=calendar, name=f"{new_uid()}.ics", number=number)
        fill(row, ical.facts(data, zone=zone), data.decode())
        rows.append(row)
    Entry.objects.bulk_create(rows, 300)
    index.update_many(rows)


def _change(calendar: Item, changes: list[tuple[Entry, bytes]], first: int) -> None:
    zone = zone_of(calendar)
    for number, (row, data) in enumerate(changes, start=first):
        fill(row, ical.facts(data, zone=zone), data.decode())
        row.number, row.changed_ms = number, now_ms()
        row.save()
        index.update(row)


def _remove(calendar: Item, rows: list[Entry], first: int) -> None:
    for row in rows:
        index.remove(row)
    Entry.objects.filter(pk__in=[row.pk for row in rows]).delete()
    note_gone(calendar, [row.name for row in rows], first)


def _note_success(subscription: Subscription, problem: str = "") -> None:
    now = timezone.now()
    subscription.fetched_at, subscription.next_at = now, now + EVERY
    subscription.failures, subscription.problem = 0, problem[:400]
    subscription.save()


def _note_failure(subscription: Subscription, problem: str) -> None:
    """Wait twice as long after each failure, a day at most."""
    subscription.failures += 1
    wait = min(FIRST_WAIT * 2 ** min(subscription.failures - 1, 10), LONGEST_WAIT)
    subscription.next_at, subscription.problem = timezone.now() + wait, problem[:400]
    subscription.save(update_fields=["failures", "next_at", "problem"])
