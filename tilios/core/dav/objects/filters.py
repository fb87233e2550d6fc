"""Read the filters of calendar-query (RFC 4791, 9.7) and of addressbook-query (RFC 6352, 10.5)."""

from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from tilios.core.dav.errors import Refusal
from tilios.core.dav.objects.spaces import CALDAV, CARDDAV
from tilios.kit import ical, vcard

DEEPEST = 8
MOST = 200  # filters inside a filter
COLLATIONS = {"i;ascii-casemap", "i;octet", "i;unicode-casemap"}
MATCHES = {"equals", "contains", "starts-with", "ends-with"}


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
        name=_name(element, CALDAV),
        is_not_defined=element.find(f"{CALDAV}is-not-defined") is not None,
        time_range=period(element.find(f"{CALDAV}time-range")),
        components=tuple(component_filter(one, depth + 1) for one in element.findall(f"{CALDAV}comp-filter")),
        properties=tuple(_property(one) for one in element.findall(f"{CALDAV}prop-filter")),
    )


def _property(element: Element) -> ical.PropertyFilter:
    return ical.PropertyFilter(
        name=_name(element, CALDAV),
        is_not_defined=element.find(f"{CALDAV}is-not-defined") is not None,
        time_range=period(element.find(f"{CALDAV}time-range")),
        text=_text(element.find(f"{CALDAV}text-match")),
        parameters=tuple(
            ical.ParameterFilter(
                name=_name(one, CALDAV),
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


def card_filter(element: Element | None) -> vcard.Filter:
    """The filter of an addressbook-query; without prop-filter every card answers."""
    if element is None:
        return vcard.Filter((), is_all=False)
    properties = element.findall(f"{CARDDAV}prop-filter")
    if len(properties) > MOST:
        raise Refusal(403, "supported-filter", space=CARDDAV)
    return vcard.Filter(tuple(map(_card_property, properties)), is_all=element.get("test") == "allof")


def _card_property(element: Element) -> vcard.PropertyFilter:
    return vcard.PropertyFilter(
        name=_name(element, CARDDAV),
        is_not_defined=element.find(f"{CARDDAV}is-not-defined") is not None,
        is_all=element.get("test") == "allof",
        texts=tuple(_card_text(one) for one in element.findall(f"{CARDDAV}text-match")),
        parameters=tuple(
            vcard.ParameterFilter(
                name=_name(one, CARDDAV),
                is_not_defined=one.find(f"{CARDDAV}is-not-defined") is not None,
                text=next(map(_card_text, one.findall(f"{CARDDAV}text-match")), None),
            )
            for one in element.findall(f"{CARDDAV}param-filter")
        ),
    )


def _card_text(element: Element) -> vcard.TextMatch:
    collation, kind = element.get("collation", "i;unicode-casemap"), element.get("match-type", "contains")
    if collation not in COLLATIONS:
        raise Refusal(403, "supported-collation", space=CARDDAV)
    if kind not in MATCHES:
        raise Refusal(403, "supported-filter", space=CARDDAV)
    return vcard.TextMatch(element.text or "", collation, kind, element.get("negate-condition") == "yes")


def _name(element: Element, space: str) -> str:
    name = (element.get("name") or "").strip().upper()
    if not name:
        raise Refusal(400, "valid-filter", space=space)
    return name
