"""Invitations and answers by mail (iTIP, RFC 5546): what is sent, what comes in, and what an answer changes."""

from dataclasses import dataclass
from datetime import UTC, datetime

from tilios.kit.ical.changes import new_override
from tilios.kit.ical.drafts import PRODID, stamp
from tilios.kit.ical.facts import KINDS, Attendee, address, attendee, main_of, number
from tilios.kit.ical.invitations import occurrence_name, sendable, with_status
from tilios.kit.ical.lines import Broken, Component, Property, components, made, written
from tilios.kit.ical.opened import Series
from tilios.kit.ical.series import instant
from tilios.kit.ical.timezones import Zones
from tilios.kit.ical.values import escaped, moment, text
from tilios.kit.refusals import _

METHODS = ("PUBLISH", "REQUEST", "REPLY", "ADD", "CANCEL", "REFRESH", "COUNTER", "DECLINECOUNTER")
STATUSES = ("NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED", "COMPLETED", "IN-PROCESS")
#: What a reply or a cancellation says of the event: enough to find it and to tell a person which one it is.
NAMING = ("UID", "RECURRENCE-ID", "DTSTART", "DTEND", "DUE", "DURATION", "SUMMARY", "LOCATION", "ORGANIZER", "SEQUENCE")


@dataclass(frozen=True, slots=True)
class Itip:
    """A message about one object. `recurrence_id` is in UTC where it names a zone; "" is the whole series.

    `attendee` and `status` are those of the one who answers; `data` is the object as a calendar keeps it.
    """

    method: str
    component: str
    uid: str
    sequence: int
    recurrence_id: str
    organizer: str
    attendees: tuple[Attendee, ...]
    attendee: str
    status: str
    summary: str
    comment: str
    dtstamp: datetime | None
    dtstart: datetime | None
    data: bytes


def request(data: bytes, *, recurrence_id: str = "", organizer: str = "", now: datetime) -> bytes:
    """An invitation to the object, or to one of its occurrences. Alarms are the organizer's own and are not sent.

    `organizer` is the mail address to which answers go, where it is another than the organizer's own.
    """
    series = _opened(data)
    if recurrence_id:
        override = _instance(series, recurrence_id)
        series.calendar.components = [*series.calendar.named("VTIMEZONE"), override]
    for component in series.calendar.components:
        if component.name in KINDS:
            component.components = [each for each in component.components if each.name != "VALARM"]
            component.put(made("DTSTAMP", stamp(now)))
    return _message(series, "REQUEST", organizer)


def cancel(
    data: bytes, *, attendees: tuple[str, ...] = (), recurrence_id: str = "", organizer: str = "", now: datetime
) -> bytes:
    """A cancellation of the object or of one occurrence, for those `attendees` (mail addresses) or for all.

    `organizer` is as in `request`: programs know an event by its organizer too.
    """
    series = _opened(data)
    source = _instance(series, recurrence_id) if recurrence_id else _main(series)
    component = _named(source, now)
    component.put(made("SEQUENCE", str(number(source, "SEQUENCE") + 1)))
    component.put(made("STATUS", "CANCELLED"))
    wanted = {each.lower() for each in attendees}
    component.properties += [each for each in source.all("ATTENDEE") if not wanted or address(each) in wanted]
    series.calendar.components = [*series.calendar.named("VTIMEZONE"), component]
    return _message(series, "CANCEL", organizer)


def reply(
    data: bytes, attendee: str, status: str, recurrence_id: str = "", *, now: datetime, comment: str = ""
) -> bytes:
    """The answer of `attendee`, a mail address, to what `data` invites to. Raises Broken("attendee") if not invited."""
    series = _opened(data)
    source = _instance(series, recurrence_id) if recurrence_id else _main(series)
    component = _named(source, now)
    component.properties.append(_answered(_line_of(source, attendee), status))
    if comment:
        component.properties.append(made("COMMENT", escaped(comment)))
    component.put(made("REQUEST-STATUS", "2.0;Success"))
    series.calendar.components = [*series.calendar.named("VTIMEZONE"), component]
    return _message(series, "REPLY")


