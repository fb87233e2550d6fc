"""A calendar object opened for changes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo

from tilios.kit.ical.facts import objects_of
from tilios.kit.ical.lines import Component, Property, made, written
from tilios.kit.ical.occurrences import Occurrence, locals_between
from tilios.kit.ical.series import home_of, name_of, times_of
from tilios.kit.ical.timezones import Zones
from tilios.kit.ical.values import basic, from_basic, moment, utc
from tilios.kit.ical.vtimezones import add_zones


class Series:
    """One calendar object opened for changes. The zone of floating times does not matter: wall clocks are moved."""

    def __init__(self, calendar: Component, zone: tzinfo = UTC) -> None:
        self.calendar = calendar
        objects = objects_of(calendar)
        self.master = next((each for each in objects if each.get("RECURRENCE-ID") is None), None)
        self.overrides = [each for each in objects if each is not self.master]
        self.zones = Zones(calendar, zone)
        self.times = times_of(objects, self.zones)

    def name(self, override: Component) -> str:
        return name_of(override, self.times, self.zones)

    def override(self, name: str) -> Component | None:
        return next((each for each in self.overrides if self.name(each) == name), None)

    def remove(self, override: Component) -> None:
        self.overrides.remove(override)
        self.calendar.components = [each for each in self.calendar.components if each is not override]

    def has(self, name: str) -> bool:
        """Whether the series happens at the wall-clock time `name`, overrides or not."""
        local = from_basic(name)
        bare = {key: value for key, value in self.times.items() if key != "overrides"}
        return "start" in bare and any(True for _each in locals_between(bare, local, local + timedelta(seconds=1)))

    def sources(self) -> Callable[[Occurrence], Component]:
        """What gives the component that says an occurrence: its override, the last range before it, or the master."""
        named = {self.name(each): each for each in self.overrides}
        ranges = [each["id"] for each in self.times.get("overrides", ()) if each["following"]]

        def source(occurrence: Occurrence) -> Component:
            wall = occurrence.recurrence_id
            found = named.get(wall) or named.get(wall.rstrip("Z"))
            if found is None and ranges:
                found = named.get(max((each for each in ranges if each < wall), default=""))
            found = found or self.master
            assert found is not None
            return found

        return source

    def wall(self, recurrence_id: str) -> str:
        """The wall-clock time of the series that a RECURRENCE-ID names, in UTC or as the series writes it."""
        if not recurrence_id.endswith("Z") or "start" not in self.times:
            return recurrence_id
        home = home_of(self.times, self.zones.default)
        wall = basic(self.original(recurrence_id).astimezone(home).replace(tzinfo=None))
        return wall[:8] if self.is_all_day else wall

    def original(self, recurrence_id: str) -> datetime:
        """The instant (UTC) that a RECURRENCE-ID, written as the series writes it, names."""
        if recurrence_id.endswith("Z"):
            return utc(from_basic(recurrence_id), UTC)
        return utc(from_basic(recurrence_id), home_of(self.times, self.zones.default))

    @property
    def length(self) -> timedelta:
        """About how long an occurrence lasts."""
        days, seconds = self.times.get("span", (0, 0))
        return timedelta(days=days, seconds=seconds)

    @property
    def is_all_day(self) -> bool:
        return len(self.times.get("start", "")) == 8

    def moment(self, name: str, wall: str) -> Property:
        """A property `name` (EXDATE, RECURRENCE-ID) that says the wall-clock time `wall` as DTSTART says its own."""
        assert self.master is not None
        start = self.master.get("DTSTART") or self.master.get("DUE")
        if self.is_all_day or start is None:
            return made(name, wall[:8], {"VALUE": ["DATE"]})
        parameters = {key: values for key, values in start.parameters.items() if key == "TZID"}
        return made(name, wall + ("Z" if self.times["zone"] == "UTC" else ""), parameters)

    def data(self) -> bytes:
        add_zones(self.calendar)
        return written([self.calendar])


def moved(found: Property, value: str, delta: timedelta) -> Property:
    """The property with its moments later by `delta`, written as they were."""
    parts = []
    for each in value.split(","):
        begin, slash, end = each.partition("/")
        said = moment(begin, found)
        parts.append(basic(said.local + delta, is_date=said.is_date, is_utc=said.is_utc))
        if slash and not end.lstrip("+-").upper().startswith("P"):
            until = moment(end, found)
            end = basic(until.local + delta, is_utc=until.is_utc)
        parts[-1] += slash + end
    return made(found.name, ",".join(parts), found.parameters)
