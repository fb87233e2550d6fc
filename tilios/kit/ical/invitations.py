"""Invitations as a server carries them: what reaches each calendar, and what each guest has answered (RFC 6638)."""

from datetime import datetime

from tilios.kit.ical.drafts import touch
from tilios.kit.ical.facts import KINDS, Attendee, address, attendee
from tilios.kit.ical.lines import Component, Property, components, made
from tilios.kit.ical.opened import Series
from tilios.kit.ical.series import instant, zone_text
from tilios.kit.ical.timezones import Zones
from tilios.kit.ical.values import basic, moment

#: Parameters by which a program and its server speak of who sends what: never given to others (RFC 6638, 7).
SCHEDULING = frozenset({"SCHEDULE-AGENT", "SCHEDULE-STATUS", "SCHEDULE-FORCE-SEND"})
#: What a guest may answer.
ANSWERS = ("ACCEPTED", "TENTATIVE", "DECLINED")
#: Who the server leaves to others: "CLIENT" writes to the guest itself, "NONE" writes nothing (RFC 6638, 7.1).
LEFT_ALONE = frozenset({"CLIENT", "NONE"})


def asked_again(data: bytes, recurrence_id: str = "") -> bytes:
    """`data` in which nobody has answered yet: what was answered held for another time (RFC 6638, 3.2.8).

    Of one occurrence, or of the series and all its exceptions. The organizer's own line stays.
    """
    series = Series(_calendar(data))
    wall = series.wall(recurrence_id)
    for component in series.calendar.components:
        if component.name in KINDS and (not wall or _is_at(series, component, wall)):
            organizer = address(component.get("ORGANIZER"))
            lines = [_unanswered(line, organizer) for line in component.all("ATTENDEE")]
            component.put_all("ATTENDEE", lines)
    return series.data()


def raised(data: bytes, now: datetime) -> bytes:
    """`data` as news to whoever was told that it is cancelled: a cancellation counts one further than the event."""
    calendar = _calendar(data)
    for component in calendar.components:
        if component.name in KINDS:
            touch(component, now)
            touch(component, now)
    return Series(calendar).data()


def delivered(data: bytes, guest: str, status: str, known: bytes | None = None) -> bytes:
    """The object as the calendar of `guest`, a mail address, keeps it, with their answer to the series.

    Only the dates that they are invited to. Alarms are the guest's own: those of `known`, what stands there already,
    and none of the organizer's.
    """
    series = Series(_calendar(data))
    _leave_out(series, guest)
    alarms = _alarms(known) if known else []
    for component in (series.master, *series.overrides):
        if component is None:
            continue
        component.components = [each for each in component.components if each.name != "VALARM"]
        sendable(component)
        if component is not series.master:
            continue
        component.components += alarms
        if status == "DECLINED" and component.name == "VEVENT":
            component.put(made("TRANSP", "TRANSPARENT"))  # who does not come is not busy
        component.properties = [
            with_status(line, status)
            if line.name == "ATTENDEE" and address(line) == guest and status != attendee(line).status
            else line
            for line in component.properties
        ]
    return series.data()


def _leave_out(series: Series, guest: str) -> None:
    """Take out the dates that `guest` is not invited to; nothing where they are not invited at all."""
    master = series.master
    of_series = master is not None and _invites(master, guest)
    others = [each for each in series.overrides if not _invites(each, guest)]
    if not of_series and len(others) == len(series.overrides):
        return
    for override in others:
        if of_series and master is not None:
            master.properties.append(series.moment("EXDATE", series.name(override)))
        series.remove(override)
    if not of_series and master is not None:
        series.calendar.components = [each for each in series.calendar.components if each is not master]
        series.master = None


def _invites(component: Component, guest: str) -> bool:
    return any(address(line) == guest for line in component.all("ATTENDEE"))


def statuses(data: bytes, guest: str) -> dict[str, str]:
    """What `guest`, a mail address, answers in `data`: by occurrence that has a line of its own, "" for the series."""
    series = Series(_calendar(data))
    found = {}
    for component in (series.master, *series.overrides):
        if component is None:
            continue
        line = next((each for each in component.all("ATTENDEE") if address(each) == guest), None)
        if line is not None:
            found["" if component is series.master else series.name(component)] = attendee(line).status
    return found


