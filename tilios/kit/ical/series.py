"""The times of one calendar object, as small JSON that is expanded again and again without reading the object.

    {"start": "20250304T090000", "zone": "Europe/Paris", "span": [0, 7200],
     "rules": ["FREQ=WEEKLY;UNTIL=20250630T235959"], "dates": [["20250309T100000", 0, 3600]], "except": ["20250311"],
     "overrides": [{"id": "20250318T090000", "following": false, "start": …, "zone": …, "span": …, "differs": {…}}]}

Moments are wall-clock times of "zone" ("" when they float), days have eight digits; a span is days and exact seconds.
COUNT has become UNTIL. An object without any moment is {}.
"""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from tilios.kit.ical import recurrence, rules
from tilios.kit.ical.lines import Broken, Component, Property
from tilios.kit.ical.timezones import Zones, loaded, saved
from tilios.kit.ical.values import Moment, basic, from_basic, moment, span, text, utc
from tilios.kit.refusals import _

#: RFC 5545 advises one; each is expanded for every question.
MOST_RULES = 10
#: What an override may say otherwise than its series.
DIFFERING = {"summary": "SUMMARY", "location": "LOCATION", "description": "DESCRIPTION", "status": "STATUS"}


def times_of(objects: list[Component], zones: Zones) -> dict[str, Any]:
    """The times of the components of one UID: a master, or none, and its overrides. Raises Broken."""
    master = next((each for each in objects if each.get("RECURRENCE-ID") is None), None)
    times = _slot(master, zones) if master else {}
    if master and times:
        _add_recurrence(times, master, zones)
    overrides = [_override(each, master, times, zones) for each in objects if each is not master]
    overrides = [each for each in overrides if each]
    if overrides:
        times["overrides"] = sorted(overrides, key=lambda each: str(each["id"]))
    return times


def home_of(times: dict[str, Any], zone: tzinfo) -> tzinfo:
    """The zone in which wall-clock times of `times` are, `zone` for those that float."""
    return loaded(times["zone"]) if times.get("zone") else zone


def _slot(component: Component, zones: Zones) -> dict[str, Any]:
    """ "start", "zone" and "span" of a component. Raises Broken when an event says no start."""
    start, end = component.get("DTSTART"), component.get("DUE" if component.name == "VTODO" else "DTEND")
    if start is None and component.name == "VTODO":
        start = end
    if start is None:
        if component.name == "VEVENT":
            raise Broken("start", _("The event of line %(line)s does not say when it begins."), line=component.line)
        return {}
    begins = moment(start.value, start)
    days, seconds = _length(component, begins, end, zones)
    if begins.is_date:
        least = 0 if component.name == "VTODO" and component.get("DTSTART") is None else 1
        return {"start": basic(begins.local, is_date=True), "zone": "", "span": [max(days, least), 0]}
    return {"start": basic(begins.local), "zone": zone_text(begins, zones), "span": [days, seconds]}


def zone_text(found: Moment, zones: Zones) -> str:
    """The zone of a moment as text; "" when it floats or names a zone that nothing explains."""
    if found.is_utc:
        return "UTC"
    if found.is_date:
        return ""
    zone = zones.zone(found.tzid)
    return saved(zone) if zones.is_known(found.tzid) else ""


def instant(found: Moment, zones: Zones) -> datetime:
    """A moment in UTC; days begin at midnight of the calendar's zone."""
    return utc(found.local, UTC if found.is_utc else zones.zone(found.tzid))


