"""A calendar file taken apart into the objects that a calendar keeps, one for each UID (RFC 4791 §4.1)."""

from dataclasses import dataclass, field
from datetime import UTC
from typing import NamedTuple
from uuid import UUID, uuid5

from tilios.kit.ical.facts import KINDS, facts_of, main_of
from tilios.kit.ical.lines import Broken, Component, components, made, written
from tilios.kit.ical.timezones import Zones, by_name, saved
from tilios.kit.ical.values import text
from tilios.kit.ical.vtimezones import add_zones, tzids
from tilios.kit.refusals import _

NAMESPACE = UUID("7d6f1f5e-8a43-5c0e-9d0a-0c5b7e6f2a11")
#: What is said of the whole calendar and changes what its objects mean, or says who wrote them.
KEPT = ("PRODID", "VERSION", "CALSCALE", "X-WR-TIMEZONE")


class Resource(NamedTuple):
    """One calendar object as bytes of its own. `component` is VEVENT, VTODO or VJOURNAL; `line` is where it begins."""

    uid: str
    component: str
    data: bytes
    line: int


@dataclass(slots=True)
class Parsed:
    """What a file gave. `name`, `colour` and `zone` (an Olson name) are those of its first calendar, "" unsaid."""

    resources: list[Resource] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    name: str = ""
    colour: str = ""
    zone: str = ""


def resources(data: bytes) -> Parsed:
    """The objects of a calendar file in their order; what cannot be taken is told in `broken`, the rest is given.

    Overrides stay with their master, whatever their order; an object without UID gets one made of its content.
    Raises Broken when there is no calendar in the file at all.
    """
    parsed = Parsed()
    calendars = [root for root in components(data, parsed.broken) if root.name == "VCALENDAR"]
    if not calendars:
        raise parsed.broken[0] if parsed.broken else Broken("calendar", _("This file is not a calendar."), line=1)
    parsed.name = text(calendars[0].value("X-WR-CALNAME") or calendars[0].value("NAME")).strip()
    parsed.colour = (calendars[0].value("X-APPLE-CALENDAR-COLOR") or calendars[0].value("COLOR")).strip()
    zone = by_name(calendars[0].value("X-WR-TIMEZONE")) if calendars[0].get("X-WR-TIMEZONE") else None
    parsed.zone = saved(zone) if zone is not None else ""
    groups: dict[str, list[tuple[Component, Component]]] = {}
    for calendar in calendars:
        for component in calendar.components:
            if component.name in KINDS:
                groups.setdefault(_uid(component), []).append((component, calendar))
            elif component.name not in ("VTIMEZONE", "VALARM"):
                sentence = _("“%(name)s” of line %(line)s is no event, no task and no journal.")
                parsed.broken.append(Broken("component", sentence, line=component.line, name=component.name[:40]))
    for uid, group in groups.items():
        _take(uid, group, parsed)
    parsed.resources.sort(key=lambda each: each.line)
    parsed.broken.sort(key=lambda each: each.line)
    return parsed


def _uid(component: Component) -> str:
    """The UID of a component; without one it is given one, the same for the same content."""
    said = component.value("UID").strip()
    if said:
        return said
    bare = component.copy()
    bare.drop("UID", "DTSTAMP", "LAST-MODIFIED", "CREATED")
    uid = str(uuid5(NAMESPACE, written([bare]).decode()))
    component.drop("UID")
    component.properties.insert(0, made("UID", uid))
    return uid


def _take(uid: str, group: list[tuple[Component, Component]], parsed: Parsed) -> None:
    known: dict[str, Component] = {}
    for component, _calendar in group:
        same = known.setdefault(component.value("RECURRENCE-ID").strip(), component)
        if same is not component and written([same]) != written([component]):
            sentence = _("Line %(line)s begins the same object again (%(uid)s): the first one is taken.")
            parsed.broken.append(Broken("twice", sentence, line=component.line, uid=uid[:80]))
    objects = list(known.values())
    calendar = alone(objects, [calendar for _component, calendar in group])
    try:
        facts_of(calendar, Zones(calendar, UTC))
    except Broken as fault:
        parsed.broken.append(fault)
        return
    main = main_of(objects)
    parsed.resources.append(Resource(uid, main.name, written([calendar]), min(each.line for each in objects)))


def alone(objects: list[Component], calendars: list[Component]) -> Component:
    """A VCALENDAR of these components, with the time zones they name: of `calendars`, else described by us."""
    first = calendars[0]
    head = [found for found in first.properties if found.name in KEPT]
    if first.get("VERSION") is None:
        head.insert(0, made("VERSION", "2.0"))
    if first.get("PRODID") is None:
        head.insert(1, made("PRODID", "-//Tilios//Tilios//FR"))
    named = {tzid for each in objects for tzid in tzids(each)}
    zones: dict[str, Component] = {}
    for calendar in calendars:
        for component in calendar.named("VTIMEZONE"):
            if component.value("TZID") in named:
                zones.setdefault(component.value("TZID"), component)
    calendar = Component("VCALENDAR", head, [*zones.values(), *objects], first.line)
    add_zones(calendar)
    return calendar
