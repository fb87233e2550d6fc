"""What somebody may know of events who is not told everything: the times alone, or what an announcement says."""

from collections.abc import Callable, Container
from uuid import uuid5

from tilios.kit.ical.facts import calendar_of
from tilios.kit.ical.lines import Component, Property, made, written
from tilios.kit.ical.resources import NAMESPACE
from tilios.kit.ical.values import escaped

#: The lines that say when, and whether it takes time.
WHEN = (
    "DTSTAMP", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "STATUS", "SEQUENCE",
    "TRANSP",
)  # fmt: skip
#: The lines that say what, to anybody: neither who organises nor who is invited, nor what programs add.
WHAT = (
    "UID", "SUMMARY", "LOCATION", "GEO", "DESCRIPTION", "URL", "CATEGORIES", "CREATED", "LAST-MODIFIED", "COLOR",
    "CLASS",
)  # fmt: skip
PARAMETERS = ("TZID", "VALUE", "RANGE")


def masked(data: bytes, *, busy: str) -> bytes:
    """The same object, told as times alone: each event is called `busy`, under another UID.

    SECURITY: lines are let through by name, so that whatever a program adds stays out.
    """
    return _only(data, lambda event: as_busy(event, busy))


def shown_to_all(data: bytes) -> bytes:
    """The same object with what an announcement says of its events: when, what, where. Their UIDs stay.

    SECURITY: lines are let through by name, as in `masked`.
    """
    return _only(data, lambda event: Component("VEVENT", _kept(event, (*WHAT, *WHEN))))


def _only(data: bytes, shown: Callable[[Component], Component]) -> bytes:
    calendar = calendar_of(data)
    kept = [one for one in calendar.components if one.name == "VTIMEZONE"]
    events = [shown(one) for one in calendar.components if one.name == "VEVENT"]
    head = [one for one in calendar.properties if one.name in {"VERSION", "PRODID", "CALSCALE"}]
    return written([Component("VCALENDAR", head, [*kept, *events])])


def _kept(event: Component, names: Container[str]) -> list[Property]:
    return [
        made(one.name, one.value, {name: values for name, values in one.parameters.items() if name in PARAMETERS})
        for one in event.properties
        if one.name in names
    ]


def as_busy(event: Component, busy: str) -> Component:
    """A VEVENT as the time that it takes, called `busy`."""
    uid = made("UID", str(uuid5(NAMESPACE, event.value("UID"))))
    return Component("VEVENT", [uid, *_kept(event, WHEN), made("SUMMARY", escaped(busy))])
