"""Bring in calendars and contacts that were read (reading.py): told first, then kept; and taken out again."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from tilios.core.errors import require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.core.search import index
from tilios.kit import ical, vcard
from tilios.tools.agenda.actions import cards as card_actions
from tilios.tools.agenda.actions import entries as entry_actions
from tilios.tools.agenda.actions.alarms import keep_alarms
from tilios.tools.agenda.actions.attendees import keep_attendees
from tilios.tools.agenda.actions.counting import next_number, note_gone
from tilios.tools.agenda.actions.reading import Read
from tilios.tools.agenda.actions.writing import new_uid
from tilios.tools.agenda.models import Card, Entry, Item
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.zones import zone_of


@dataclass(frozen=True)
class Plan:
    """What bringing in would do: new objects by UID, and how many are there already."""

    events: dict[str, bytes]
    cards: dict[str, bytes]
    events_there: int
    cards_there: int


def plan(read: Read, *, calendar: Item | None, book: Item | None) -> Plan:
    """What of `read` is new in `calendar` and `book`. Two queries."""
    known = set(Entry.objects.filter(calendar=calendar).values_list("uid", flat=True)) if calendar else set()
    people = set(Card.objects.filter(book=book).values_list("uid", flat=True)) if book else set()
    events = {uid: data for uid, data in read.events.items() if uid not in known} if calendar else {}
    cards = {uid: data for uid, data in read.cards.items() if uid not in people} if book else {}
    return Plan(
        events,
        cards,
        events_there=len(read.events) - len(events) if calendar else 0,
        cards_there=len(read.cards) - len(cards) if book else 0,
    )


@transaction.atomic
def bring_in(
    *, by: Person, rights: Rights, read: Read, calendar: Item | None, book: Item | None
) -> tuple[list[int], list[int]]:
    """Keep what is new; the numbers of the entries and of the cards that are made. What is there stays as it is.

    Publishes "agenda.brought_in" for each collection. Raises NotAllowed.
    """
    for collection in (calendar, book):
        if collection is not None:
            require(rights.may_put(collection, None, is_new=True))
            next_number(collection, 0)  # held before what is there is looked at
    wanted = plan(read, calendar=calendar, book=book)
    entries = _keep_events(by, calendar, wanted.events) if calendar and wanted.events else []
    cards = _keep_cards(by, book, wanted.cards) if book and wanted.cards else []
    for collection, count in ((calendar, len(entries)), (book, len(cards))):
        if collection is not None and count:
            publish("agenda.brought_in", by=by, target=collection, count=count)
    return entries, cards


@transaction.atomic
def take_out(*, by: Person, rights: Rights, entries: Sequence[int], cards: Sequence[int]) -> int:
    """Undo of bringing in: remove what `by` brought, where nobody else changed it since; how many."""
    count = 0
    for rows, of in (
        (Entry.objects.filter(pk__in=entries, author=by, editor=by).select_related("calendar"), "calendar"),
        (Card.objects.filter(pk__in=cards, author=by, editor=by).select_related("book"), "book"),
    ):
        there = list(rows)
        for collection in {getattr(row, of) for row in there}:
            require(rights.may_put(collection, by.pk, is_new=False))
            mine = [row for row in there if getattr(row, of) == collection]
            first = next_number(collection, len(mine))
            for row in mine:
                index.remove(row)
            type(mine[0])._default_manager.filter(pk__in=[row.pk for row in mine]).delete()
            note_gone(collection, [row.name for row in mine], first)
            count += len(mine)
    return count


def _keep_events(by: Person, calendar: Item, events: dict[str, bytes]) -> list[int]:
    zone = zone_of(calendar)
    first = next_number(calendar, len(events))
    rows, told = [], []
    for number, data in enumerate(events.values(), start=first):
        row = Entry(calendar=calendar, name=f"{new_uid()}.ics", author=by, editor=by, number=number)
        facts = ical.facts(data, zone=zone)
        entry_actions.fill(row, facts, data.decode())
        rows.append(row)
        if facts.attendees or facts.alarms:
            told.append((row, facts))
    Entry.objects.bulk_create(rows, 300)
    for row, facts in told:
        keep_attendees(row, facts, is_new=True)
        keep_alarms(row, facts, is_new=True)
    index.update_many(rows)
    return [row.pk for row in rows]


def _keep_cards(by: Person, book: Item, cards: dict[str, bytes]) -> list[int]:
    first = next_number(book, len(cards))
    rows = []
    for number, data in enumerate(cards.values(), start=first):
        row = Card(book=book, name=f"{new_uid()}.vcf", author=by, editor=by, number=number)
        card_actions.fill(row, vcard.facts(data), data.decode())
        rows.append(row)
    Card.objects.bulk_create(rows, 300)
    index.update_many(rows)
    return [row.pk for row in rows]
