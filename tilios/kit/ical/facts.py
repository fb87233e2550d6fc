"""What a calendar object says, for those who list, search and notify: read once, when it is stored."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tilios.kit.ical.lines import Broken, Component, Property, components
from tilios.kit.ical.occurrences import bounds
from tilios.kit.ical.series import instant, times_of
from tilios.kit.ical.timezones import Zones
from tilios.kit.ical.values import moment, span, text, texts
from tilios.kit.refusals import _

KINDS = ("VEVENT", "VTODO", "VJOURNAL")
CLASSES = ("PUBLIC", "PRIVATE", "CONFIDENTIAL")  # from open to strict


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody invited. `status` is PARTSTAT ("NEEDS-ACTION", "ACCEPTED", …), `kind` is CUTYPE."""

    email: str
    name: str = ""
    role: str = "REQ-PARTICIPANT"
    status: str = "NEEDS-ACTION"
    is_rsvp: bool = False
    kind: str = "INDIVIDUAL"


@dataclass(frozen=True, slots=True)
class Facts:
    """What one calendar object says. Times are UTC; `last` is None, with `first` set, for what never ends.

    `attendees` are those of the series, `guests` everybody, those of one date alone too. `alarms` are minutes before,
    and before what ("start" or "end"); `times` is what `occurrences` takes, fit for JSON.
    """

    uid: str
    component: str
    summary: str = ""
    description: str = ""
    location: str = ""
    url: str = ""
    status: str = ""
    classification: str = "PUBLIC"
    is_transparent: bool = False
    categories: tuple[str, ...] = ()
    organizer: str = ""
    attendees: tuple[Attendee, ...] = ()
    guests: tuple[Attendee, ...] = ()
    sequence: int = 0
    is_all_day: bool = False
    is_recurring: bool = False
    first: datetime | None = None
    last: datetime | None = None
    alarms: tuple[tuple[int, str], ...] = ()
    times: dict[str, Any] = field(default_factory=dict)
    completed: datetime | None = None
    due: datetime | None = None
    priority: int = 0
    percent: int = 0


def facts(data: bytes, *, zone: ZoneInfo) -> Facts:
    """What the calendar object `data` says, as a CalDAV client stores it: one UID, one kind of component, no METHOD.

    Floating times and days are of `zone`. Raises Broken, with the line, when RFC 4791 §4.1 does not allow it.
    """
    calendar = calendar_of(data)
    return facts_of(calendar, Zones(calendar, zone))


def calendar_of(data: bytes) -> Component:
    """The VCALENDAR of `data`, which is the only thing in it. Raises Broken."""
    roots = components(data)
    if len(roots) != 1 or roots[0].name != "VCALENDAR":
        raise Broken("calendar", _("This is not one calendar."), line=roots[-1].line if roots else 1)
    return roots[0]


def objects_of(calendar: Component) -> list[Component]:
    """The components of the one object of `calendar`, without its time zones. Raises Broken."""
    if method := calendar.get("METHOD"):
        raise Broken("method", _("Line %(line)s: a message (METHOD) cannot be kept in a calendar."), line=method.line)
    found = [each for each in calendar.components if each.name in KINDS]
    if not found:
        raise Broken("empty", _("There is no event, no task and no journal in this calendar."), line=calendar.line)
    if len({each.name for each in found}) > 1:
        raise Broken("kinds", _("Line %(line)s: an object is of one kind only."), line=found[1].line)
    for each in found:
        if not each.value("UID").strip():
            raise Broken("uid", _("What begins on line %(line)s has no identifier (UID)."), line=each.line)
        if each.value("UID").strip() != found[0].value("UID").strip():
            raise Broken(
                "uids", _("Line %(line)s begins another object: only one may be stored at once."), line=each.line
            )
    masters = [each for each in found if each.get("RECURRENCE-ID") is None]
    if len(masters) > 1:
        raise Broken("twice", _("Line %(line)s begins the same object again."), line=masters[1].line)
    return found


def main_of(objects: list[Component]) -> Component:
    """The master, or the first override when there is none."""
    return next((each for each in objects if each.get("RECURRENCE-ID") is None), objects[0])


