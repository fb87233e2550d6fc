"""A series moved to another time, or cut in two: its end, its exceptions and its overrides go along."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from tilios.kit.ical import recurrence, rules
from tilios.kit.ical.drafts import stamp, touch
from tilios.kit.ical.lines import Component, Property, made
from tilios.kit.ical.occurrences import locals_between
from tilios.kit.ical.opened import Series, moved
from tilios.kit.ical.series import home_of, times_of, wall_of
from tilios.kit.ical.values import basic, from_basic, moment


def move_exceptions(series: Series, times: dict[str, Any], delta: timedelta) -> None:
    """EXDATE, RDATE and overrides moved with their series, in the form that the new DTSTART has."""
    master = series.master
    assert master is not None
    names = {id(override): series.name(override) for override in series.overrides}
    out, extra = series.times.get("except", ()), series.times.get("dates", ())
    series.times = times
    lines = []
    for wall in out:
        later = basic(from_basic(wall) + delta)
        if len(wall) == 8 and not series.is_all_day:
            later = wall + times["start"][8:]
        lines.append(series.moment("EXDATE", later))
    master.put_all("EXDATE", lines)
    if all(len(each) == 1 for each in extra):  # periods keep their own times
        master.put_all("RDATE", [series.moment("RDATE", basic(from_basic(each[0]) + delta)) for each in extra])
    for override in series.overrides:
        said, start = override.get("RECURRENCE-ID"), override.get("DTSTART")
        was = names[id(override)]
        later = basic(from_basic(was) + delta)
        line = series.moment("RECURRENCE-ID", later)
        if said is not None and said.parameter("RANGE"):
            line = made(line.name, line.value, line.parameters | {"RANGE": [said.parameter("RANGE")]})
        override.put(line)
        if start is not None and basic(moment(start.value, start).local, is_date=len(was) == 8) == was:
            _retime(override, series, from_basic(later))


def _retime(override: Component, series: Series, local: datetime) -> None:
    """Give an override that had kept its time the one its series has now, and its length."""
    master = series.master
    assert master is not None
    start, end_name = master.get("DTSTART"), "DUE" if master.name == "VTODO" else "DTEND"
    if start is None:
        return
    delta = local - moment(start.value, start).local
    override.put(moved(start, start.value, delta))
    override.drop("DURATION", end_name)
    if found := master.get(end_name):
        override.put(moved(found, found.value, delta))
    elif found := master.get("DURATION"):
        override.put(found)


def move_rule(series: Series, old_times: dict[str, Any], delta: timedelta) -> None:
    """UNTIL moves with its series; so does the day of a weekly rule on the one day that the series began on."""
    master, names = series.master, tuple(rules.WEEKDAYS)
    assert master is not None
    old, new = from_basic(old_times["start"]), from_basic(series.times["start"])
    found = master.get("RRULE")
    if found is None:
        return
    rule = rules.parse(found.value, found.line)
    said = dict(each.upper().split("=", 1) for each in found.value.split(";") if "=" in each)
    if rule.frequency == "WEEKLY" and rule.by_day == ((0, old.weekday()),):
        said["BYDAY"] = names[new.weekday()]
    if rule.until is not None:
        until = from_basic(old_times["rules"][0].rpartition("UNTIL=")[2])
        said["UNTIL"] = _until(series, until + delta)
    master.put(made("RRULE", ";".join(f"{name}={value}" for name, value in said.items()), found.parameters))


def _until(series: Series, last: datetime) -> str:
    """The wall-clock time `last` as UNTIL says it: a day for days, else UTC unless the series floats."""
    if series.is_all_day or not series.times["zone"]:
        return basic(last, is_date=series.is_all_day)
    return basic(last.replace(tzinfo=home_of(series.times, UTC)).astimezone(UTC), is_utc=True)


def split(series: Series, wall: str, now: datetime) -> Series:
    """End `series` before `wall`, and give what was from there on, with a UID of its own."""
    assert series.master is not None
    second = Series(series.calendar.copy())
    assert second.master is not None
    _leave_from(second, wall)
    end_before(series, wall)
    touch(series.master, now)
    uid = str(uuid4())
    for component in (second.master, *second.overrides):
        component.put(made("UID", uid))
        component.put(made("CREATED", stamp(now)))
        component.drop("SEQUENCE")
    second.times = times_of([second.master, *second.overrides], second.zones)
    return second


def _leave_from(series: Series, wall: str) -> None:
    """Begin a series at its occurrence `wall`: what was before is taken out.

    DTSTART becomes the first time from `wall` on that a rule gives, so that the rule goes on in step; `wall` itself may
    be a date of its own (RDATE).
    """
    master = series.master
    assert master is not None
    start, cut = from_basic(series.times["start"]), from_basic(wall)
    firsts: list[datetime] = []
    left: list[Property] = []
    for found, text in _rules(series):
        first = next(recurrence.between(rules.parse(text), start, cut, cut + timedelta(days=40_000)), None)
        if first is None:
            continue
        rule = rules.parse(found.value.strip(), found.line)
        if rule.times:
            bare = {key: value for key, value in series.times.items() if key in ("start", "zone", "span", "rules")}
            past = sum(1 for _each in locals_between(bare, start, cut))
            found = _with_end(found, f"COUNT={max(1, rule.times - past)}")
        firsts.append(first)
        left.append(found)
    master.put_all("RRULE", left)
    _share_out(series, wall, is_before=False)
    delta = min(firsts, default=cut) - start
    for name in ("DTSTART", "DUE" if master.name == "VTODO" else "DTEND"):
        if line := master.get(name):
            master.put(moved(line, line.value, delta))


def _rules(series: Series) -> list[tuple[Property, str]]:
    """The rules of a series, as they came and as its times write them, with their end as a wall-clock time."""
    assert series.master is not None
    found = [each for each in series.master.all("RRULE") if each.value.strip()]
    return list(zip(found, series.times.get("rules", ()), strict=True))


def end_before(series: Series, wall: str) -> None:
    """End a series by UNTIL, before its occurrence `wall`; a rule that ended before stays."""
    master = series.master
    assert master is not None
    last = from_basic(wall) - (timedelta(days=1) if series.is_all_day else timedelta(seconds=1))
    left = []
    for found, text in _rules(series):
        end = rules.parse(text).until
        has_ended = end is not None and end <= last
        left.append(found if has_ended else _with_end(found, f"UNTIL={_until(series, last)}"))
    master.put_all("RRULE", left)
    _share_out(series, wall, is_before=True)


def _with_end(found: Property, end: str) -> Property:
    """A rule that ends otherwise."""
    parts = [each for each in found.value.split(";") if each.upper().partition("=")[0] not in ("COUNT", "UNTIL", "")]
    return made("RRULE", ";".join([*parts, end]), found.parameters)


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
        master.put_all(name, lines)
    for override in list(series.overrides):
        if (series.name(override) < wall) != is_before:
            series.remove(override)


def _wall_of(value: str, found: Property, series: Series) -> str:
    return wall_of(value.partition("/")[0], found, series.times, series.zones)
