"""What the pages of the agenda show: calendars as a person has them, and what takes place between two days."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tilios.core.people.models import Person
from tilios.core.shelves import tree
from tilios.core.shelves.levels import Level
from tilios.kit import ical
from tilios.kit.zones import localise
from tilios.tools.agenda.actions.collections import COLOUR
from tilios.tools.agenda.models import Attendee, Entry, Item, Nature, Showing
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.zones import zone_of

#: Occurrences of one event in one view; a rule that repeats every second stops there.
MOST_OF_ONE = 400
#: Those in which dates are counted, with room on both sides.
YEARS = range(3, 9990)
PLAIN_COLOUR = "#4d5a6b"


@dataclass(frozen=True)
class Shown:
    """A calendar on the side of the views: `colour` is the person's own choice, else the calendar's."""

    calendar: Item
    colour: str
    is_hidden: bool
    level: int

    @property
    def is_busy_only(self) -> bool:
        return self.level < Level.VIEW


@dataclass(frozen=True)
class Happening:
    """One occurrence, in the time zone of the page. `first` and `last` are the days it touches, both included."""

    entry: int
    calendar: int | str  # the name of a layer, for what is in none
    title: str
    place: str
    start: datetime
    end: datetime
    first: date
    last: date
    is_all_day: bool
    recurrence_id: str
    is_recurring: bool
    is_whole: bool  # whether the person sees what it is, or that somebody is busy
    status: str
    url: str = ""  # of a thing of another tool, which is no event
    icon: str = ""
    answer: str = ""  # of the person who looks, where they are invited: PARTSTAT
    etag: str = ""  # of the event, for who sees what it is

    @property
    def clock(self) -> str:
        """When it begins, as short as people write it: "9h", "18h30", "09:00" in English."""
        if not (get_language() or "").startswith("fr"):
            return f"{self.start:%H:%M}"
        return f"{self.start.hour}h{self.start.minute:02}" if self.start.minute else f"{self.start.hour}h"

    @property
    def is_moment(self) -> bool:
        """Whether it lasts no time. Clocks that go back show one hour twice: it is not told from what they show."""
        return self.start.timestamp() == self.end.timestamp()

    @property
    def is_long(self) -> bool:
        """Whether it is drawn as a bar above the hours."""
        return self.is_all_day or self.end - self.start >= timedelta(hours=24)


def calendars_of(rights: Rights) -> list[Shown]:
    """The calendars of which the person sees something: everybody's, their groups', their own, then others'.

    Three queries at most.
    """
    choices = {one.calendar_id: one for one in Showing.objects.filter(person=rights.person)}
    found = []
    for calendar in collections_of(rights, Nature.CALENDAR):
        choice = choices.get(calendar.pk)
        colour = (choice.colour if choice else "") or calendar.colour
        # SECURITY: it is written in a style sheet, and an archive may bring whatever it likes.
        colour = colour if COLOUR.fullmatch(colour) else PLAIN_COLOUR
        is_hidden = choice.is_hidden if choice else calendar.is_presence  # everybody's, each day: it would fill a month
        found.append(Shown(calendar, colour, is_hidden, rights.level(calendar)))
    return found


def collections_of(rights: Rights, nature: Nature) -> list[Item]:
    """The calendars, or the address books, of which the person sees something, with their spaces, in that order.

    Two queries.
    """
    order = {root.pk: place for place, root in enumerate(tree.roots(rights))}
    found = rights.collections(nature).select_related("parent")
    return sorted(found, key=lambda one: order.get(one.parent_id or 0, len(order)))


def happenings(rights: Rights, calendars: Sequence[Item], start: date, end: date, *, zone: ZoneInfo) -> list[Happening]:
    """What takes place in `calendars` on the days of [start, end), as the person sees it. Two queries."""

    def sees(row: Entry, calendar: Item) -> bool:
        return rights.sees_whole(row, rights.level(calendar))

    return _answered(rights.person, told(calendars, start, end, zone=zone, sees=sees))


def _answered(person: Person, found: list[Happening]) -> list[Happening]:
    """The same, with what `person` answered to what they are invited to, or that they have not."""
    rows = Attendee.objects.filter(person=person, entry__in={one.entry for one in found if one.is_whole})
    answers = dict(rows.exclude(email=F("entry__organizer")).values_list("entry", "status"))
    return [replace(one, answer=answers[one.entry]) if one.entry in answers else one for one in found]


def told(
    calendars: Sequence[Item], start: date, end: date, *, zone: ZoneInfo, sees: Callable[[Entry, Item], bool]
) -> list[Happening]:
    """What takes place in `calendars` on the days of [start, end), first come first, whole days before hours; whole
    where `sees` says so, else as busy times.

    One query, whatever their number. A whole day is the same day everywhere, whatever the zone of the page.
    """
    begins, ends = (localise(datetime.combine(day, time(0)), zone) for day in (start, end))
    by_pk = {one.pk: one for one in calendars}
    day = timedelta(days=1)  # whole days of a calendar of another zone begin earlier or later
    rows = (
        Entry.objects.filter(calendar__in=by_pk, component="VEVENT", first__lt=ends + day)
        .filter(Q(last__gt=begins - day) | Q(first__gte=begins - day, last=F("first")))
        .defer("data", "description", "categories")
    )
    found: list[Happening] = []
    for row in rows:
        calendar = by_pk[row.calendar_id]
        is_whole = sees(row, calendar)
        if not is_whole and (row.is_transparent or row.status == "CANCELLED"):
            continue  # it makes nobody busy
        found += happenings_of(row, calendar, begins - day, ends + day, zone=zone, is_whole=is_whole)
    inside = [one for one in found if one.first < end and one.last >= start]
    return in_order(inside)


def in_order(found: Iterable[Happening]) -> list[Happening]:
    """First come first, whole days before hours."""
    return sorted(found, key=lambda one: (one.first, not one.is_all_day, one.start, one.title, one.entry))


def happenings_of(
    row: Entry, calendar: Item, begins: datetime, ends: datetime, *, zone: ZoneInfo, is_whole: bool
) -> Iterable[Happening]:
    own = zone_of(calendar)
    for one in ical.occurrences(row.times, begins, ends, zone=own, most=MOST_OF_ONE):
        start, end = (moment.astimezone(own if one.is_all_day else zone) for moment in (one.start, one.end))
        last = (end - timedelta(microseconds=1)).date() if end > start else start.date()
        yield Happening(
            entry=row.pk,
            calendar=calendar.pk,
            title=(one.override.get("summary", row.summary) or _("Untitled")) if is_whole else _("Busy"),
            place=one.override.get("location", row.location) if is_whole else "",
            start=start,
            end=end,
            first=start.date(),
            last=max(last, start.date()),
            is_all_day=one.is_all_day,
            recurrence_id=one.recurrence_id,
            is_recurring=row.is_recurring,
            is_whole=is_whole,
            status=one.override.get("status", row.status),
            etag=row.etag if is_whole else "",
        )


def occurrence_of(entry: Entry, recurrence_id: str, *, now: datetime) -> ical.Occurrence | None:
    """The occurrence of `entry` that is named; else the next one, or the first; None for what never takes place."""
    own = zone_of(entry.calendar)
    if entry.first is None or entry.first.year not in YEARS:
        return None
    if recurrence_id and (asked := ical_day(recurrence_id)):
        near = timedelta(days=400)  # an occurrence may have been moved far from where it was
        moment = datetime.combine(asked, time(12), own)
        for one in ical.occurrences(entry.times, moment - near, moment + near, zone=own, most=1000):
            if one.recurrence_id == recurrence_id:
                return one
    day = timedelta(days=1)
    for start in (now, entry.first - day):
        for one in ical.occurrences(entry.times, start, start + 400 * day, zone=own, most=1):
            return one
    return None


def ical_day(text: str) -> date | None:
    """The day that a RECURRENCE-ID begins with ("20261124T180000Z", "20261124")."""
    try:
        day = datetime.strptime(text[:8], "%Y%m%d").date()  # noqa: DTZ007  # a day has no zone
    except ValueError:
        return None
    return day if day.year in YEARS else None


def colour_key(calendars: Iterable[Shown]) -> str:
    """Says which colours the style sheet of the views holds, so that browsers may keep it."""
    return "-".join(f"{one.calendar.pk}{one.colour[1:]}" for one in calendars)[:500]
