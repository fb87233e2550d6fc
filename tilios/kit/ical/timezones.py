"""Which time zone a calendar means: its Olson name, Windows' names, vendors' prefixes, or the rules it brings."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from babel.core import get_global

from tilios.kit import zones
from tilios.kit.ical import recurrence, rules
from tilios.kit.ical.lines import Broken, Component, components, written
from tilios.kit.ical.values import moment, utc_offset
from tilios.kit.refusals import _
from tilios.kit.text import fold

FIRST, LAST = datetime(1970, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001
CITY = re.compile(r"[^,;&()]+")
FIXED = re.compile(r"(?:utc|gmt)?\s*([+-])(\d{1,2}):?(\d\d)?")
#: Windows shows these without a city.
REGIONS = {
    "eastern time": "America/New_York",
    "central time": "America/Chicago",
    "mountain time": "America/Denver",
    "pacific time": "America/Los_Angeles",
    "atlantic time": "America/Halifax",
    "west central africa": "Africa/Lagos",
    "greenwich mean time": "Europe/London",
    "coordinated universal time": "UTC",
    "newfoundland": "America/St_Johns",
    "new caledonia": "Pacific/Noumea",
}
YEARS_COMPARED = range(2018, 2030)


class RuledZone(tzinfo):
    """A zone made of the rules of a VTIMEZONE. `text` is that VTIMEZONE, from which it can be made again."""

    def __init__(self, component: Component) -> None:
        self.text = written([component]).decode()
        self.name = component.value("TZID")
        onsets: list[tuple[datetime, timedelta, timedelta]] = []
        for part in component.components:
            onsets.extend(_onsets(part))
        if not onsets:
            sentence = _("The time zone “%(name)s” says no offset (line %(line)s).")
            raise Broken("zone", sentence, line=component.line, name=self.name[:40])
        onsets.sort(key=lambda onset: onset[0])
        self._first = onsets[0][1]
        self.onsets = [onset[0] for onset in onsets]
        self._offsets = [onset[2] for onset in onsets]
        befores = [self._first, *self._offsets]
        self._walls = [
            [
                when + pick(before, after)
                for when, before, after in zip(self.onsets, befores, self._offsets, strict=False)
            ]
            for pick in (max, min)
        ]

    def utcoffset(self, dt: datetime | None) -> timedelta:
        if dt is None:
            return self._first
        place = bisect_right(self._walls[dt.fold], dt.replace(tzinfo=None, fold=0))
        return self._offsets[place - 1] if place else self._first

    def dst(self, dt: datetime | None) -> timedelta | None:
        return None

    def tzname(self, dt: datetime | None) -> str:
        return self.name

    def fromutc(self, dt: datetime) -> datetime:
        place = bisect_right(self.onsets, dt.replace(tzinfo=None))
        local = dt + (self._offsets[place - 1] if place else self._first)
        return local.replace(fold=int(local.utcoffset() != local - dt))


def _onsets(part: Component) -> Iterable[tuple[datetime, timedelta, timedelta]]:
    """Each change of STANDARD or DAYLIGHT: when (naive UTC), the offset before, the offset after."""
    start, to = part.get("DTSTART"), part.get("TZOFFSETTO")
    if start is None or to is None:
        return
    after = utc_offset(to.value, to)
    found = part.get("TZOFFSETFROM")
    before = utc_offset(found.value, found) if found else after
    first = moment(start.value, start, range(1, 9001)).local  # Exchange writes 00010101
    locals_ = {first}
    for found in part.all("RDATE"):
        locals_.update(moment(each, found).local for each in found.value.split(","))
    for found in part.all("RRULE"):
        rule = rules.parse(found.value, found.line)
        if rule.frequency not in ("YEARLY", "MONTHLY"):
            raise Broken("zone", _("Line %(line)s: clocks are not changed so often."), line=found.line)
        if rule.until is not None and rule.until_is_utc:
            rule = rule._replace(until=rule.until + before)
        if rule.times:
            rule = rule._replace(until=recurrence.last_counted(rule, first))
        locals_.update(recurrence.between(rule, first, max(first, FIRST), LAST))
    for local in sorted(locals_):
        yield max(local, datetime(1, 1, 3)) - before, before, after  # noqa: DTZ001


@cache
def _by_folded_name() -> dict[str, str]:
    return {name.lower(): name for name in zones.names()}


@cache
def _by_city() -> dict[str, str]:
    """Zones by the city they are called after, without accents; the continents before the old names."""
    cities: dict[str, str] = {}
    for name in sorted(zones.names(), key=lambda name: (name.split("/")[0] in ("US", "Etc", "SystemV"), name)):
        if "/" in name:
            cities.setdefault(fold(name.rpartition("/")[2].replace("_", " ")), name)
    cities.update({"bruxelles": "Europe/Brussels", "copenhague": "Europe/Copenhagen", "rome": "Europe/Rome"})
    return cities


@lru_cache(maxsize=1024)
def by_name(tzid: str) -> tzinfo | None:
    """The zone that a TZID, an X-WR-TIMEZONE or a X-LIC-LOCATION names, or None."""
    name = tzid.strip().strip('"')
    known = _by_folded_name()
    if name.lower() in ("z", "utc", "gmt", "etc/utc", "etc/gmt", "zulu"):
        return UTC
    parts = name.lower().strip("/").replace(" ", "_").split("/")
    for size in range(len(parts), 0, -1):  # vendors put their own name before
        if found := known.get("/".join(parts[-size:])):
            return ZoneInfo(found)
    windows = get_global("windows_zone_mapping")
    if found := windows.get(name) or {key.lower(): value for key, value in windows.items()}.get(name.lower()):
        return ZoneInfo(found)
    return _by_display_name(fold(name))


def _by_display_name(name: str) -> tzinfo | None:
    """ "(utc+01:00) brussels, copenhagen, madrid, paris" as Windows shows it, in any language that spells a city so."""
    if match := FIXED.fullmatch(name):
        minutes = int(match[2]) * 60 + int(match[3] or 0)
        if minutes >= 24 * 60:
            return None
        return timezone(timedelta(minutes=-minutes if match[1] == "-" else minutes))
    cities = _by_city()
    after = name.rpartition(")")[2] if name.startswith("(") and not name.endswith(")") else name.lstrip("(")
    if name.startswith("(") and ")" in name:
        after = name.partition(")")[2]
    found = [cities[city.strip()] for city in CITY.findall(after) if city.strip() in cities]
    if found:
        return ZoneInfo(next((zone for zone in found if zone == "Europe/Paris"), found[0]))
    return next((by_name(zone) for words, zone in REGIONS.items() if words in after), None)


class Zones:
    """The zones of one calendar: TZIDs are those of its VTIMEZONEs; what has no zone is of `default`."""

    def __init__(self, calendar: Component, default: tzinfo) -> None:
        self.default = default
        self._calendar = calendar
        self._known: dict[str, tzinfo | None] = {}
        self.is_given = False
        if found := calendar.get("X-WR-TIMEZONE"):
            named = by_name(found.value)
            if named is not None:
                self.default, self.is_given = named, True

    def zone(self, tzid: str) -> tzinfo:
        """The zone a TZID means; one that nothing explains is the calendar's own. Raises Broken from its VTIMEZONE."""
        return self._found(tzid) or self.default

    def is_known(self, tzid: str) -> bool:
        """Whether the calendar says where `tzid` is; what floats is where its X-WR-TIMEZONE says, if it has one."""
        return self.is_given or self._found(tzid) is not None

    def _found(self, tzid: str) -> tzinfo | None:
        if not tzid:
            return None
        if tzid not in self._known:
            self._known[tzid] = by_name(tzid) or self._described(tzid)
        return self._known[tzid]

    def _described(self, tzid: str) -> tzinfo | None:
        for component in self._calendar.components:
            if component.name == "VTIMEZONE" and component.value("TZID") == tzid:
                place = component.value("X-LIC-LOCATION")
                named = by_name(place) if place else None
                return named or described(written([component]).decode(), getattr(self.default, "key", ""))
        return None


