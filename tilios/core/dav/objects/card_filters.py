"""Read the filters of addressbook-query (RFC 6352, 10.5)."""

from xml.etree.ElementTree import Element

from tilios.core.dav.errors import Refusal
from tilios.core.dav.objects.filters import COLLATIONS, MOST, name_of
from tilios.core.dav.objects.spaces import CARDDAV
from tilios.kit import vcard

MATCHES = {"equals", "contains", "starts-with", "ends-with"}


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
        name=name_of(element, CARDDAV),
        is_not_defined=element.find(f"{CARDDAV}is-not-defined") is not None,
        is_all=element.get("test") == "allof",
        texts=tuple(_card_text(one) for one in element.findall(f"{CARDDAV}text-match")),
        parameters=tuple(
            vcard.ParameterFilter(
                name=name_of(one, CARDDAV),
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
    is_negated = element.get("negate-condition") == "yes"
    return vcard.TextMatch(element.text or "", collation, is_negated, match=kind)