def facts_of(calendar: Component, zones: Zones) -> Facts:
    objects = objects_of(calendar)
    main = main_of(objects)
    times = times_of(objects, zones)
    first, last = bounds(times, zones.default)
    slot = times if "start" in times else (times.get("overrides") or [{}])[0]
    status = main.value("STATUS").strip().upper()
    return Facts(
        uid=main.value("UID").strip(),
        component=main.name,
        summary=text(main.value("SUMMARY")),
        description=text(main.value("DESCRIPTION")),
        location=text(main.value("LOCATION")),
        url=main.value("URL").strip(),
        status=status,
        classification=max(map(_classification, objects), key=CLASSES.index),
        is_transparent=main.value("TRANSP").strip().upper() == "TRANSPARENT",
        categories=categories_of(main),
        organizer=address(main.get("ORGANIZER")),
        attendees=tuple(attendee(found) for found in main.all("ATTENDEE")),
        guests=_guests(main, objects),
        sequence=number(main, "SEQUENCE"),
        is_all_day=len(slot.get("start", "")) == 8,
        is_recurring="rules" in times or "dates" in times or "overrides" in times,
        first=first,
        last=last,
        alarms=tuple(each for alarm in main.named("VALARM") if (each := _alarm(alarm, main, zones)) is not None),
        times=times,
        completed=_instant(main.get("COMPLETED"), zones),
        due=_instant(main.get("DUE"), zones) or (last if main.name == "VTODO" and main.get("DURATION") else None),
        priority=number(main, "PRIORITY"),
        percent=min(100, number(main, "PERCENT-COMPLETE")),
    )


def _guests(main: Component, objects: list[Component]) -> tuple[Attendee, ...]:
    """Everybody, once each, with what they answer to the series where they are invited to it."""
    found: dict[str, Attendee] = {}
    for each in (main, *objects):
        for line in each.all("ATTENDEE"):
            said = attendee(line)
            found.setdefault(said.email, said)
    return tuple(found.values())


def categories_of(main: Component) -> tuple[str, ...]:
    return tuple(each.strip() for found in main.all("CATEGORIES") for each in texts(found.value) if each.strip())


def _classification(component: Component) -> str:
    """SECURITY: the strictest of a series holds for it all: what is said of one date is in the same object."""
    said = component.value("CLASS").strip().upper() or "PUBLIC"
    return said if said in CLASSES else "PRIVATE"


def number(component: Component, name: str) -> int:
    """A whole number, 0 when it is missing or is none."""
    said = component.value(name).strip()
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0


def address(found: Property | None) -> str:
    """The mail address of an ORGANIZER or ATTENDEE in small letters, "" without."""
    if found is None:
        return ""
    said = found.value.strip()
    if said.lower().startswith("mailto:"):
        said = said[7:]
    elif "@" not in said or ":" in said:  # Apple and Exchange: urn:uuid:…, with the address beside
        said = found.parameter("EMAIL")
    return said.strip().lower()


def attendee(found: Property) -> Attendee:
    return Attendee(
        email=address(found),
        name=found.parameter("CN"),
        role=found.parameter("ROLE").upper() or "REQ-PARTICIPANT",
        status=found.parameter("PARTSTAT").upper() or "NEEDS-ACTION",
        is_rsvp=found.parameter("RSVP").upper() == "TRUE",
        kind=found.parameter("CUTYPE").upper() or "INDIVIDUAL",
    )


def _instant(found: Property | None, zones: Zones) -> datetime | None:
    return instant(moment(found.value, found), zones) if found and found.value.strip() else None


def _alarm(alarm: Component, main: Component, zones: Zones) -> tuple[int, str] | None:
    """Minutes before, and before what; a fixed time is counted from the start. None for an alarm that never rings."""
    trigger, start = alarm.get("TRIGGER"), main.get("DTSTART") or main.get("DUE")
    if trigger is None or alarm.value("ACTION").strip().upper() == "NONE":
        return None
    try:
        return _rings(trigger, start, zones)
    except Broken:  # an alarm that cannot be read is no reason to refuse its event
        return None


def _rings(trigger: Property, start: Property | None, zones: Zones) -> tuple[int, str] | None:
    if trigger.value.strip().upper().lstrip("+-").startswith("P"):
        sign, size = span(trigger.value, trigger)
        related = "end" if trigger.parameter("RELATED").upper() == "END" else "start"
        return -sign * (size.days * 1440 + size.seconds // 60), related
    if start is None:
        return None
    before = instant(moment(start.value, start), zones) - instant(moment(trigger.value, trigger), zones)
    return int(before.total_seconds() // 60), "start"
