"""What CalDAV gives back of an object: expanded, limited, in part (RFC 4791 §9.6), and free and busy times."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from uuid import uuid4

from tilios.kit.ical.drafts import PRODID, stamp
from tilios.kit.ical.facts import calendar_of
from tilios.kit.ical.lines import Broken, Component, Property, made, written
from tilios.kit.ical.occurrences import Occurrence, happens, occurrences
from tilios.kit.ical.opened import Series
from tilios.kit.ical.series import instant
from tilios.kit.ical.timezones import Zones
from tilios.kit.ical.values import basic, moment

RECURRENCE = ("RRULE", "RDATE", "EXDATE", "EXRULE")
#: Occurrences that one object may be expanded into.
MOST = 10_000


def expanded(data: bytes, start: datetime, end: datetime, *, zone: tzinfo) -> bytes:
    """The occurrences of `data` in [start, end), each as a component of its own, in UTC, without rules and time zones.

    Days stay days and floating times float, in `zone`. A calendar without objects when nothing happens then.
    """
    calendar = calendar_of(data)
    series = Series(calendar, zone)
    found = occurrences(series.times, start, end, zone=zone, most=MOST)
    source = series.sources()
    objects = [_instance(series, source(each), each) for each in found]
    if not series.times and series.master is not None:
        objects = [series.master]
    others = [each for each in calendar.components if each.name.startswith("X-")]
    return written([Component("VCALENDAR", calendar.properties, [*objects, *others])])


def _instance(series: Series, source: Component, occurrence: Occurrence) -> Component:
    component = source.copy()
    component.drop(*RECURRENCE)
    component.properties = [_in_utc(found, series.zones) for found in component.properties]
    start, end_name = source.get("DTSTART"), "DUE" if source.name == "VTODO" else "DTEND"
    is_floating = start is not None and not start.parameter("TZID") and not start.value.strip().upper().endswith("Z")
    for name, said in (("DTSTART", occurrence.start), (end_name, occurrence.end)):
        if source.get(name) is not None:
            component.put(_moment(name, said, series, is_date=occurrence.is_all_day, is_floating=is_floating))
    named, name = source.get("RECURRENCE-ID"), occurrence.recurrence_id
    if name and (named is None or named.parameter("RANGE")):
        original = series.original(name)
        component.put(_moment("RECURRENCE-ID", original, series, is_date=len(name) == 8, is_floating=is_floating))
    return component


def _moment(name: str, said: datetime, series: Series, *, is_date: bool, is_floating: bool) -> Property:
    local = said.astimezone(series.zones.default).replace(tzinfo=None)
    if is_date:
        return made(name, basic(local, is_date=True), {"VALUE": ["DATE"]})
    return made(name, basic(local)) if is_floating else made(name, stamp(said))


def _in_utc(found: Property, zones: Zones) -> Property:
    """A property that names a time zone, said in UTC instead; one that cannot be read stays."""
    if "TZID" not in found.parameters:
        return found
    try:
        values = [stamp(instant(moment(each, found), zones)) for each in found.value.split(",")]
    except Broken:
        return found
    parameters = {name: values for name, values in found.parameters.items() if name != "TZID"}
    return made(found.name, ",".join(values), parameters)


def limited(data: bytes, start: datetime, end: datetime, *, zone: tzinfo = UTC) -> bytes:
    """`data` with the master and those overrides alone that change what happens in [start, end)."""
    calendar = calendar_of(data)
    series = Series(calendar, zone)
    kept = set()
    for override in series.times.get("overrides", ()):
        bare = {"start": override["start"], "zone": override["zone"], "span": override["span"]}
        was = series.original(override["id"])
        before = happens(was, was + (series.length or (was - was)), start, end)
        if override["following"] or before or occurrences(bare, start, end, zone=zone):
            kept.add(override["id"])
    for component in list(series.overrides):
        if series.name(component) not in kept:
            series.remove(component)
    return written([series.calendar])


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a component to give: all properties or those named ((name, True): without its value), and what inside."""

    name: str
    has_all_properties: bool = True
    properties: tuple[tuple[str, bool], ...] = ()
    has_all_components: bool = True
    components: tuple["Shape", ...] = ()


def pruned(data: bytes, shape: Shape) -> bytes:
    """`data` with what `shape`, that of VCALENDAR, asks for and nothing else (`calendar-data` of RFC 4791 §9.6)."""
    return written([_pruned(calendar_of(data), shape)])


def _pruned(component: Component, shape: Shape) -> Component:
    properties = component.properties
    if not shape.has_all_properties:
        wanted = {name.upper(): is_bare for name, is_bare in shape.properties}
        kept = [each for each in properties if each.name in wanted]
        properties = [made(each.name, "", each.parameters) if wanted[each.name] else each for each in kept]
    inner = component.components
    if not shape.has_all_components:
        shapes = {each.name.upper(): each for each in shape.components}
        inner = [_pruned(each, shapes[each.name]) for each in inner if each.name in shapes]
    return Component(component.name, properties, inner)


def freebusy(
    periods: Iterable[tuple[datetime, datetime, str]],
    *,
    start: datetime,
    end: datetime,
    now: datetime,
    organizer: str = "",
    attendee: str = "",
    uid: str = "",
    method: str = "",
) -> bytes:
    """A VFREEBUSY of [start, end): each period with its kind, "BUSY", "BUSY-TENTATIVE" or "BUSY-UNAVAILABLE".

    Periods are cut to the range, put in order, and made one where those of a kind touch.
    """
    component = Component("VFREEBUSY", [made("UID", uid or str(uuid4())), made("DTSTAMP", stamp(now))])
    component.properties += [made("DTSTART", stamp(start)), made("DTEND", stamp(end))]
    if organizer:
        component.properties.append(made("ORGANIZER", f"mailto:{organizer}"))
    if attendee:
        component.properties.append(made("ATTENDEE", f"mailto:{attendee}"))
    merged: dict[str, list[list[datetime]]] = {}
    for begins, ends, kind in sorted(periods):
        begins, ends = max(begins, start), min(ends, end)
        if ends <= begins:
            continue
        of_kind = merged.setdefault(kind, [])
        if of_kind and begins <= of_kind[-1][1]:
            of_kind[-1][1] = max(of_kind[-1][1], ends)
        else:
            of_kind.append([begins, ends])
    for kind, of_kind in merged.items():
        value = ",".join(f"{stamp(begins)}/{stamp(ends)}" for begins, ends in of_kind)
        component.properties.append(made("FREEBUSY", value, {"FBTYPE": [kind]}))
    head = [made("VERSION", "2.0"), made("PRODID", PRODID)]
    if method:
        head.append(made("METHOD", method))
    return written([Component("VCALENDAR", head, [component])])
