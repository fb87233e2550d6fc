"""A public event as search engines read it: schema.org/Event in JSON-LD."""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from tilios.core.access.links import absolute
from tilios.core.structures.models import Structure
from tilios.kit import ical
from tilios.tools.agenda.models import Entry
from tilios.tools.agenda.zones import zone_of

STATUSES = {"CANCELLED": "EventCancelled"}
#: SECURITY: within <script>, "</script>" and "<!--" would end or open something; in JSON these say the same.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def announced(
    structure: Structure,
    entry: Entry,
    one: ical.Occurrence,
    *,
    title: str,
    place: str,
    description: str,
    status: str,
    url: str,
) -> SafeString:
    """The JSON of an occurrence, to be put in <script type="application/ld+json">: data, which no browser runs."""
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": title,
        **_moments(entry, one),
        "eventStatus": f"https://schema.org/{STATUSES.get(status, 'EventScheduled')}",
        "location": _location(structure, place),
        "organizer": {"@type": "Organization", "name": structure.name, "url": structure.website or absolute("/")},
        "url": url,
    }
    if description:
        said["description"] = description
    return mark_safe(json.dumps(said, ensure_ascii=False).translate(ESCAPES))  # noqa: S308  # escaped just here


def _moments(entry: Entry, one: ical.Occurrence) -> dict[str, str]:
    """Whole days as days, the last one included; hours with those of the calendar's zone."""
    zone = zone_of(entry.calendar)
    start, end = one.start.astimezone(zone), one.end.astimezone(zone)
    if not one.is_all_day:
        return {"startDate": start.isoformat(), "endDate": end.isoformat()}
    last = max(end.date().toordinal() - 1, start.date().toordinal())
    return {"startDate": start.date().isoformat(), "endDate": start.date().fromordinal(last).isoformat()}


def _location(structure: Structure, place: str) -> dict[str, Any]:
    if place.startswith(("https://", "http://")):
        return {"@type": "VirtualLocation", "url": place}
    address = ", ".join(
        part for part in (" ".join(structure.street.split()), structure.postcode, structure.town) if part
    )
    return {"@type": "Place", "name": place or structure.name, "address": address or place or structure.name}
