"""Values of properties (RFC 5545 §3.3): moments, durations, periods, texts."""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple

from tilios.kit.ical.lines import Broken, Property
from tilios.kit.refusals import _

MOMENT = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d):?(\d\d)?(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?)?", re.IGNORECASE
)
DURATION = re.compile(r"([+-]?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", re.IGNORECASE)
OFFSET = re.compile(r"([+-]?)(\d\d):?(\d\d)(?::?(\d\d))?")
ESCAPED = re.compile(r"\\(.)", re.DOTALL)

#: Years in which every zone and every length can be added without leaving the calendar.
YEARS = range(100, 9001)


class Moment(NamedTuple):
    """What a date or a date and time says, before it is known where. `tzid` is "" for floating times and days."""

    local: datetime
    is_date: bool = False
    is_utc: bool = False
    tzid: str = ""


class Span(NamedTuple):
    """A duration as RFC 5545 means it: days of the calendar, then exact seconds."""

    days: int = 0
    seconds: int = 0

    def after(self, local: datetime, zone: tzinfo) -> datetime:
        """The instant (UTC) this long after the wall-clock time `local` of `zone`."""
        return utc(local + timedelta(days=self.days), zone) + timedelta(seconds=self.seconds)


def moment(value: str, found: Property, years: range = YEARS) -> Moment:
    """The moment that `value`, one of those of the property `found`, says. Raises Broken("moment")."""
    match = MOMENT.fullmatch(value.strip())
    if match is None or int(match[1]) not in years:
        raise _not_a_moment(value, found)
    year, month, day, hour, minute, second, offset = match.groups()
    try:
        if hour is None:
            return Moment(datetime(int(year), int(month), int(day)), is_date=True)  # noqa: DTZ001
        seconds = int(hour) * 3600 + int(minute) * 60 + min(int(second or 0), 59)
        if seconds > 86400 or int(minute) > 59:
            raise _not_a_moment(value, found)
        local = datetime(int(year), int(month), int(day)) + timedelta(seconds=seconds)  # noqa: DTZ001
    except (ValueError, OverflowError) as error:
        raise _not_a_moment(value, found) from error
    if found.parameter("VALUE").upper() == "DATE" and not seconds and not offset:
        return Moment(local, is_date=True)
    if offset:
        shift = timedelta(0) if offset in "Zz" else utc_offset(offset, found)
        return Moment(local - shift, is_utc=True)
    return Moment(local, tzid=found.parameter("TZID"))


def _not_a_moment(value: str, found: Property) -> Broken:
    return Broken(
        "moment",
        _("Line %(line)s: “%(value)s” is not a date of a calendar (%(name)s)."),
        line=found.line,
        value=value[:40],
        name=found.name,
    )


def span(value: str, found: Property) -> tuple[int, Span]:
    """The sign (1 or -1) and the length of a duration. Raises Broken("duration")."""
    match = DURATION.fullmatch(value.strip())
    if match is None or not any(match.groups()[1:]):
        raise Broken("duration", _("Line %(line)s: “%(value)s” is not a duration."), line=found.line, value=value[:40])
    weeks, days, hours, minutes, seconds = (int(each or 0) for each in match.groups()[1:])
    if weeks > 5000 or days > 40000 or hours > 10**6 or minutes > 10**8 or seconds > 10**9:
        raise Broken("duration", _("Line %(line)s: “%(value)s” is too long."), line=found.line, value=value[:40])
    return -1 if match[1] == "-" else 1, Span(weeks * 7 + days, hours * 3600 + minutes * 60 + seconds)


def utc_offset(value: str, found: Property) -> timedelta:
    """How far ahead of UTC: "+0100". Raises Broken("offset")."""
    match = OFFSET.fullmatch(value.strip())
    if match is None:
        raise Broken("offset", _("Line %(line)s: “%(value)s” is not an offset."), line=found.line, value=value[:40])
    seconds = int(match[2]) * 3600 + int(match[3]) * 60 + int(match[4] or 0)
    return timedelta(seconds=-seconds if match[1] == "-" else seconds)


def text(value: str) -> str:
    """A text without its escapes. Carriage returns become line ends."""
    if "\\" in value:
        value = ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], value)
    return value.replace("\r\n", "\n") if "\r" in value else value


def texts(value: str) -> list[str]:
    """A list of texts: commas part them, unless escaped."""
    return [text(each) for each in re.findall(r"(?:\\.|[^,\\])+", value, re.DOTALL)]


def escaped(value: str) -> str:
    """`value` as a TEXT is written."""
    value = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return value.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def utc(local: datetime, zone: tzinfo) -> datetime:
    """The instant (UTC) of a wall-clock time. An hour skipped is moved forward, one shown twice is its first time."""
    return local.replace(tzinfo=zone).astimezone(UTC)


def basic(local: datetime, *, is_date: bool = False, is_utc: bool = False) -> str:
    """A moment as it is written in a calendar: "20250304T090000Z"."""
    if is_date:
        return f"{local.year:04}{local.month:02}{local.day:02}"
    written = f"{local.year:04}{local.month:02}{local.day:02}T{local.hour:02}{local.minute:02}{local.second:02}"
    return written + "Z" if is_utc else written


def from_basic(value: str) -> datetime:
    """The naive time of what `basic` wrote."""
    if len(value) == 8:
        return datetime(int(value[:4]), int(value[4:6]), int(value[6:8]))  # noqa: DTZ001
    return datetime(  # noqa: DTZ001
        int(value[:4]), int(value[4:6]), int(value[6:8]), int(value[9:11]), int(value[11:13]), int(value[13:15])
    )


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001