def status_of(data: bytes, guest: str, recurrence_id: str = "") -> str:
    """What `guest` answers to one occurrence, or to the series; "" where they are not invited."""
    found = statuses(data, guest)
    wall = Series(_calendar(data)).wall(recurrence_id) if recurrence_id else ""
    return found.get(wall, found.get("", ""))


def guests(data: bytes, recurrence_id: str = "") -> tuple[Attendee, ...]:
    """Who is invited to one occurrence, or to the series, with what each answers."""
    series = Series(_calendar(data))
    found = (series.override(series.wall(recurrence_id)) if recurrence_id else None) or series.master
    found = found or series.overrides[0]
    return tuple(attendee(line) for line in found.all("ATTENDEE"))


def with_occurrence(data: bytes, message: bytes) -> bytes:
    """`data` with the occurrences that `message` is about, in the place of what it said of them."""
    series, news = Series(_calendar(data)), Series(_calendar(message))
    for override in news.overrides:
        wall = series.wall(occurrence_name(override.get("RECURRENCE-ID"), news.zones))
        known = series.override(wall)
        if known is not None:
            series.remove(known)
        series.overrides.append(override)
        series.calendar.components.append(override)
    return series.data()


def left_alone(data: bytes) -> set[str]:
    """The addresses of the guests whom a program says it invites by itself, or not at all (SCHEDULE-AGENT)."""
    return {
        address(line)
        for component in _calendar(data).components
        for line in component.properties
        if line.name == "ATTENDEE" and line.parameter("SCHEDULE-AGENT").upper() in LEFT_ALONE
    }


def sendable(component: Component, organizer: str = "") -> None:
    """Take out of a component what is between a program and its server; `organizer` is where answers go, if said."""
    lines = []
    for line in component.properties:
        if line.name == "ORGANIZER" and organizer:
            name = {"CN": line.parameters["CN"]} if "CN" in line.parameters else None
            line = made("ORGANIZER", f"mailto:{organizer}", name)
        elif line.name in ("ORGANIZER", "ATTENDEE") and SCHEDULING & line.parameters.keys():
            kept = {name: values for name, values in line.parameters.items() if name not in SCHEDULING}
            line = made(line.name, line.value, kept)
        lines.append(line)
    component.properties = lines


def with_status(line: Property, status: str) -> Property:
    """The ATTENDEE line with another answer; who has answered is not asked any more (RSVP)."""
    parameters = {name: values for name, values in line.parameters.items() if name not in ("PARTSTAT", "RSVP")}
    return made("ATTENDEE", line.value, parameters | {"PARTSTAT": [status.upper()]})


def _unanswered(line: Property, organizer: str) -> Property:
    said = attendee(line)
    if said.email == organizer or (said.status == "NEEDS-ACTION" and said.is_rsvp):
        return line
    parameters = {name: values for name, values in line.parameters.items() if name not in ("PARTSTAT", "RSVP")}
    return made("ATTENDEE", line.value, parameters | {"PARTSTAT": ["NEEDS-ACTION"], "RSVP": ["TRUE"]})


def occurrence_name(found: Property | None, zones: Zones) -> str:
    """The name of an occurrence that a RECURRENCE-ID gives: in UTC where it names a zone; "" for the whole series."""
    if found is None:
        return ""
    said = moment(found.value, found)
    if said.is_date or not zone_text(said, zones):
        return basic(said.local, is_date=said.is_date)
    return basic(instant(said, zones), is_utc=True)


def _is_at(series: Series, component: Component, wall: str) -> bool:
    return component is not series.master and series.name(component) == wall


def _alarms(known: bytes) -> list[Component]:
    objects = [each for each in _calendar(known).components if each.name in KINDS]
    main = next((each for each in objects if each.get("RECURRENCE-ID") is None), None)
    return main.named("VALARM") if main else []


def _calendar(data: bytes) -> Component:
    calendar = components(data)[0]
    calendar.drop("METHOD")
    return calendar
