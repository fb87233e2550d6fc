"""Changing and deleting: one time, one and those that follow, or all of a series (RFC 5545 §3.8.4.4)."""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import uuid4

from tilios.kit.ical import rules
from tilios.kit.ical.drafts import TIMES, add_zones, apply, stamp, touch
from tilios.kit.ical.facts import calendar_of, objects_of
from tilios.kit.ical.lines import Broken, Component, Property, made, written
from tilios.kit.ical.occurrences import bounds, locals_between
from tilios.kit.ical.series import home_of, name_of, times_of, wall_of
from tilios.kit.ical.timezones import Zones
from tilios.kit.ical.values import basic, from_basic, moment
from tilios.kit.refusals import _

Scope = Literal["all", "this", "following"]
RECURRENCE = ("RRULE", "RDATE", "EXDATE", "EXRULE")


class Series:
    """One calendar object opened for changes. The zone of floating times does not matter: wall clocks are moved."""

    def __init__(self, calendar: Component) -> None:
        self.calendar = calendar
        objects = objects_of(calendar)
        self.master = next((each for each in objects if each.get("RECURRENCE-ID") is None), None)
        self.overrides = [each for each in objects if each is not self.master]
        self.zones = Zones(calendar, UTC)
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


def changed(data: bytes, fields: dict[str, Any], *, scope: Scope, recurrence_id: str, now: datetime) -> list[bytes]:
    """`data` with the fields of a Draft given in `fields`; what is not named stays as it came, in its place.

    `recurrence_id` is that of the occurrence somebody changes ("" without recurrence); times given are its own. "this"
    makes an override; "following" splits the series: two objects come back, the second with a UID of its own. With
    "all", exceptions and overrides move along. Raises Broken when nothing happens at `recurrence_id`.
    """
    series = Series(calendar_of(data))
    wall = recurrence_id.rstrip("Z")
    if series.master is None:
        return [_changed_override(series, wall, fields, now)]
    if not wall or not series.times:
        scope = "all"
    elif not series.has(wall) and series.override(wall) is None:
        raise _nothing(recurrence_id)
    if scope == "following" and wall <= series.times["start"]:
        scope = "all"
    if scope == "this":
        return [_changed_override(series, wall, fields, now)]
    if scope == "all":
        _change_all(series, fields, wall, now)
        return [series.data()]
    second = _split(series, wall, now)
    _change_all(second, fields, wall, now)
    return [series.data(), second.data()]


def without(data: bytes, recurrence_id: str, scope: Scope, now: datetime) -> bytes | None:
    """`data` without an occurrence ("this"), or without it and those that follow; None when nothing is left."""
    series = Series(calendar_of(data))
    wall = recurrence_id.rstrip("Z")
    if scope == "all" or not wall:
        return None
    if series.master is None:
        found = series.override(wall) or series.override(wall + "Z")
        if found is None:
            raise _nothing(recurrence_id)
        series.remove(found)
        return series.data() if series.overrides else None
    override = series.override(wall)
    if not series.has(wall) and override is None:
        raise _nothing(recurrence_id)
    if scope == "this":
        if override is not None:
            series.remove(override)
        series.master.properties.append(series.moment("EXDATE", wall))
    else:
        if wall <= series.times["start"]:
            return None
        _end_before(series, wall)
    touch(series.master, now)
    left = times_of([series.master, *series.overrides], series.zones)
    return series.data() if bounds(left, UTC)[0] is not None else None


def _nothing(recurrence_id: str) -> Broken:
    return Broken("occurrence", _("Nothing happens at %(time)s in this series."), time=recurrence_id[:20])


def _changed_override(series: Series, wall: str, fields: dict[str, Any], now: datetime) -> bytes:
    override = series.override(wall) or series.override(wall + "Z")
    if override is None:
        override = _new_override(series, wall)
    apply(override, _complete(override, series, {key: value for key, value in fields.items() if key != "rrule"}))
    touch(override, now)
    return series.data()


def _new_override(series: Series, wall: str) -> Component:
    """The occurrence at `wall` as a component of its own, which says what the master says."""
    if series.master is None:
        raise _nothing(wall)
    master = series.master
    override = master.copy()
    override.drop(*RECURRENCE)
    end_name = "DUE" if master.name == "VTODO" else "DTEND"
    delta = from_basic(wall) - from_basic(series.times["start"])
    for name in ("DTSTART", end_name):
        if found := override.get(name):
            override.put(_moved(found, found.value, delta))
    place = next((n for n, each in enumerate(override.properties) if each.name == "DTSTART"), len(override.properties))
    override.properties.insert(place, series.moment("RECURRENCE-ID", wall))
    series.overrides.append(override)
    series.calendar.components.append(override)
    return override


