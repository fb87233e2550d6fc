"""Many objects as one calendar: subscriptions and exports (RFC 7986)."""

from collections.abc import Iterable, Iterator

from tilios.kit.ical.colours import named
from tilios.kit.ical.drafts import PRODID
from tilios.kit.ical.facts import KINDS
from tilios.kit.ical.lines import Component, components, folded, made, written
from tilios.kit.ical.masks import as_busy
from tilios.kit.ical.values import escaped


def feed(
    resources: Iterable[bytes],
    *,
    name: str,
    colour: str = "",
    refresh_s: int = 3600,
    busy_only: bool = False,
    busy: str = "Busy",
    has_alarms: bool = True,
) -> Iterator[bytes]:
    """One calendar called `name`, piece by piece, of `resources` (calendar objects); each time zone is said once.

    `refresh_s` is how often to ask again, in seconds. With `busy_only` times alone are told, of events that take time,
    each called `busy` and under another UID.
    """
    minutes = max(1, refresh_s // 60)
    head = [
        made("VERSION", "2.0"),
        made("PRODID", PRODID),
        made("CALSCALE", "GREGORIAN"),
        made("NAME", escaped(name)),
        made("X-WR-CALNAME", escaped(name)),
        made("REFRESH-INTERVAL", f"PT{minutes}M", {"VALUE": ["DURATION"]}),
        made("X-PUBLISHED-TTL", f"PT{minutes}M"),
    ]
    if colour:
        head.append(made("COLOR", named(colour) if colour.startswith("#") else colour))
        if colour.startswith("#"):
            head.append(made("X-APPLE-CALENDAR-COLOR", colour))
    yield b"BEGIN:VCALENDAR\r\n" + b"".join(folded(each.raw) for each in head)
    told: set[str] = set()
    for data in resources:
        pieces: list[Component] = []
        for component in (each for root in components(data) for each in root.components):
            if component.name == "VTIMEZONE":
                if component.value("TZID") not in told:
                    told.add(component.value("TZID"))
                    pieces.append(component)
            elif not busy_only:
                if not has_alarms:
                    component.components = [each for each in component.components if each.name != "VALARM"]
                pieces.append(component)
            elif component.name == "VEVENT" and component.value("TRANSP").strip().upper() != "TRANSPARENT":
                pieces.append(as_busy(component, busy))
        if any(each.name in KINDS for each in pieces):
            yield written(pieces)
        else:
            told -= {each.value("TZID") for each in pieces}
    yield b"END:VCALENDAR\r\n"
