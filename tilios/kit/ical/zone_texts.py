"""A time zone as a property of a calendar: calendar-timezone (RFC 4791, 5.2.2)."""

from datetime import UTC
from functools import lru_cache
from zoneinfo import ZoneInfo

from tilios.kit.ical.drafts import PRODID
from tilios.kit.ical.lines import Component, components, made, written
from tilios.kit.ical.timezones import Zones
from tilios.kit.ical.vtimezones import vtimezone


@lru_cache(maxsize=64)
def timezone(zone: ZoneInfo, year: int) -> bytes:
    """A calendar that holds `zone` alone, right from the year before `year` on."""
    head = [made("VERSION", "2.0"), made("PRODID", PRODID)]
    return written([Component("VCALENDAR", head, [vtimezone(zone, year)])])


def zone_name(data: bytes) -> str:
    """The Olson name of the zone that such a calendar holds; "" for one that no zone is like. Raises Broken."""
    calendar = components(data)[0]
    named = next((one.value("TZID") for one in calendar.components if one.name == "VTIMEZONE"), "")
    return getattr(Zones(calendar, UTC).zone(named), "key", "")