def itip(data: bytes) -> Itip:
    """What an incoming message says. Raises Broken when it is none, or about several objects."""
    roots = [root for root in components(data) if root.name == "VCALENDAR"]
    if not roots:
        raise Broken("calendar", _("This is not one calendar."), line=1)
    calendar = roots[0]
    method = calendar.value("METHOD").strip().upper()
    if method not in METHODS:
        raise Broken("method", _("This calendar is not an invitation nor an answer to one."), line=calendar.line)
    objects = [each for each in calendar.components if each.name in KINDS]
    if not objects or len({each.value("UID").strip() for each in objects}) > 1 or not objects[0].value("UID").strip():
        raise Broken("uids", _("This message is not about one event or task."), line=calendar.line)
    main, zones = main_of(objects), Zones(calendar, UTC)
    people = tuple(attendee(each) for each in main.all("ATTENDEE"))
    answering = people[0] if method in ("REPLY", "COUNTER", "REFRESH") and people else None
    calendar.drop("METHOD")
    return Itip(
        method=method,
        component=main.name,
        uid=main.value("UID").strip(),
        sequence=number(main, "SEQUENCE"),
        recurrence_id=occurrence_name(main.get("RECURRENCE-ID"), zones),
        organizer=address(main.get("ORGANIZER")),
        attendees=people,
        attendee=answering.email if answering else "",
        status=answering.status if answering else "",
        summary=text(main.value("SUMMARY")),
        comment=text(main.value("COMMENT")),
        dtstamp=_instant(main.get("DTSTAMP"), zones),
        dtstart=_instant(main.get("DTSTART"), zones),
        data=written([calendar]),
    )


def with_answer(data: bytes, attendee: str, status: str, recurrence_id: str = "") -> bytes:
    """`data` with the answer of `attendee`, a mail address, to the series or to one occurrence; all else stays.

    An answer to the series holds for every occurrence. Raises Broken("attendee") if not invited.
    """
    series = _opened(data)
    if recurrence_id:
        targets = [_instance(series, recurrence_id)]
    else:
        targets = [each for each in series.calendar.components if each.name in KINDS]
    _line_of(targets[0], attendee)
    for component in targets:
        component.properties = [
            _answered(each, status) if each.name == "ATTENDEE" and address(each) == attendee.lower() else each
            for each in component.properties
        ]
    return series.data()


def _opened(data: bytes) -> Series:
    calendar = components(data)[0]
    calendar.drop("METHOD")
    return Series(calendar)


def _main(series: Series) -> Component:
    return series.master or series.overrides[0]


def _instance(series: Series, recurrence_id: str) -> Component:
    wall = series.wall(recurrence_id)
    found = series.override(wall)
    if found is None and series.master is not None and series.has(wall):
        found = new_override(series, wall)
    if found is None:
        raise Broken("occurrence", _("Nothing happens at %(time)s in this series."), time=recurrence_id[:20])
    return found


def _named(source: Component, now: datetime) -> Component:
    kept = [each for each in source.properties if each.name in NAMING]
    return Component(source.name, [*kept, made("DTSTAMP", stamp(now))])


def _line_of(component: Component, email: str) -> Property:
    found = next((each for each in component.all("ATTENDEE") if address(each) == email.lower()), None)
    if found is None:
        raise Broken("attendee", _("%(email)s is not invited to this."), line=component.line, email=email[:80])
    return found


def _answered(line: Property, status: str) -> Property:
    if status.upper() not in STATUSES:
        raise ValueError(f"no answer: {status}")
    return with_status(line, status)


def _message(series: Series, method: str, organizer: str = "") -> bytes:
    calendar = series.calendar
    for component in calendar.components:
        if component.name in KINDS:
            sendable(component, organizer)
    calendar.put(made("PRODID", PRODID))
    calendar.properties = [each for each in calendar.properties if each.name in ("VERSION", "PRODID", "CALSCALE")]
    calendar.properties.append(made("METHOD", method))
    return series.data()


def _instant(found: Property | None, zones: Zones) -> datetime | None:
    return instant(moment(found.value, found), zones) if found else None
