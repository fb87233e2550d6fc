"""Who is where on the days of a week: what each says, and what they take part in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import pgettext_lazy

from tilios.core.people.models import Person
from tilios.core.shelves.levels import Level, Space
from tilios.kit import ical
from tilios.kit.zones import localise
from tilios.tools.agenda.models import Attendee, Entry, Item, Nature
from tilios.tools.agenda.queries import views
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.zones import zone_of

#: What is kept in CATEGORIES, so that phones show it and it is found again whatever the language.
PLACES = {
    "ICI": pgettext_lazy("where somebody is", "at the place"),
    "DISTANCE": pgettext_lazy("where somebody is", "working elsewhere"),
    "DEPLACEMENT": pgettext_lazy("where somebody is", "out on a trip"),
    "ABSENCE": pgettext_lazy("where somebody is", "away"),
}
ICONS = {"ICI": "house", "DISTANCE": "laptop", "DEPLACEMENT": "map-pin", "ABSENCE": "door-closed"}
MOST_PEOPLE = 200
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Said:
    """Where somebody is: a key of PLACES, "" for nothing said; a town, a room, a word."""

    where: str = ""
    note: str = ""

    @property
    def label(self) -> str:
        return str(PLACES[self.where]) if self.where else ""

    @property
    def icon(self) -> str:
        return ICONS[self.where] if self.where else ""


@dataclass
class Cell:
    """A day of somebody: what they say of it, in `words` when their phone said it its own way, and what takes place."""

    said: Said = Said()
    words: str = ""
    happenings: list[views.Happening] = field(default_factory=list)


Week = dict[int, dict[date, Cell]]


def calendar() -> Item | None:
    """The calendar in which the members say where they are; None where nobody opened one."""
    return Item.objects.filter(is_presence=True, nature=Nature.CALENDAR, in_trash=False).order_by("pk").first()


def said_in(entry: Entry) -> Said:
    where = next((one for one in entry.categories if one in PLACES), "")
    return Said(where, entry.location)


def habits_of(person: Person, calendar: Item, first: date) -> dict[date, Entry]:
    """What `person` says of every week, by the days of the one that begins on `first`. One query."""
    found = {}
    for entry in _between(calendar, first, first + 7 * DAY).filter(author=person, is_recurring=True):
        for day in _days_of(entry, calendar, first):
            found[day] = entry
    return found


def own_week(person: Person, calendar: Item, first: date) -> dict[date, Said]:
    """What `person` says of the seven days from `first` on. One query."""
    found: dict[date, Said] = {}
    rows = _between(calendar, first, first + 7 * DAY).filter(author=person)
    for entry in sorted(rows, key=lambda one: not one.is_recurring):  # a day says more than every week
        for day in _days_of(entry, calendar, first):
            if said_in(entry).where:
                found[day] = said_in(entry)
    return found


def week_of(rights: Rights, people: Sequence[Person], first: date, *, zone: ZoneInfo) -> Week:
    """The seven days from `first` on of each of `people`, as far as who asks sees them.

    SECURITY: events of their own calendars and those they are invited to, whole or as busy times, as everywhere else.
    Five queries, whatever their number.
    """
    days = [first + number * DAY for number in range(7)]
    week: Week = {one.pk: {day: Cell() for day in days} for one in people}
    where = calendar()
    if where is not None and rights.level(where) >= Level.VIEW:
        rows = _between(where, first, first + 7 * DAY).filter(author__in=week, is_all_day=True)
        for entry in sorted(rows, key=lambda one: not one.is_recurring):
            for day in _days_of(entry, where, first):
                cell = week[entry.author_id or 0][day]
                cell.said, cell.words = said_in(entry), "" if said_in(entry).where else entry.summary
    begins, ends = (localise(datetime.combine(day, time(0)), zone) for day in (first, first + 7 * DAY))
    for person, entry, of in _theirs(rights, list(week), begins, ends):
        is_whole = rights.sees_whole(entry, rights.level(of))
        if not is_whole and (entry.is_transparent or entry.status == "CANCELLED"):
            continue
        for one in views.happenings_of(entry, of, begins, ends, zone=zone, is_whole=is_whole):
            for day in (one.first + number * DAY for number in range((one.last - one.first).days + 1)):
                if day in week[person]:
                    week[person][day].happenings.append(one)
    for cells in week.values():
        for cell in cells.values():
            cell.happenings.sort(key=lambda one: (not one.is_all_day, one.start, one.title))
    return week


def _theirs(rights: Rights, people: Sequence[int], begins: datetime, ends: datetime) -> list[tuple[int, Entry, Item]]:
    """Events of the calendars of `people`, and those they are invited to, where who asks sees the calendar."""
    rulers = [pk for pk, level in rights.levels.items() if level >= Level.BUSY]
    calendars = Item.objects.filter(ruler__in=rulers, nature=Nature.CALENDAR, in_trash=False, is_presence=False)
    rows = Entry.objects.filter(component="VEVENT", first__lt=ends + DAY, last__gt=begins - DAY)
    rows = rows.select_related("calendar__parent").defer("data", "description")
    own = rows.filter(calendar__in=calendars.filter(parent__space=Space.PERSONAL, parent__owner__in=people))
    found = {(row.calendar.parent.owner_id, row.uid): row for row in own if row.calendar.parent is not None}
    guests = Attendee.objects.filter(person__in=people).exclude(status="DECLINED")
    invited = guests.filter(entry__calendar__in=calendars).filter(
        Q(entry__first__lt=ends + DAY), Q(entry__last__gt=begins - DAY), entry__component="VEVENT"
    )
    for guest in invited.select_related("entry__calendar"):
        if guest.person_id is not None:
            found.setdefault((guest.person_id, guest.entry.uid), guest.entry)
    return [(person, row, row.calendar) for (person, _uid), row in found.items() if person is not None]


def _between(calendar: Item, first: date, end: date) -> QuerySet[Entry]:
    zone = zone_of(calendar)
    begins, ends = (localise(datetime.combine(day, time(0)), zone) for day in (first, end))
    return Entry.objects.filter(calendar=calendar, component="VEVENT", first__lt=ends, last__gt=begins)


def _days_of(entry: Entry, calendar: Item, first: date) -> list[date]:
    """The days, of the seven from `first` on, of which an entry says something."""
    zone = zone_of(calendar)
    begins, ends = (localise(datetime.combine(day, time(0)), zone) for day in (first, first + 7 * DAY))
    days = []
    for one in ical.occurrences(entry.times, begins, ends, zone=zone):
        start, last = one.start.astimezone(zone).date(), (one.end - timedelta(microseconds=1)).astimezone(zone).date()
        days += [start + number * DAY for number in range((last - start).days + 1)]
    return [day for day in days if first <= day < first + 7 * DAY]