def _moved(found: Property, value: str, delta: timedelta) -> Property:
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


def _complete(component: Component, series: Series, fields: dict[str, Any]) -> dict[str, Any]:
    """`fields` with the times that belong together: a new start alone keeps the length, a new zone its clock."""
    if not TIMES & set(fields):
        return fields
    begin = component.get("DTSTART")
    end = component.get("DUE" if component.name == "VTODO" else "DTEND")
    said = moment(begin.value, begin) if begin else None
    given = dict(fields)
    given.setdefault("is_all_day", said.is_date if said else False)
    given.setdefault("tzid", "UTC" if said and said.is_utc else said.tzid if said else "")
    given.setdefault("start", said.local if said else None)
    if "end" not in given and end is not None and said is not None and given["start"] is not None:
        ends = moment(end.value, end).local
        start = given["start"]
        if start.tzinfo is not None:
            start = start.astimezone(series.zones.zone(given["tzid"])).replace(tzinfo=None)
        given["end"] = start + (ends - said.local)
    elif "end" not in given and end is not None:
        given["end"] = moment(end.value, end).local
    return given


def _change_all(series: Series, fields: dict[str, Any], wall: str, now: datetime) -> None:
    """Change the master; overrides and exceptions move along, and what an override did not say otherwise follows."""
    master = series.master
    assert master is not None
    before = master.copy()
    old_start = series.times.get("start", "")
    given = _complete(master, series, _from_occurrence(series, fields, wall))
    apply(master, given)
    touch(master, now)
    times = times_of([master], series.zones)
    new_start = times.get("start", "")
    if "rrule" in fields and not fields["rrule"]:
        master.drop(*RECURRENCE)
        for override in list(series.overrides):
            series.remove(override)
        return
    delta = from_basic(new_start) - from_basic(old_start) if old_start and new_start else timedelta(0)
    if delta or len(old_start) != len(new_start) or times.get("zone") != series.times.get("zone"):
        _move_exceptions(series, times, delta)
        if "rrule" not in fields:
            _move_weekday(master, from_basic(old_start), from_basic(new_start))
    for override in series.overrides:
        _follow(
            override, before, {key: value for key, value in fields.items() if key not in TIMES and key != "rrule"}, now
        )
    series.times = times_of([master, *series.overrides], series.zones)
    for override in list(series.overrides):
        if not series.has(series.name(override)):
            series.remove(override)


def _from_occurrence(series: Series, fields: dict[str, Any], wall: str) -> dict[str, Any]:
    """Times that were given for the occurrence at `wall`, as times of the first one."""
    if not wall or wall == series.times.get("start"):
        return fields
    home = home_of(series.times, UTC)
    shift = from_basic(wall) - from_basic(series.times["start"])
    given = dict(fields)
    for name in ("start", "end"):
        if moved := given.get(name):
            if moved.tzinfo is not None:
                moved = moved.astimezone(home).replace(tzinfo=None)
            given[name] = moved - shift
    return given


def _move_exceptions(series: Series, times: dict[str, Any], delta: timedelta) -> None:
    """EXDATE, RDATE and overrides moved with their series, in the form that the new DTSTART has."""
    master = series.master
    assert master is not None
    names = {id(override): series.name(override) for override in series.overrides}
    out, extra = series.times.get("except", ()), series.times.get("dates", ())
    series.times = times
    master.drop("EXDATE")
    for wall in out:
        moved = basic(from_basic(wall) + delta)
        if len(wall) == 8 and not series.is_all_day:
            moved = wall + times["start"][8:]
        master.properties.append(series.moment("EXDATE", moved))
    if all(len(each) == 1 for each in extra):  # periods keep their own times
        master.drop("RDATE")
        master.properties += [series.moment("RDATE", basic(from_basic(each[0]) + delta)) for each in extra]
    for override in series.overrides:
        said, start = override.get("RECURRENCE-ID"), override.get("DTSTART")
        was = names[id(override)]
        moved = basic(from_basic(was) + delta)
        line = series.moment("RECURRENCE-ID", moved)
        if said is not None and said.parameter("RANGE"):
            line = made(line.name, line.value, line.parameters | {"RANGE": [said.parameter("RANGE")]})
        override.put(line)
        if start is not None and basic(moment(start.value, start).local, is_date=len(was) == 8) == was:
            _retime(override, series, from_basic(moved))


def _retime(override: Component, series: Series, local: datetime) -> None:
    """Give an override that had kept its time the one its series has now, and its length."""
    master = series.master
    assert master is not None
    start, end_name = master.get("DTSTART"), "DUE" if master.name == "VTODO" else "DTEND"
    if start is None:
        return
    delta = local - moment(start.value, start).local
    override.put(_moved(start, start.value, delta))
    override.drop("DURATION", end_name)
    if found := master.get(end_name):
        override.put(_moved(found, found.value, delta))
    elif found := master.get("DURATION"):
        override.put(found)


