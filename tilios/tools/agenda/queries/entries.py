"""What takes place, and when: asked of the index, then of each rule."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from tilios.kit import ical
from tilios.tools.agenda.models import Entry, Item
from tilios.tools.agenda.models.entries import FOR_EVER

LONG_AGO = datetime(1, 1, 2, tzinfo=FOR_EVER.tzinfo)


def in_period(
    rows: QuerySet[Entry], start: datetime | None, end: datetime | None, *, zone: ZoneInfo
) -> QuerySet[Entry]:
    """Those of `rows` with an occurrence in [start, end), one of the two being open perhaps (RFC 4791, 9.9).

    What does not recur is told by its first and last moment; the rule of what does is followed. What has no date,
    a task to be done some day, is always there.
    """
    window = Q()
    if start is not None:
        # What ends when the period begins is not in it, unless it lasts no time at all.
        window &= Q(last__gt=start) | Q(first=start, last=start)
    if end is not None:
        window &= Q(first__lt=end)
    near = rows.filter(window | Q(first=None))
    rules = near.filter(is_recurring=True).values_list("pk", "times")
    absent = [
        pk for pk, times in rules if not ical.occurrences(times, start or LONG_AGO, end or FOR_EVER, zone=zone, most=1)
    ]
    return near.exclude(pk__in=absent) if absent else near


def busy_of(
    calendars: Sequence[Item], start: datetime, end: datetime, *, zone: ZoneInfo
) -> Iterator[tuple[datetime, datetime, str]]:
    """When what is in `calendars` makes somebody busy in [start, end), and how, as FBTYPE says it (RFC 5545, 3.2.9)."""
    taking = [one.pk for one in calendars if not one.takes_no_time]
    rows = Entry.objects.filter(calendar__in=taking, component="VEVENT", is_transparent=False)
    rows = rows.exclude(status="CANCELLED").filter(first__lt=end, last__gt=start)
    for times, status in rows.values_list("times", "status"):
        for one in ical.occurrences(times, start, end, zone=zone):
            said = one.override.get("status", status)
            if said != "CANCELLED":
                yield one.start, one.end, "BUSY-TENTATIVE" if said == "TENTATIVE" else "BUSY"
