"""Days and hours of a date poll, in words and in a time zone."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext

from tilios.kit import zones
from tilios.kit.zones import localise
from tilios.ui.dates import day_in_words

NEAR_DAYS = 300

#: The zones offered first: where French-speaking associations are.
NEAR = (
    "Europe/Paris", "Europe/Brussels", "Europe/Zurich", "Europe/London", "Europe/Lisbon", "America/Toronto",
    "America/Guadeloupe", "America/Martinique", "America/Cayenne", "America/Miquelon", "Indian/Reunion",
    "Indian/Mayotte", "Pacific/Noumea", "Pacific/Tahiti", "Africa/Dakar", "Africa/Abidjan", "Africa/Algiers",
    "Africa/Tunis", "Africa/Casablanca", "Africa/Kinshasa", "Indian/Antananarivo", "UTC",
)  # fmt: skip


def zone_names() -> list[str]:
    """Every zone by its name, the near ones first."""
    rest = sorted(name for name in zones.names() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
    return [*NEAR, *(name for name in rest if name not in NEAR)]


def is_zone(name: str) -> bool:
    return name in zones.names()


def zone_label(name: str) -> str:
    """ "America/Toronto" gives "Toronto"."""
    return name.rpartition("/")[2].replace("_", " ")


def span(day: date, start: time | None, end: time | None, tz: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """The instants of hours of a day in `tz`; an end that is not after the start is on the next day."""
    if start is None:
        return None, None
    starts_at = localise(datetime.combine(day, start), tz).astimezone(UTC)
    if end is None:
        return starts_at, None
    last = day if end > start else day + timedelta(days=1)
    return starts_at, localise(datetime.combine(last, end), tz).astimezone(UTC)


def name(option: Any, tz: ZoneInfo, *, short: bool = False, full: bool = False) -> str:
    """ "vendredi 12 juin, 18:00 – 20:00"; short: "ven 12 juin 18:00"; full: with its year. A label follows its day."""
    if option.day is None:
        return option.label
    said = day_name(local_day(option, tz), short=short, full=full)
    if option.starts_at:
        said += f"{' ' if short else ', '}{hours(option, tz, short=short)}"
    return f"{said} · {option.label}" if option.label else said


def local_day(option: Any, tz: ZoneInfo) -> date:
    return option.starts_at.astimezone(tz).date() if option.starts_at else option.day


def day_name(day: date, *, short: bool = False, full: bool = False) -> str:
    """The year is said when it does not go without saying: asked for, or far from today."""
    if short:
        return date_format(day, gettext("D j M"))
    near = abs((day - timezone.localdate()).days) < NEAR_DAYS
    return day_in_words(day, year=full or not near)


def moment_name(moment: datetime, tz: ZoneInfo) -> str:
    """ "vendredi 12 juin 2026, 18:00"."""
    local = moment.astimezone(tz)
    return f"{day_name(local.date())}, {time_format(local.time(), 'H:i')}"


def hours(option: Any, tz: ZoneInfo, *, short: bool = False) -> str:
    """ "18:00 – 20:00", "18:00", with (+1) when it ends another day; empty for a whole day."""
    if not option.starts_at:
        return ""
    start = option.starts_at.astimezone(tz)
    said = time_format(start.time(), "H:i")
    dash = "\N{NO-BREAK SPACE}–\N{NO-BREAK SPACE}"
    if option.ends_at and not short:
        end = option.ends_at.astimezone(tz)
        days = (end.date() - start.date()).days
        said += f"{dash}{time_format(end.time(), 'H:i')}" + (f" (+{days})" if days else "")
    return said


def sort_key(option: Any) -> tuple[str, str]:
    """Options of a date poll in the order of time, whole days first."""
    return (option.day.isoformat() if option.day else "", option.starts_at.isoformat() if option.starts_at else "")