def _move_weekday(master: Component, old: datetime, new: datetime) -> None:
    """A weekly rule on the one day its series began on follows the series to another day."""
    found = master.get("RRULE")
    if found is None or old.weekday() == new.weekday():
        return
    rule = rules.parse(found.value, found.line)
    names = tuple(rules.WEEKDAYS)
    if rule.frequency == "WEEKLY" and rule.by_day == ((0, old.weekday()),):
        parts = [each for each in found.value.split(";") if not each.upper().startswith("BYDAY=")]
        master.put(made("RRULE", ";".join([*parts, f"BYDAY={names[new.weekday()]}"]), found.parameters))


def _follow(override: Component, before: Component, fields: dict[str, Any], now: datetime) -> None:
    """Change in an override what it said like its series before."""
    after = before.copy()
    apply(after, fields)
    touched = False
    for name in {each.name for each in (*before.properties, *after.properties)}:
        old, new = ([each.raw for each in side.all(name)] for side in (before, after))
        if old != new and [each.raw for each in override.all(name)] == old:
            override.drop(name)
            override.properties += after.all(name)
            touched = True
    if touched:
        touch(override, now)


def _split(series: Series, wall: str, now: datetime) -> Series:
    """End `series` before `wall`, and give what was from there on, with a UID of its own."""
    assert series.master is not None
    second = Series(series.calendar.copy())
    assert second.master is not None
    _leave_from(second, wall)
    _end_before(series, wall)
    touch(series.master, now)
    uid = str(uuid4())
    for component in (second.master, *second.overrides):
        component.put(made("UID", uid))
        component.put(made("CREATED", stamp(now)))
        component.drop("SEQUENCE")
    second.times = times_of([second.master, *second.overrides], second.zones)
    return second


def _leave_from(series: Series, wall: str) -> None:
    """Begin a series at its occurrence `wall`: what was before is taken out."""
    master = series.master
    assert master is not None
    start = from_basic(series.times["start"])
    for found in master.all("RRULE"):
        rule = rules.parse(found.value, found.line)
        if rule.times:
            bare = {key: value for key, value in series.times.items() if key in ("start", "zone", "span", "rules")}
            past = sum(1 for _each in locals_between(bare, start, from_basic(wall)))
            parts = [each for each in found.value.split(";") if not each.upper().startswith("COUNT=")]
            master.put(made("RRULE", ";".join([*parts, f"COUNT={max(1, rule.times - past)}"]), found.parameters))
    _share_out(series, wall, is_before=False)
    delta = from_basic(wall) - start
    for name in ("DTSTART", "DUE" if master.name == "VTODO" else "DTEND"):
        if line := master.get(name):
            master.put(_moved(line, line.value, delta))


def _end_before(series: Series, wall: str) -> None:
    """End a series by UNTIL, before its occurrence `wall`."""
    master = series.master
    assert master is not None
    last = from_basic(wall) - (timedelta(days=1) if series.is_all_day else timedelta(seconds=1))
    is_floating = series.is_all_day or not series.times["zone"]
    until = last if is_floating else last.replace(tzinfo=home_of(series.times, UTC)).astimezone(UTC)
    for found in master.all("RRULE"):
        parts = [each for each in found.value.split(";") if each.upper().partition("=")[0] not in ("COUNT", "UNTIL")]
        written_until = basic(until, is_date=series.is_all_day, is_utc=not is_floating)
        master.put(made("RRULE", ";".join([*parts, f"UNTIL={written_until}"]), found.parameters))
    _share_out(series, wall, is_before=True)


def _share_out(series: Series, wall: str, *, is_before: bool) -> None:
    """Keep the dates and overrides before `wall`, or those from it on."""
    master = series.master
    assert master is not None
    for name, key in (("RDATE", "dates"), ("EXDATE", "except")):
        walls = [each[0] if isinstance(each, list) else each for each in series.times.get(key, ())]
        if not any((each < wall) != is_before for each in walls):
            continue
        lines = [
            made(found.name, value, found.parameters)
            for found in master.all(name)
            for value in found.value.split(",")
            if (_wall_of(value, found, series) < wall) == is_before
        ]
        master.drop(name)
        master.properties += lines
    for override in list(series.overrides):
        if (series.name(override) < wall) != is_before:
            series.remove(override)


def _wall_of(value: str, found: Property, series: Series) -> str:
    return wall_of(value.partition("/")[0], found, series.times, series.zones)
