"""When things happen: the times of an object (`series`) expanded in a window."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from heapq import merge
from operator import itemgetter
from typing import Any, NamedTuple

from tilios.kit.ical import recurrence, rules
from tilios.kit.ical.series import home_of
from tilios.kit.ical.values import Span, basic, from_basic, utc

#: Clocks are never changed by more; a window is widened by it before wall-clock times are compared.
MARGIN = timedelta(days=1)
START = itemgetter(0, 1)
LONG_AGO, FAR_OFF = datetime(1, 1, 3, tzinfo=UTC), datetime(9999, 12, 28, tzinfo=UTC)


class Occurrence(NamedTuple):
    """One time that something happens, in UTC. `recurrence_id` is what RECURRENCE-ID says of it, "" without recurrence.

    `override` holds what differs from the series: summary, location, description, status.
    """

    start: datetime
    end: datetime
    is_all_day: bool
    recurrence_id: str
    override: dict[str, str]


class Occurrences(list[Occurrence]):
    """Occurrences in order. `is_cut` says that there were more than were asked for."""

    is_cut = False


def occurrences(
    times: dict[str, Any], start: datetime, end: datetime, *, zone: tzinfo, most: int = 1000
) -> Occurrences:
    """What happens in [start, end), in order, as RFC 4791 §9.9 says: what has no length happens at its start.

    `times` is that of `Facts`; floating times and days are of `zone`. At most `most` are given.
    """
    found = Occurrences()
    if not times:
        return found
    overrides = times.get("overrides", ())
    if "start" in times:
        for occurrence in _of_series(times, overrides, start, end, zone):
            if len(found) >= most:
                found.is_cut = True
                break
            found.append(occurrence)
    for override in overrides:
        mark = "Z" if times.get("zone") == "UTC" else ""
        occurrence = _made(override, override["start"], zone, override["id"] + mark, override["differs"])
        if happens(occurrence.start, occurrence.end, start, end):
            found.append(occurrence)
    found.sort(key=START)
    if len(found) > most:
        found.is_cut = True
        del found[most:]
    return found


def happens(start: datetime, end: datetime, after: datetime, before: datetime) -> bool:
    """Whether what lasts from `start` to `end` overlaps [after, before)."""
    return start < before and (end > after or start >= after)


def is_endless(times: dict[str, Any]) -> bool:
    return any("UNTIL=" not in rule for rule in times.get("rules", ()))


def bounds(times: dict[str, Any], zone: tzinfo) -> tuple[datetime | None, datetime | None]:
    """The first start and the last end (UTC); the last is None for what never ends, both for what never happens."""
    if not times:
        return None, None
    if not times.keys() & {"rules", "dates", "except"}:
        slots = [*times.get("overrides", ()), *([times] if "start" in times else ())]
        made = [_made(slot, slot["start"], zone, "", {}) for slot in slots]
        return min(each.start for each in made), max(each.end for each in made)
    first = _first(times, zone)
    if is_endless(times):
        return first, None
    return first, _last(times, zone) if first else None


def _first(times: dict[str, Any], zone: tzinfo) -> datetime | None:
    starts = [utc(from_basic(times["start"]), home_of(times, zone))]
    starts += [utc(from_basic(each["start"]), home_of(each, zone)) for each in times.get("overrides", ())]
    starts += [utc(from_basic(each[0]), home_of(times, zone)) for each in times.get("dates", ())]
    earliest = min(starts) - MARGIN
    for days in (60, 800, 40000):
        if found := occurrences(times, earliest, _shifted(earliest, days), zone=zone, most=1):
            return found[0].start
    return None


def _last(times: dict[str, Any], zone: tzinfo) -> datetime | None:
    """The end of the last occurrence, looked for from the end of the rules backwards."""
    ends = [from_basic(rule.rpartition("UNTIL=")[2]) for rule in times.get("rules", ())]
    ends += [from_basic(each[0]) for each in times.get("dates", ())]
    ends += [from_basic(each["start"]) for each in times.get("overrides", ())]
    ends.append(from_basic(times["start"]))
    latest = _shifted(max(ends).replace(tzinfo=UTC), 2)
    for days in (40, 800, 40000):
        found = occurrences(times, _shifted(latest, -days), latest, zone=zone, most=recurrence.MOST_STEPS)
        if found:
            return max(each.end for each in found)
    return None


def _shifted(instant: datetime, days: int) -> datetime:
    try:
        return instant + timedelta(days=days)
    except OverflowError:
        return FAR_OFF if days > 0 else LONG_AGO


def _of_series(
    times: dict[str, Any], overrides: Any, start: datetime, end: datetime, zone: tzinfo
) -> Iterator[Occurrence]:
    """What the rules and dates of the master give, without what is excepted or overridden."""
    home, span = home_of(times, zone), Span(*times["span"])
    if len(times) == 3:  # no recurrence at all
        occurrence = _made(times, times["start"], zone, "", {})
        if happens(occurrence.start, occurrence.end, start, end):
            yield occurrence
        return
    gone = set(times.get("except", ())) | {each["id"] for each in overrides}
    followed = [each for each in overrides if each["following"]]
    reach = max([_reach(span), *(_reach(Span(*each["span"])) + _moved(each) for each in followed)])
    reach = max([reach, *(_reach(Span(each[1], each[2])) for each in times.get("dates", ()) if len(each) > 1)])
    ahead = max([MARGIN, *(MARGIN + _moved(each) for each in followed)])
    low = _naive(start, home, -reach - MARGIN)
    high = _naive(end, home, ahead)
    is_all_day, mark = len(times["start"]) == 8, "Z" if times["zone"] == "UTC" else ""
    spans = {each[0]: Span(each[1], each[2]) for each in times.get("dates", ()) if len(each) > 1}
    for local in locals_between(times, low, high):
        name = basic(local, is_date=is_all_day)
        if name in gone or name[:8] in gone:
            continue
        following = _following(followed, name) if followed else None
        if following is None:
            first, last = _lasting(local, spans.get(name, span), home)
            occurrence = Occurrence(first, last, is_all_day, name + mark, {})
        else:
            moved = local + (from_basic(following["start"]) - from_basic(following["id"]))
            said = basic(moved, is_date=len(following["start"]) == 8)
            occurrence = _made(following, said, zone, name + mark, following["differs"])
        if happens(occurrence.start, occurrence.end, start, end):
            yield occurrence


def locals_between(times: dict[str, Any], low: datetime, high: datetime) -> Iterator[datetime]:
    """The wall-clock starts of a series from `low` to `high`, in order and once each. DTSTART is always one."""
    start = from_basic(times["start"])
    extra = [from_basic(each[0]) for each in times.get("dates", ())]
    streams = [iter(sorted(each for each in {start, *extra} if low <= each < high))]
    streams += [recurrence.between(rules.parse(text), start, low, high) for text in times.get("rules", ())]
    last = None
    for local in merge(*streams):
        if local != last:
            yield local
        last = local


def _following(followed: list[dict[str, Any]], name: str) -> dict[str, Any] | None:
    return next((each for each in reversed(followed) if each["id"] < name), None)


def _made(slot: dict[str, Any], said: str, zone: tzinfo, name: str, differs: dict[str, str]) -> Occurrence:
    """The occurrence of a slot that begins at the wall-clock time `said`."""
    start, end = _lasting(from_basic(said), Span(*slot["span"]), home_of(slot, zone))
    return Occurrence(start, end, len(said) == 8, name, differs)


def _lasting(local: datetime, span: Span, home: tzinfo) -> tuple[datetime, datetime]:
    """The start and the end (UTC) of what begins at the wall-clock time `local`."""
    start = utc(local, home)
    return start, span.after(local, home) if span.days else start + timedelta(seconds=span.seconds)


def _reach(span: Span) -> timedelta:
    return timedelta(days=span.days, seconds=span.seconds)


def _moved(override: dict[str, Any]) -> timedelta:
    return abs(from_basic(override["start"]) - from_basic(override["id"]))


def _naive(instant: datetime, home: tzinfo, shift: timedelta) -> datetime:
    try:
        return (instant + shift).astimezone(home).replace(tzinfo=None, fold=0)
    except OverflowError:
        return datetime(9998, 1, 1) if shift > timedelta(0) else datetime(1, 1, 3)  # noqa: DTZ001
