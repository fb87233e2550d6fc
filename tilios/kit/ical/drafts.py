"""Calendar objects written from what people type, and the properties of one changed without touching the others."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import uuid4

from tilios.kit.ical import rules
from tilios.kit.ical.attachments import Attachment, attach, detach
from tilios.kit.ical.facts import Attendee, address, attendee, categories_of, number
from tilios.kit.ical.lines import Component, Property, made, written
from tilios.kit.ical.timezones import by_name
from tilios.kit.ical.values import Moment, basic, escaped, moment, span, text
from tilios.kit.ical.vtimezones import add_zones

PRODID = "-//Tilios//Agenda//FR"
TEXTS = {"summary": "SUMMARY", "location": "LOCATION", "description": "DESCRIPTION"}
WORDS = {"status": "STATUS", "classification": "CLASS", "url": "URL", "color": "COLOR"}
NUMBERS = {"priority": "PRIORITY", "percent": "PERCENT-COMPLETE"}
TIMES = {"start", "end", "is_all_day", "tzid"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """An event, task or journal to write. `start` and `end` are wall-clock times of the Olson zone `tzid`.

    Times are naive (an aware one is brought to `tzid`); "" floats, "UTC" is UTC. The end of days is the day after the
    last, as DTEND; of a task it is when it is due. `alarms` are minutes before "start" or "end". `uid` "" makes one.
    `attached` is joined to what is joined already; `detached` are keys of what goes.
    """

    summary: str = ""
    start: datetime | None = None
    end: datetime | None = None
    is_all_day: bool = False
    tzid: str = ""
    uid: str = ""
    component: str = "VEVENT"
    rrule: str = ""
    location: str = ""
    description: str = ""
    url: str = ""
    color: str = ""
    categories: tuple[str, ...] = ()
    status: str = ""
    classification: str = ""
    is_transparent: bool = False
    organizer: str = ""
    organizer_name: str = ""
    attendees: tuple[Attendee, ...] = ()
    alarms: tuple[tuple[int, str], ...] = ()
    attached: tuple[Attachment, ...] = ()
    detached: tuple[str, ...] = ()
    completed: datetime | None = None
    priority: int = 0
    percent: int = 0


DRAFT_FIELDS = frozenset(field.name for field in fields(Draft))


def new(draft: Draft, now: datetime) -> bytes:
    """The calendar object that `draft` describes, made at `now`. Raises Broken for a wrong `rrule`."""
    component = Component(draft.component)
    component.properties.append(made("UID", draft.uid or str(uuid4())))
    component.properties.append(made("DTSTAMP", stamp(now)))
    component.properties.append(made("CREATED", stamp(now)))
    given = {name: value for name in DRAFT_FIELDS if (value := getattr(draft, name)) not in ("", None, (), False, 0)}
    apply(component, given)
    calendar = Component("VCALENDAR", [made("VERSION", "2.0"), made("PRODID", PRODID)], [component])
    add_zones(calendar)
    return written([calendar])


def stamp(now: datetime) -> str:
    return basic(now.astimezone(UTC), is_utc=True)


def touch(component: Component, now: datetime) -> None:
    """Say that the component was changed at `now`."""
    component.put(made("DTSTAMP", stamp(now)))
    component.put(made("LAST-MODIFIED", stamp(now)))
    component.put(made("SEQUENCE", str(number(component, "SEQUENCE") + 1)))


def apply(component: Component, given: dict[str, Any]) -> None:
    """Write the fields of a Draft that are `given` in `component`; every other line stays. Raises Broken for a rule."""
    if unknown := set(given) - DRAFT_FIELDS:
        raise ValueError(f"no field of a draft: {sorted(unknown)}")
    if TIMES & set(given):
        _apply_times(component, given)
    for name, key in TEXTS.items():
        if name in given:
            _put(component, key, escaped(given[name]), is_same=text(component.value(key)) == given[name])
    for name, key in WORDS.items():
        if name in given:
            value = given[name] if key in ("URL", "COLOR") else given[name].upper()
            _put(component, key, "".join(value.split("\n")).strip(), is_same=component.value(key) == value)
    for name, key in NUMBERS.items():
        if name in given:
            _put(component, key, str(given[name]) if given[name] else "", is_same=number(component, key) == given[name])
    if "rrule" in given:
        if given["rrule"]:
            rules.parse(given["rrule"])
        _put(component, "RRULE", given["rrule"].strip(), is_same=component.value("RRULE") == given["rrule"])
    if "is_transparent" in given and component.name == "VEVENT":
        was = component.value("TRANSP").strip().upper() == "TRANSPARENT"
        _put(
            component,
            "TRANSP",
            "TRANSPARENT" if given["is_transparent"] else "OPAQUE",
            is_same=was == given["is_transparent"],
        )
    if "categories" in given and tuple(given["categories"]) != categories_of(component):
        said = ",".join(escaped(each) for each in given["categories"])
        component.put_all("CATEGORIES", [made("CATEGORIES", said)] if said else [])
    if "completed" in given:
        _put(component, "COMPLETED", stamp(given["completed"]) if given["completed"] else "", is_same=False)
    _apply_people(component, given)
    detach(component, given.get("detached", ()))
    attach(component, given.get("attached", ()))
    if "alarms" in given:
        _apply_alarms(component, given["alarms"])


def _put(component: Component, name: str, value: str, *, is_same: bool) -> None:
    if is_same:
        return
    if value:
        component.put(made(name, value))
    else:
        component.drop(name)


def time_property(name: str, moment: datetime, tzid: str, *, is_all_day: bool) -> Property:
    """DTSTART and its kin: a day, UTC, a floating time or a time of `tzid`."""
    if moment.tzinfo is not None:
        moment = moment.astimezone(by_name(tzid) if tzid else UTC).replace(tzinfo=None)
        tzid = tzid or "UTC"
    if is_all_day:
        return made(name, basic(moment, is_date=True), {"VALUE": ["DATE"]})
    if tzid == "UTC":
        return made(name, basic(moment, is_utc=True))
    return made(name, basic(moment), {"TZID": [tzid]} if tzid else None)


def _apply_times(component: Component, given: dict[str, Any]) -> None:
    """Write DTSTART and DTEND or DUE; a line that says the same already stays as it came."""
    is_all_day, tzid = given.get("is_all_day", False), given.get("tzid", "")
    end_name = "DUE" if component.name == "VTODO" else "DTEND"
    begun = component.get("DTSTART")
    if start := given.get("start"):
        _put_time(component, time_property("DTSTART", start, tzid, is_all_day=is_all_day))
    elif "start" in given:
        component.drop("DTSTART")
    if component.name == "VJOURNAL" or "end" not in given:
        return
    end = given["end"]
    if end is None:
        component.drop(end_name, "DURATION")
        return
    if is_all_day and start is not None and end <= start and component.name == "VEVENT":
        end = start + timedelta(days=1)
    wanted = time_property(end_name, end, tzid, is_all_day=is_all_day)
    if not _lasts_so(component, begun, wanted):
        component.drop("DURATION")
        _put_time(component, wanted)


def _put_time(component: Component, wanted: Property) -> None:
    found = component.get(wanted.name)
    if found is None or _meaning(found) != _meaning(wanted):
        component.put(wanted)


def _meaning(found: Property) -> tuple[Moment, Any]:
    """A moment without the name of its zone, and that zone."""
    said = moment(found.value, found)
    return said._replace(tzid=""), by_name(said.tzid) or said.tzid if said.tzid else None


def _lasts_so(component: Component, begun: Property | None, end: Property) -> bool:
    """Whether DURATION already says when what `begun` ends."""
    length = component.get("DURATION")
    if length is None or begun is None:
        return False
    _sign, size = span(length.value, length)
    said = moment(begun.value, begun)
    local = said.local + timedelta(days=size.days, seconds=size.seconds)
    return _meaning(begun)[1] == _meaning(end)[1] and said._replace(local=local, tzid="") == _meaning(end)[0]


def _apply_people(component: Component, given: dict[str, Any]) -> None:
    if "organizer" in given:
        email = given["organizer"]
        if not email:
            component.drop("ORGANIZER")
        elif address(component.get("ORGANIZER")) != email.lower():
            name = given.get("organizer_name", "")
            component.put(made("ORGANIZER", f"mailto:{email}", {"CN": [name]} if name else None))
    if "attendees" in given:
        known = {address(found): found for found in component.all("ATTENDEE")}
        lines = [attendee_line(each, known.get(each.email.lower())) for each in given["attendees"]]
        component.put_all("ATTENDEE", lines)


def attendee_line(wanted: Attendee, known: Property | None) -> Property:
    """The ATTENDEE line of `wanted`: the line it has, if that says the same; else its other parameters are kept."""
    if known is not None and attendee(known) == wanted:
        return known
    parameters = dict(known.parameters) if known else {}
    said = {"CN": wanted.name, "ROLE": wanted.role, "PARTSTAT": wanted.status, "CUTYPE": wanted.kind}
    usual = {"ROLE": "REQ-PARTICIPANT", "CUTYPE": "INDIVIDUAL"}
    for name, value in said.items():
        parameters.pop(name, None)
        if value and value != usual.get(name):
            parameters[name] = [value]
    parameters.pop("RSVP", None)
    if wanted.is_rsvp:
        parameters["RSVP"] = ["TRUE"]
    return made("ATTENDEE", known.value if known else f"mailto:{wanted.email}", parameters)


def _apply_alarms(component: Component, alarms: Iterable[tuple[int, str]]) -> None:
    """Alarms that are wanted stay as they came; others go, but for those that this program does not read."""
    wanted = list(dict.fromkeys(alarms))
    kept: list[Component] = []
    for inner in component.components:
        said = _relative(inner)
        if said is None:
            kept.append(inner)
        elif said in wanted:
            kept.append(inner)
            wanted.remove(said)
    component.components = kept + [_alarm(minutes, related, component) for minutes, related in wanted]


def _relative(alarm: Component) -> tuple[int, str] | None:
    """Minutes before, and before what; None for what is no alarm counted from the event."""
    trigger = alarm.get("TRIGGER")
    said = alarm_offset(trigger) if alarm.name == "VALARM" and trigger is not None else None
    return (int(-said[0].total_seconds()) // 60, said[1]) if said else None


def alarm_offset(trigger: Property) -> tuple[timedelta, Literal["start", "end"]] | None:
    """How long after the start or the end a TRIGGER rings (mostly before, so below zero); None for a fixed time."""
    if not trigger.value.strip().lstrip("+-").upper().startswith("P"):
        return None
    sign, size = span(trigger.value, trigger)
    related: Literal["start", "end"] = "end" if trigger.parameter("RELATED").upper() == "END" else "start"
    return sign * timedelta(days=size.days, seconds=size.seconds), related


def _alarm(minutes: int, related: str, component: Component) -> Component:
    sign = "-" if minutes > 0 else ""
    trigger = made("TRIGGER", f"{sign}PT{abs(minutes)}M", {"RELATED": ["END"]} if related == "end" else None)
    shown = made("DESCRIPTION", component.value("SUMMARY") or "Reminder")
    return Component("VALARM", [made("ACTION", "DISPLAY"), shown, trigger])