@lru_cache(maxsize=256)
def described(text: str, preferred: str = "") -> tzinfo:
    """The zone of a VTIMEZONE: the Olson zone whose clocks show the same, `preferred` before others, else its rules.

    Raises Broken when it has no rule, or wrong ones.
    """
    ruled = RuledZone(components(text.encode())[0])
    alike = _by_clocks().get(_clocks(ruled), ())
    for name in [preferred, "Europe/Paris", *alike]:
        if name in alike and _same_changes(ruled, zones.zone(name)):
            return zones.zone(name)
    return ruled


def _clocks(zone: tzinfo) -> tuple[timedelta | None, ...]:
    """What clocks show in winter and summer of the years that are compared."""
    instants = (datetime(year, month, 15, tzinfo=UTC) for year in YEARS_COMPARED for month in (1, 7))
    return tuple(instant.astimezone(zone).utcoffset() for instant in instants)


@cache
def _by_clocks() -> dict[tuple[timedelta | None, ...], list[str]]:
    """Zones whose clocks show the same, those that Windows knows first. Kept: reading all of them takes 0.1 s."""
    found: dict[tuple[timedelta | None, ...], list[str]] = {}
    for name in dict.fromkeys([*sorted(set(get_global("windows_zone_mapping").values())), *sorted(zones.names())]):
        if name in zones.names():
            found.setdefault(_clocks(zones.zone(name)), []).append(name)
    return found


def _same_changes(ruled: RuledZone, zone: ZoneInfo) -> bool:
    """Whether clocks of both change at the same instants."""
    changes = [when.replace(tzinfo=UTC) for when in ruled.onsets if when.year in YEARS_COMPARED]
    instants = [when + timedelta(seconds=shift) for when in changes for shift in (-1, 0)]
    return all(when.astimezone(ruled).utcoffset() == when.astimezone(zone).utcoffset() for when in instants)


def saved(zone: tzinfo) -> str:
    """A zone as text that `loaded` takes back: its Olson name, an offset, or the VTIMEZONE that describes it."""
    if isinstance(zone, ZoneInfo):
        return zone.key
    if isinstance(zone, RuledZone):
        return zone.text
    return zone.tzname(None) or "UTC"


@lru_cache(maxsize=1024)
def loaded(text: str) -> tzinfo:
    """The zone that `saved` wrote."""
    if text == "UTC":
        return UTC
    if text.startswith("BEGIN:"):
        return RuledZone(components(text.encode())[0])
    named = by_name(text)
    return named if named is not None else UTC
