"""When people are busy, as far as somebody may know; times at which several are free."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from tilios.core.people.models import Person
from tilios.core.people.roles import Role
from tilios.core.shelves.levels import Level, Space
from tilios.kit import ical, slots
from tilios.kit.zones import localise
from tilios.tools.agenda.models import Attendee, Entry, Grant, Item, Nature
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.zones import zone_of

MOST_SLOTS = 4000


@dataclass(frozen=True)
class Taken:
    """When somebody is busy. `is_known` says whether a calendar of theirs was looked at, or their invitations alone."""

    spans: list[slots.Span]
    is_known: bool


def busy_people(rights: Rights, people: Sequence[int], start: datetime, end: datetime) -> dict[int, Taken]:
    """When each of `people` (their numbers) is busy in [start, end), as far as who asks may know.

    SECURITY: what counts are the calendars of their own of which who asks sees at least the times, and the events
    they are invited to in calendars that who asks sees; what it is is not told. Three queries.
    """
    rulers = [pk for pk, level in rights.levels.items() if level >= Level.BUSY]
    calendars = Item.objects.filter(ruler__in=rulers, nature=Nature.CALENDAR, in_trash=False)
    personal = calendars.filter(parent__space=Space.PERSONAL, parent__owner__in=people).select_related("parent")
    own = {one.pk: (one, one.parent.owner_id) for one in personal if one.parent is not None}
    found: dict[int, list[slots.Span]] = {pk: [] for pk in people}
    taking = [pk for pk, (calendar, _owner) in own.items() if not calendar.takes_no_time]
    for row in _taking(Entry.objects.filter(calendar__in=taking), start, end):
        calendar, owner = own[row.calendar_id]
        found[owner] += _spans(row, calendar, start, end)
    guests = Attendee.objects.filter(person__in=people).exclude(status="DECLINED")
    invited = _taking(Entry.objects.filter(attendees__in=guests, calendar__in=calendars), start, end)
    by_entry: dict[int, set[int]] = {}
    for entry, person in guests.filter(entry__in=invited.values("pk")).values_list("entry", "person"):
        by_entry.setdefault(entry, set()).add(person)
    for row in invited.select_related("calendar").distinct() if by_entry else ():
        for pk in by_entry.get(row.pk, ()):
            found[pk] += _spans(row, row.calendar, start, end)
    known = {owner for _calendar, owner in own.values()}
    return {pk: Taken(slots.merged(spans), pk in known) for pk, spans in found.items()}


def busy_calendars(rights: Rights, calendars: Sequence[Item], start: datetime, end: datetime) -> dict[int, Taken]:
    """When something takes place in each of `calendars`: a room or a machine may have one. One query."""
    found: dict[int, list[slots.Span]] = {one.pk: [] for one in calendars if rights.level(one) >= Level.BUSY}
    by_pk = {one.pk: one for one in calendars}
    for row in _taking(Entry.objects.filter(calendar__in=list(found)), start, end):
        found[row.calendar_id] += _spans(row, by_pk[row.calendar_id], start, end)
    return {pk: Taken(slots.merged(spans), True) for pk, spans in found.items()}


def _taking(rows: QuerySet[Entry], start: datetime, end: datetime) -> QuerySet[Entry]:
    rows = rows.filter(component="VEVENT", is_transparent=False, first__lt=end, last__gt=start)
    return rows.exclude(status="CANCELLED").defer("data", "description", "categories")


def _spans(row: Entry, calendar: Item, start: datetime, end: datetime) -> Iterable[slots.Span]:
    for one in ical.occurrences(row.times, start, end, zone=zone_of(calendar)):
        if one.override.get("status") != "CANCELLED":
            yield one.start, one.end


def windows(
    first: date, last: date, begins: time, ends: time, *, weekdays_only: bool, zone: ZoneInfo
) -> list[slots.Span]:
    """From `begins` to `ends` on each of the days [first, last], Saturdays and Sundays left out perhaps."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [
        (localise(datetime.combine(day, begins), zone), localise(datetime.combine(day, ends), zone))
        for day in days
        if not (weekdays_only and day.weekday() >= 5)
    ]


def lets_members_see(person: Person) -> bool:
    """Whether the members see when `person` is busy: the list of rights of their space says so."""
    grants = Grant.objects.filter(folder__space=Space.PERSONAL, folder__owner=person, role__lte=Role.MEMBER)
    return grants.filter(level__gte=Level.BUSY).exists()
