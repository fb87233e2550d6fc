"""The VTIMEZONE of an Olson zone, as short as its rules allow: what clocks do every year is one line."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tilios.kit.ical.lines import Component, made
from tilios.kit.ical.rules import WEEKDAYS
from tilios.kit.ical.timezones import by_name
from tilios.kit.ical.values import basic

#: A rule is believed when it held for as long as weekdays take to come round.
YEARS = 28
DAY_NAMES = tuple(WEEKDAYS)


class Change(NamedTuple):
    """One change of clocks: the wall-clock time at which it happens, the offsets before and after, the new name."""

    local: datetime
    before: timedelta
    after: timedelta
    name: str


@lru_cache(maxsize=512)
def vtimezone(zone: ZoneInfo, year: int) -> Component:
    """The VTIMEZONE of `zone`, right from the year before `year` on for 28 years at least. Not to be altered."""
    changes = _changes(zone, year - 1)
    component = Component("VTIMEZONE", [made("TZID", zone.key)])
    if not changes:
        moment = datetime(year, 1, 1, tzinfo=zone)
        offset = moment.utcoffset() or timedelta(0)
        local = datetime(1970, 1, 1)  # noqa: DTZ001
        component.components.append(_observance("STANDARD", [Change(local, offset, offset, moment.tzname() or "")], ""))
        return component
    for first in range(year - 1, year + YEARS - 1):
        rules = _yearly([change for change in changes if change.local.year >= first], first)
        if rules:
            break
    else:
        rules, first = [], year + YEARS + 2
    groups: dict[tuple[timedelta, timedelta, str], list[Change]] = {}
    for change in changes:
        if change.local.year < first:
            groups.setdefault(change[1:], []).append(change)
    for group in groups.values():
        component.components.append(_observance(_kind(group[0]), group, ""))
    for change, rule in rules:
        component.components.append(_observance(_kind(change), [change], rule))
    return component


def _changes(zone: ZoneInfo, year: int) -> list[Change]:
    """Every change of clocks of `zone` from the start of `year`, found to the second."""
    found: list[Change] = []
    low = datetime(year, 1, 1, tzinfo=UTC)
    offset = low.astimezone(zone).utcoffset() or timedelta(0)
    end = datetime(year + YEARS + 1, 1, 1, tzinfo=UTC)
    while low < end:
        high = low + timedelta(days=7)
        if high.astimezone(zone).utcoffset() != offset:
            early, late = low, high
            while late - early > timedelta(seconds=1):
                middle = early + timedelta(seconds=int((late - early).total_seconds()) // 2)
                if middle.astimezone(zone).utcoffset() == offset:
                    early = middle
                else:
                    late = middle
            local = late.astimezone(zone)
            after = local.utcoffset() or timedelta(0)
            found.append(Change((late + offset).replace(tzinfo=None), offset, after, local.tzname() or ""))
            offset, high = after, late
        low = high
    return found


def _yearly(changes: list[Change], first: int) -> list[tuple[Change, str]]:
    """The first changes with the rule that all others follow, or nothing when they follow none."""
    years: dict[int, list[Change]] = {}
    for change in changes:
        years.setdefault(change.local.year, []).append(change)
    sizes = {len(of_year) for of_year in years.values()}
    if len(sizes) != 1 or len(years) != changes[-1].local.year - first + 1:
        return []
    found = []
    for place in range(sizes.pop()):
        rule = _rule([of_year[place] for of_year in years.values()])
        if not rule:
            return []
        found.append((years[first][place], rule))
    return found


def _rule(changes: list[Change]) -> str:
    """The rule that one change of each year follows, "" without one."""
    alike = {(each.local.month, each.local.weekday(), each.local.time(), each.before, each.after) for each in changes}
    if len(alike) != 1 or len(changes) < 2:
        return ""
    local = changes[0].local
    days = [each.local.day for each in changes]
    weekday = DAY_NAMES[local.weekday()]
    if all(each.local.day + 7 > monthrange(each.local.year, each.local.month)[1] for each in changes):
        return f"FREQ=YEARLY;BYMONTH={local.month};BYDAY=-1{weekday}"
    ordinals = {(day - 1) // 7 + 1 for day in days}
    if len(ordinals) == 1:
        return f"FREQ=YEARLY;BYMONTH={local.month};BYDAY={ordinals.pop()}{weekday}"
    if max(days) - min(days) < 7 and min(days) + 6 <= 28:
        possible = ",".join(str(day) for day in range(min(days), min(days) + 7))
        return f"FREQ=YEARLY;BYMONTH={local.month};BYMONTHDAY={possible};BYDAY={weekday}"
    return ""


def _kind(change: Change) -> str:
    return "DAYLIGHT" if change.after > change.before else "STANDARD"


def _observance(kind: str, changes: list[Change], rule: str) -> Component:
    first = changes[0]
    properties = [
        made("TZOFFSETFROM", _offset(first.before)),
        made("TZOFFSETTO", _offset(first.after)),
        made("TZNAME", first.name),
        made("DTSTART", basic(first.local)),
    ]
    if rule:
        properties.append(made("RRULE", rule))
    properties += [made("RDATE", basic(change.local)) for change in changes[1:]]
    return Component(kind, properties)


def _offset(offset: timedelta) -> str:
    seconds = int(offset.total_seconds())
    sign, seconds = "-" if seconds < 0 else "+", abs(seconds)
    written = f"{sign}{seconds // 3600:02}{seconds // 60 % 60:02}"
    return f"{written}{seconds % 60:02}" if seconds % 60 else written


def add_zones(calendar: Component) -> None:
    """Describe the zones that the objects of `calendar` name and it does not; drop none."""
    known = {each.value("TZID") for each in calendar.named("VTIMEZONE")}
    named: set[str] = set()
    year = 9999
    for component in calendar.components:
        if component.name != "VTIMEZONE":
            named |= tzids(component)
            said = component.value("DTSTART")[:4]
            year = min(year, int(said)) if said.isdigit() else year
    for tzid in sorted(named - known, reverse=True):
        zone = by_name(tzid)
        if isinstance(zone, ZoneInfo):
            described = vtimezone(zone, min(max(year, 1970), 2060)).copy()
            described.put(made("TZID", tzid))
            calendar.components.insert(0, described)


def tzids(component: Component) -> set[str]:
    """The time zones that a component and what is in it name."""
    named = {tzid for found in component.properties for tzid in found.parameters.get("TZID", ())}
    return named.union(*(tzids(inner) for inner in component.components))
