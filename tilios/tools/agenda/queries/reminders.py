"""Reminders: when each rings next, and who is told."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from tilios.core.people.models import Person
from tilios.core.shelves.levels import Space
from tilios.kit import ical
from tilios.tools.agenda.models import Alarm, Entry
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.zones import zone_of

#: How far ahead the next occurrence is looked for: a rule for February 29 skips eight years at most.
AHEAD = timedelta(days=366 * 8)
#: Occurrences that may overlap the moment looked from.
MOST = 200
#: When it rings, and for which occurrence.
Ring = tuple[datetime, ical.Occurrence]


def next_ring(entry: Entry, alarm: Alarm, after: datetime) -> datetime | None:
    """The first moment after `after` at which `alarm` of `entry` rings; None when never."""
    return min((moment for moment, _one in _rings(entry, alarm, after, after + AHEAD)), default=None)


def latest_ring(entry: Entry, alarm: Alarm, since: datetime, until: datetime) -> Ring | None:
    """The last moment in [since, until] at which it rings, and for which occurrence: those before are past."""
    found = _rings(entry, alarm, since - timedelta(seconds=1), until)
    return max(found, key=lambda ring: ring[0], default=None)


def _rings(entry: Entry, alarm: Alarm, after: datetime, until: datetime) -> list[Ring]:
    """When it rings in (after, until], and for which occurrence."""
    if entry.component != "VEVENT" or entry.status == "CANCELLED" or entry.first is None:
        return []
    before = timedelta(minutes=alarm.minutes)
    begin, end = after + before - timedelta(days=1), until + before + timedelta(seconds=1)
    found = ical.occurrences(entry.times, begin, end, zone=zone_of(entry.calendar), most=MOST)
    rings = (((one.end if alarm.is_from_end else one.start) - before, one) for one in found)
    return [
        (moment, one) for moment, one in rings if after < moment <= until and one.override.get("status") != "CANCELLED"
    ]


def told_of(alarm: Alarm) -> list[Person]:
    """Who is told when `alarm` rings, of those who see the event: who asked for it, else its people."""
    entry = alarm.entry
    people = [alarm.person] if alarm.person is not None else _people_of(entry)
    return [one for one in people if one.is_active and one.account_id and _sees(one, entry)]


def _people_of(entry: Entry) -> list[Person]:
    """Who wrote it, or whose calendar it is in; who is invited, unless they declined or have it in a calendar of their
    own, which reminds them by itself.
    """
    space = entry.calendar.parent
    owner = space.owner if space is not None and space.space == Space.PERSONAL else entry.author
    guests = entry.attendees.exclude(person=None).exclude(status="DECLINED").filter(copy=None)
    found = {one.person.pk: one.person for one in guests.select_related("person") if one.person}
    if owner is not None:
        found.setdefault(owner.pk, owner)
    return list(found.values())


def _sees(person: Person, entry: Entry) -> bool:
    rights = Rights(person)
    return rights.sees_whole(entry, rights.level(entry.calendar))


def minutes_of(person: Person, entry: Entry) -> set[int]:
    """How long before `entry` this person asked to be reminded."""
    return set(Alarm.objects.filter(entry=entry, person=person).values_list("minutes", flat=True))


def own_of(entry: Entry) -> Iterable[Alarm]:
    """The reminders that the event itself holds."""
    return entry.alarms.filter(person=None)