def _length(component: Component, begins: Moment, end: Property | None, zones: Zones) -> tuple[int, int]:
    if end is not None:
        ends = moment(end.value, end)
        if begins.is_date:
            return max(0, (ends.local - begins.local).days), 0
        if ends.is_date:
            ends = Moment(ends.local, tzid=begins.tzid, is_utc=begins.is_utc)
        return 0, max(0, int((instant(ends, zones) - instant(begins, zones)).total_seconds()))
    if length := component.get("DURATION"):
        sign, size = span(length.value, length)
        if sign > 0:
            return (size.days + size.seconds // 86400, 0) if begins.is_date else (size.days, size.seconds)
    return 0, 0


def _add_recurrence(times: dict[str, Any], master: Component, zones: Zones) -> None:
    start = from_basic(times["start"])
    if found := master.all("RRULE"):
        if len(found) > MOST_RULES:
            raise Broken("rules", _("The event of line %(line)s has too many rules of repetition."), line=master.line)
        times["rules"] = [_rule(each, times, start, zones) for each in found if each.value.strip()]
    dates: list[list[Any]] = []
    for found_dates in master.all("RDATE"):
        for value in filter(str.strip, found_dates.value.split(",")):
            dates.append(_extra(value, found_dates, times, zones))
    if dates:
        times["dates"] = sorted(dates)
    out = [
        wall_of(value, each, times, zones)
        for each in master.all("EXDATE")
        for value in each.value.split(",")
        if value.strip()
    ]
    if out:
        times["except"] = sorted(set(out))


def _rule(found: Property, times: dict[str, Any], start: datetime, zones: Zones) -> str:
    """The rule with its end as a wall-clock time of the series, in the place of COUNT and of UNTIL's own form."""
    rule = rules.parse(found.value.strip(), found.line)
    parts = [
        each for each in found.value.strip().upper().split(";") if each.partition("=")[0] not in ("COUNT", "UNTIL", "")
    ]
    until = rule.until
    if rule.times:
        until = recurrence.last_counted(rule, start)
    elif until is not None and rule.until_is_utc and len(times["start"]) > 8:
        until = until.replace(tzinfo=UTC).astimezone(home_of(times, zones.default)).replace(tzinfo=None, fold=0)
    elif until is not None and rule.until_is_date:
        until += timedelta(hours=23, minutes=59, seconds=59)
    return ";".join([*parts, f"UNTIL={basic(until)}"] if until else parts)


def _extra(value: str, found: Property, times: dict[str, Any], zones: Zones) -> list[Any]:
    """An RDATE: its wall-clock time, and its span when it is a PERIOD."""
    begin, slash, end = value.partition("/")
    local = wall_of(begin, found, times, zones)
    if not slash:
        return [local]
    if end.lstrip("+-").upper().startswith("P"):
        _sign, size = span(end, found)
        return [local, size.days, size.seconds]
    seconds = (instant(moment(end, found), zones) - instant(moment(begin, found), zones)).total_seconds()
    return [local, 0, max(0, int(seconds))]


def wall_of(value: str, found: Property, times: dict[str, Any], zones: Zones) -> str:
    """A moment as a wall-clock time of the series; a day stays a day, and days are days all along."""
    said = moment(value, found)
    if said.is_date or len(times.get("start", "")) == 8:
        local = said.local
        if said.is_utc and not said.is_date:
            local = utc(said.local, UTC).astimezone(zones.default).replace(tzinfo=None)
        return basic(local, is_date=True)
    home = home_of(times, zones.default)
    if zone_text(said, zones) == times.get("zone"):
        return basic(said.local)
    return basic(instant(said, zones).astimezone(home).replace(tzinfo=None, fold=0))


def _override(component: Component, master: Component | None, times: dict[str, Any], zones: Zones) -> dict[str, Any]:
    slot = _slot(component, zones)
    found = component.get("RECURRENCE-ID")
    if not slot or found is None:
        return {}
    name = name_of(component, times, zones)
    differs = {}
    for key, each in DIFFERING.items():
        value, usual = component.value(each), master.value(each) if master else ""
        if value != usual:
            differs[key] = text(value)
    return {
        "id": name,
        "following": found.parameter("RANGE").upper() == "THISANDFUTURE",
        **slot,
        "differs": differs,
    }


def name_of(component: Component, times: dict[str, Any], zones: Zones) -> str:
    """The wall-clock time of the series that an override stands for; as it says it when there is no series."""
    found = component.get("RECURRENCE-ID")
    assert found is not None
    if "start" not in times:
        said = moment(found.value, found)
        return basic(said.local, is_date=said.is_date, is_utc=said.is_utc)
    name = wall_of(found.value, found, times, zones)
    return name + times["start"][8:] if len(name) == 8 < len(times["start"]) else name
