"""Recurrence rules as they are written (RFC 5545 §3.3.10)."""

from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from tilios.kit.ical.lines import Broken
from tilios.kit.ical.values import MOMENT, YEARS
from tilios.kit.refusals import _

FREQUENCIES = ("SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
WEEKDAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
LISTS = {  # smallest, largest, whether it may be counted from the end
    "BYMONTH": (1, 12, False),
    "BYWEEKNO": (1, 53, True),
    "BYYEARDAY": (1, 366, True),
    "BYMONTHDAY": (1, 31, True),
    "BYHOUR": (0, 23, False),
    "BYMINUTE": (0, 59, False),
    "BYSECOND": (0, 60, False),
    "BYSETPOS": (1, 366, True),
}


class Rule(NamedTuple):
    """A rule taken apart. `until` is naive, as it was written; `by_day` holds (ordinal or 0, weekday from Monday 0)."""

    frequency: str
    interval: int = 1
    times: int = 0
    until: datetime | None = None
    until_is_date: bool = False
    until_is_utc: bool = False
    by_month: tuple[int, ...] = ()
    by_week: tuple[int, ...] = ()
    by_yearday: tuple[int, ...] = ()
    by_monthday: tuple[int, ...] = ()
    by_day: tuple[tuple[int, int], ...] = ()
    by_hour: tuple[int, ...] = ()
    by_minute: tuple[int, ...] = ()
    by_second: tuple[int, ...] = ()
    by_position: tuple[int, ...] = ()
    week_start: int = 0


@lru_cache(maxsize=4096)
def parse(text: str, line: int = 0) -> Rule:
    """The rule that `text` says ("FREQ=WEEKLY;BYDAY=TU,TH"). Parts that RFC 5545 does not know are passed over.

    Raises Broken("rule").
    """
    parts = dict(part.strip().upper().split("=", 1) for part in text.split(";") if "=" in part)
    frequency = parts.get("FREQ", "").strip()
    if frequency not in FREQUENCIES or parts.get("RSCALE", "GREGORIAN") != "GREGORIAN":
        raise _wrong(text, line)
    try:
        lists = {name: _numbers(parts.get(name, ""), *bounds) for name, bounds in LISTS.items()}
        days = tuple(_ordinal_day(day.strip()) for day in parts.get("BYDAY", "").split(",") if day.strip())
        interval, count = int(parts.get("INTERVAL") or 1), int(parts.get("COUNT") or 0)
        week_start = WEEKDAYS[parts.get("WKST", "MO").strip()]
        if interval < 1 or count < 0 or ("COUNT" in parts and count == 0):
            raise _wrong(text, line)
        until, until_is_date, until_is_utc = _end(parts.get("UNTIL", "").strip())
        return Rule(
            frequency,
            interval=min(interval, 10**7),
            times=count,
            until=until,
            until_is_date=until_is_date,
            until_is_utc=until_is_utc,
            by_month=lists["BYMONTH"],
            by_week=lists["BYWEEKNO"],
            by_yearday=lists["BYYEARDAY"],
            by_monthday=lists["BYMONTHDAY"],
            by_day=days,
            by_hour=lists["BYHOUR"],
            by_minute=lists["BYMINUTE"],
            by_second=tuple(sorted({min(second, 59) for second in lists["BYSECOND"]})),
            by_position=lists["BYSETPOS"],
            week_start=week_start,
        )
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, Broken):
            raise
        raise _wrong(text, line) from error


def _wrong(text: str, line: int) -> Broken:
    return Broken("rule", _("Line %(line)s: “%(rule)s” is not a rule of repetition."), line=line, rule=text[:80])


def _end(text: str) -> tuple[datetime | None, bool, bool]:
    """What UNTIL says, whether it is a day, and whether it is in UTC. A year that nobody sees is no end."""
    if not text:
        return None, False, False
    match = MOMENT.fullmatch(text)
    if match is None:
        raise ValueError(text)
    if int(match[1]) not in YEARS:
        return None, False, False
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    return datetime(year, month, day, hour, minute, min(second, 59)), match[4] is None, match[7] is not None  # noqa: DTZ001


def _numbers(text: str, smallest: int, largest: int, is_signed: bool) -> tuple[int, ...]:
    numbers = sorted({int(part) for part in text.split(",") if part.strip()})
    for number in numbers:
        if not smallest <= (abs(number) if is_signed else number) <= largest:
            raise ValueError(number)
    return tuple(numbers)


def _ordinal_day(text: str) -> tuple[int, int]:
    ordinal = int(text[:-2]) if text[:-2] else 0
    if abs(ordinal) > 53:
        raise ValueError(text)
    return ordinal, WEEKDAYS[text[-2:]]
