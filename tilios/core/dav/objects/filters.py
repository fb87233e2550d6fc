"""Read the filters of calendar-query (RFC 4791, 9.7)."""

from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from tilios.core.dav.errors import Refusal
from tilios.core.dav.objects.spaces import CALDAV
from tilios.kit import ical

DEEPEST = 8
MOST = 200  # filters inside a filter
COLLATIONS = {"i;ascii-casemap", "i;octet", "i;unicode-casemap"}


def moment(text: str | None) -> datetime | None:
    """A UTC time as filters write it, "20261126T080000Z"; None where there is none. Raises Refusal(400)."""
    if text is None:
        return None
    try:
        return datetime.strptime(text.strip(), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise Refusal(400, "valid-filter", space=CALDAV) from error


def period(element: Element | None) -> tuple[datetime | None, datetime | None] | None:
    """Start and end of a time-range; either may be open, not both."""
    if element is None:
        return None
    start, end = moment(element.get("start")), moment(element.get("end"))
    if (start is None and end is None) or (start is not None and end is not None and start >= end):
        raise Refusal(400, "valid-filter", space=CALDAV)
    return start, end


def component_filter(element: Element, depth: int = 0) -> ical.ComponentFilter:
    """A comp-filter. Raises Refusal(400) for what makes no sense."""
    if depth > DEEPEST or len(element) > MOST:
        raise Refusal(403, "valid-filter", space=CALDAV)
    return ical.ComponentFilter(
        name=name_of(element, CALDAV),
        is_not_defined=element.find(f"{CALDAV}is-not-defined") is not None,
        time_range=period(element.find(f"{CALDAV}time-range")),
        components=tuple(component_filter(one, depth + 1) for one in element.findall(f"{CALDAV}comp-filter")),
        properties=tuple(_property(one) for one in element.findall(f"{CALDAV}prop-filter")),
    )


def _property(element: Element) -> ical.PropertyFilter:
    return ical.PropertyFilter(
        name=name_of(element, CALDAV),
        is_not_defined=element.find(f"{CALDAV}is-not-defined") is not None,
        time_range=period(element.find(f"{CALDAV}time-range")),
        text=_text(element.find(f"{CALDAV}text-match")),
        parameters=tuple(
            ical.ParameterFilter(
                name=name_of(one, CALDAV),
                is_not_defined=one.find(f"{CALDAV}is-not-defined") is not None,
                text=_text(one.find(f"{CALDAV}text-match")),
            )
            for one in element.findall(f"{CALDAV}param-filter")
        ),
    )


def _text(element: Element | None) -> ical.TextMatch | None:
    if element is None:
        return None
    collation = element.get("collation", "i;ascii-casemap")
    if collation not in COLLATIONS:
        raise Refusal(403, "supported-collation", space=CALDAV)
    return ical.TextMatch(element.text or "", collation, element.get("negate-condition") == "yes")


def name_of(element: Element, space: str) -> str:
    """What a filter is about. Raises Refusal(400) without a name."""
    name = (element.get("name") or "").strip().upper()
    if not name:
        raise Refusal(400, "valid-filter", space=space)
    return name
