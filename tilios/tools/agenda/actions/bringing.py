"""Bring in files of calendars and of contacts: read first, told, then kept; and taken out again."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from tilios.core.errors import Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.core.search import index
from tilios.kit import ical, vcard
from tilios.kit.refusals import Refusal
from tilios.tools.agenda.actions import cards as card_actions
from tilios.tools.agenda.actions import entries as entry_actions
from tilios.tools.agenda.actions.alarms import keep_alarms
from tilios.tools.agenda.actions.attendees import keep_attendees
from tilios.tools.agenda.actions.counting import next_number, note_gone
from tilios.tools.agenda.actions.writing import new_uid
from tilios.tools.agenda.models import Card, Entry, Item
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.zones import zone_of

#: Bytes of all that is sent, once out of its archives, and objects brought in at once.
MOST_BYTES = 30 * 1024 * 1024
MOST_MEMBERS = 500
MOST_OBJECTS = 20_000
CALENDARS, CARDS = (".ics", ".ical", ".ifb"), (".vcf", ".vcard")


@dataclass(frozen=True)
class Fault:
    """Something that could not be read: in which file, at which line (0 for the whole file), and why, in words."""

    file: str
    line: int
    why: str

    @property
    def says_line(self) -> bool:
        """Whether the sentence names the line itself."""
        return str(self.line) in self.why.split()


@dataclass
class Read:
    """What files hold: calendar objects and cards as bytes, by UID; of two with one UID, the first."""

    events: dict[str, bytes] = field(default_factory=dict)
    cards: dict[str, bytes] = field(default_factory=dict)
    repeated: int = 0
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """What bringing in would do: new objects by UID, and how many are there already."""

    events: dict[str, bytes]
    cards: dict[str, bytes]
    events_there: int
    cards_there: int


def read_files(files: Iterable[tuple[str, bytes]], *, zone: ZoneInfo) -> Read:
    """Read calendars (.ics), contacts (.vcf) and zips of them. Raises Invalid("file") for too much."""
    found = Read()
    for name, data in _unpacked(files, found):
        if _is_calendar(name, data):
            _read_calendar(name, data, zone, found)
        elif _is_cards(name, data):
            _read_cards(name, data, found)
        else:
            found.faults.append(Fault(name, 0, _("This is neither a calendar (.ics) nor contacts (.vcf).")))
        if len(found.events) + len(found.cards) > MOST_OBJECTS:
            raise Invalid("file", _("More than %(most)s at once is too many: send parts.") % {"most": MOST_OBJECTS})
    return found


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


# Parts --------------------------------------------------------------------------------------------------------------


def _unpacked(files: Iterable[tuple[str, bytes]], found: Read) -> Iterable[tuple[str, bytes]]:
    """The files, and those of archives. SECURITY: an archive may unfold to gigabytes; the sum is bounded as read."""
    left = MOST_BYTES
    for name, data in files:
        members = [(name, data)] if data[:4] != b"PK\x03\x04" else _members(name, data, found, left)
        for member in members:
            left -= len(member[1])
            if left < 0:
                raise Invalid("file", _("These files are too heavy: 30 MB at most, once out of their archives."))
            yield member


def _members(name: str, data: bytes, found: Read, left: int) -> Iterable[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [one for one in archive.infolist() if not one.is_dir()]
            for info in infos[:MOST_MEMBERS]:
                if PurePosixPath(info.filename).suffix.lower() in (*CALENDARS, *CARDS):
                    with archive.open(info) as file:
                        read = file.read(left + 1)
                    left -= len(read)
                    yield f"{name} / {info.filename}", read
            if len(infos) > MOST_MEMBERS:
                found.faults.append(
                    Fault(name, 0, _("The archive holds more than 500 files: the others are left out."))
                )
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        found.faults.append(Fault(name, 0, _("This archive cannot be opened.")))


def _is_calendar(name: str, data: bytes) -> bool:
    return b"BEGIN:VCALENDAR" in data[:4096].upper() or PurePosixPath(name).suffix.lower() in CALENDARS


def _is_cards(name: str, data: bytes) -> bool:
    return b"BEGIN:VCARD" in data[:4096].upper() or PurePosixPath(name).suffix.lower() in CARDS


def _read_calendar(name: str, data: bytes, zone: ZoneInfo, found: Read) -> None:
    try:
        parsed = ical.resources(data)
    except ical.Broken as error:
        found.faults.append(_fault(name, error))
        return
    found.faults += [_fault(name, error) for error in parsed.broken]
    for one in parsed.resources:
        try:
            ical.facts(one.data, zone=zone)
        except ical.Broken as error:
            found.faults.append(Fault(name, one.line, _(error.message) % error.params))
            continue
        if one.uid in found.events:
            found.repeated += 1
        found.events.setdefault(one.uid, one.data)


def _read_cards(name: str, data: bytes, found: Read) -> None:
    try:
        parsed = vcard.cards(data)
    except vcard.Broken as error:
        found.faults.append(_fault(name, error))
        return
    found.faults += [_fault(name, error) for error in parsed.broken]
    for one in parsed.resources:
        if one.uid in found.cards:
            found.repeated += 1
        found.cards.setdefault(one.uid, one.data)


def _fault(name: str, error: Refusal) -> Fault:
    return Fault(name, getattr(error, "line", 0), _(error.message) % error.params)


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
