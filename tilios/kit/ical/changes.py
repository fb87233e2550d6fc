"""Changing and deleting: one time, one and those that follow, or all of a series (RFC 5545 §3.8.4.4)."""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from tilios.kit.ical.drafts import TIMES, apply, touch
from tilios.kit.ical.facts import calendar_of
from tilios.kit.ical.lines import Broken, Component
from tilios.kit.ical.moves import end_before, move_exceptions, move_rule, split
from tilios.kit.ical.occurrences import bounds
from tilios.kit.ical.opened import Series, moved
from tilios.kit.ical.series import home_of, times_of
from tilios.kit.ical.values import from_basic, moment
from tilios.kit.refusals import _

Scope = Literal["all", "this", "following"]
RECURRENCE = ("RRULE", "RDATE", "EXDATE", "EXRULE")


def changed(data: bytes, fields: dict[str, Any], *, scope: Scope, recurrence_id: str, now: datetime) -> list[bytes]:
    """`data` with the fields of a Draft given in `fields`; what is not named stays as it came, in its place.

    `recurrence_id` is that of the occurrence somebody changes ("" without recurrence); times given are its own. "this"
    makes an override; "following" splits the series: two objects come back, the second with a UID of its own. With
    "all", exceptions and overrides move along. Raises Broken when nothing happens at `recurrence_id`.
    """
    series = Series(calendar_of(data))
    wall = series.wall(recurrence_id)
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
    second = split(series, wall, now)
    _change_all(second, fields, wall, now)
    return [series.data(), second.data()]


def without(data: bytes, recurrence_id: str, scope: Scope, now: datetime) -> bytes | None:
    """`data` without an occurrence ("this"), or without it and those that follow; None when nothing is left."""
    series = Series(calendar_of(data))
    wall = series.wall(recurrence_id)
    if scope == "all" or not wall:
        return None
    if series.master is None:
        found = series.override(wall)
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
        end_before(series, wall)
    touch(series.master, now)
    left = times_of([series.master, *series.overrides], series.zones)
    return series.data() if bounds(left, UTC)[0] is not None else None


def _nothing(recurrence_id: str) -> Broken:
    return Broken("occurrence", _("Nothing happens at %(time)s in this series."), time=recurrence_id[:20])


def _changed_override(series: Series, wall: str, fields: dict[str, Any], now: datetime) -> bytes:
    override = series.override(wall)
    if override is None:
        override = new_override(series, wall)
    apply(override, _complete(override, series, {key: value for key, value in fields.items() if key != "rrule"}))
    touch(override, now)
    return series.data()


def new_override(series: Series, wall: str) -> Component:
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
            override.put(moved(found, found.value, delta))
    place = next((n for n, each in enumerate(override.properties) if each.name == "DTSTART"), len(override.properties))
    override.properties.insert(place, series.moment("RECURRENCE-ID", wall))
    series.overrides.append(override)
    series.calendar.components.append(override)
    return override


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
    old_times = series.times
    old_start = old_times.get("start", "")
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
    if delta or len(old_start) != len(new_start) or times.get("zone") != old_times.get("zone"):
        move_exceptions(series, times, delta)
        if "rrule" not in fields:
            move_rule(series, old_times, delta)
    words = {key: value for key, value in fields.items() if key not in TIMES and key != "rrule"}
    for override in series.overrides:
        _follow(override, before, words, now)
    series.times = times_of([master, *series.overrides], series.zones)
    if "rrule" in fields:
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
        if local := given.get(name):
            if local.tzinfo is not None:
                local = local.astimezone(home).replace(tzinfo=None)
            given[name] = local - shift
    return given


def _follow(override: Component, before: Component, fields: dict[str, Any], now: datetime) -> None:
    """Change in an override what it said like its series before."""
    after = before.copy()
    apply(after, fields)
    touched = False
    for name in {each.name for each in (*before.properties, *after.properties)}:
        old, new = ([each.raw for each in side.all(name)] for side in (before, after))
        if old != new and [each.raw for each in override.all(name)] == old:
            override.put_all(name, after.all(name))
            touched = True
    if touched:
        touch(override, now)
