"""Put events, tasks and journal entries in calendars, and take them away."""

import hashlib
from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from tilios.core.errors import require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.core.search import index
from tilios.core.shelves.models import now_ms
from tilios.kit import ical
from tilios.tools.agenda.actions import delivering
from tilios.tools.agenda.actions.alarms import keep_alarms
from tilios.tools.agenda.actions.attendees import carry, keep_attendees
from tilios.tools.agenda.actions.counting import next_number, note_gone
from tilios.tools.agenda.errors import OtherKind, SameUid, Unreadable
from tilios.tools.agenda.models import Entry, Gone, Item
from tilios.tools.agenda.models.entries import FOR_EVER
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.zones import zone_of

#: Raises what must stop a write; called with what stands there, or None, once nobody else can write there.
Check = Callable[[Entry | None], None]


def etag_of(data: str) -> str:
    return hashlib.sha256(data.encode()).hexdigest()[:20]


def unchecked(_entry: Entry | None) -> None:
    """No condition."""


@transaction.atomic
def put_entry(
    *, by: Person, rights: Rights, calendar: Item, name: str, data: bytes, check: Check = unchecked
) -> tuple[Entry, bool]:
    """Keep `data` (one calendar object resource, RFC 4791, 4.1) under `name`; the entry, and whether it is new.

    Publishes "agenda.added" or "agenda.changed". Raises NotAllowed, Unreadable, OtherKind, SameUid; nothing when it is
    the same.
    """
    number = next_number(calendar)
    entry = Entry.objects.filter(calendar=calendar, name=name).first()
    check(entry)
    require(rights.may_put(calendar, entry.author_id if entry else None, is_new=entry is None))
    _require_whole(rights, calendar, entry)
    try:
        facts = ical.facts(data, zone=zone_of(calendar))
    except ical.Broken as error:
        raise Unreadable(error) from error
    if facts.component not in calendar.components.split(","):
        raise OtherKind
    text = ical.as_text(data)
    is_new = entry is None
    if entry is None:
        entry = Entry(calendar=calendar, name=name, author=by)
    elif entry.data == text:
        return entry, False
    same = Entry.objects.filter(calendar=calendar, uid=facts.uid[:255]).exclude(pk=entry.pk)
    other = same.values_list("name").first()
    if other is not None:
        raise SameUid(other[0])
    gone = store(entry, facts, text, number, editor=by)
    if is_new:
        Gone.objects.filter(collection=calendar, name=name).delete()
    delivering.after_write(entry, facts, gone, by=by)
    publish("agenda.added" if is_new else "agenda.changed", by=by, target=entry)
    return entry, is_new


def _require_whole(rights: Rights, calendar: Item, entry: Entry | None) -> None:
    """SECURITY: a program that was told only when somebody is busy would put that in the place of the event."""
    require(entry is None or rights.sees_whole(entry, rights.level(calendar)))


def store(
    entry: Entry, facts: ical.Facts, text: str, number: int, *, editor: Person | None, alone: Person | None = None
) -> list[int]:
    """Keep `text`, whoever may write it having been judged; the copies of guests who are not invited any more.

    `alone` is the person in whose calendar an invitation of somebody else lies.
    """
    is_new = entry.pk is None
    fill(entry, facts, text)
    entry.number, entry.editor, entry.changed_ms = number, editor, now_ms()
    entry.save()
    gone = keep_attendees(entry, facts, is_new=is_new, alone=alone)
    keep_alarms(entry, facts, is_new=is_new)
    index.update(entry)
    return gone


def fill(entry: Entry, facts: ical.Facts, text: str) -> None:
    """Give the entry its data and what is read from it."""
    entry.data, entry.etag = text, etag_of(text)
    entry.uid, entry.component = facts.uid[:255], facts.component
    entry.summary, entry.location = _short(facts.summary), _short(facts.location)
    entry.description, entry.url = facts.description[:20_000], facts.url[:1000]
    entry.status, entry.classification = facts.status[:15], facts.classification[:15]
    entry.categories = list(facts.categories)
    entry.is_transparent, entry.is_all_day = facts.is_transparent, facts.is_all_day
    entry.is_recurring, entry.sequence = facts.is_recurring, facts.sequence
    entry.organizer, entry.times = facts.organizer[:254], facts.times
    entry.first, entry.last = facts.first, last_of(facts.first, facts.last)


def last_of(first: datetime | None, last: datetime | None) -> datetime | None:
    return last if last is not None or first is None else FOR_EVER


def _short(text: str) -> str:
    return " ".join(text.split())[:500]


@transaction.atomic
def remove_entry(*, by: Person, rights: Rights, entry: Entry, check: Check = unchecked) -> None:
    """Take an entry away. Publishes "agenda.removed". Raises NotAllowed."""
    calendar = entry.calendar
    number = next_number(calendar)
    there = Entry.objects.filter(pk=entry.pk).first()
    check(there)
    if there is None:
        return
    require(rights.may_put(calendar, there.author_id, is_new=False))
    _require_whole(rights, calendar, there)
    delivering.before_removal(there, by=by)
    publish("agenda.removed", by=by, target=there)
    index.remove(there)
    there.delete()
    note_gone(calendar, [there.name], number)


@transaction.atomic
def move_entry(
    *, by: Person, rights: Rights, entry: Entry, to: Item, name: str, check: Check = unchecked
) -> tuple[Entry, bool]:
    """Take an entry to another calendar, where it may stand in the place of one called `name`. Raises NotAllowed."""
    moved, is_new = put_entry(by=by, rights=rights, calendar=to, name=name, data=entry.data.encode(), check=check)
    if moved.pk != entry.pk:
        carry(entry, moved)
        remove_entry(by=by, rights=rights, entry=entry)
    return moved, is_new
