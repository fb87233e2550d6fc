"""What somebody may know who sees when things take place, not what they are."""

from uuid import uuid5

from tilios.kit.ical.facts import calendar_of
from tilios.kit.ical.lines import Component, made, written
from tilios.kit.ical.resources import NAMESPACE
from tilios.kit.ical.values import escaped

#: The lines that say when, and whether it takes time.
WHEN = (
    "DTSTAMP", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "STATUS", "SEQUENCE",
    "TRANSP",
)  # fmt: skip
PARAMETERS = ("TZID", "VALUE", "RANGE")


def masked(data: bytes, *, busy: str) -> bytes:
    """The same object, told as times alone: each event is called `busy`, under another UID.

    SECURITY: lines are let through by name, so that whatever a program adds stays out.
    """
    calendar = calendar_of(data)
    kept = [one for one in calendar.components if one.name == "VTIMEZONE"]
    events = [as_busy(one, busy) for one in calendar.components if one.name == "VEVENT"]
    head = [one for one in calendar.properties if one.name in {"VERSION", "PRODID", "CALSCALE"}]
    return written([Component("VCALENDAR", head, [*kept, *events])])


def as_busy(event: Component, busy: str) -> Component:
    """A VEVENT as the time that it takes, called `busy`."""
    uid = made("UID", str(uuid5(NAMESPACE, event.value("UID"))))
    when = [
        made(one.name, one.value, {name: values for name, values in one.parameters.items() if name in PARAMETERS})
        for one in event.properties
        if one.name in WHEN
    ]
    return Component("VEVENT", [uid, *when, made("SUMMARY", escaped(busy))])
