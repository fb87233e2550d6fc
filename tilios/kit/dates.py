"""Dates and times as people write them in France, and as machines do (ISO 8601). The day comes before the month.

`12/31/2024` is refused rather than turned round: a guess would be wrong for 3/4/2024 and nobody would see it.
"""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import NamedTuple

from tilios.kit.refusals import Refusal, _
from tilios.kit.text import fold

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv jan january",
            "fevrier fevr fev feb february",
            "mars mar march",
            "avril avr apr april",
            "mai may",
            "juin jun june",
            "juillet juil jul july",
            "aout aou aug august",
            "septembre sept sep september",
            "octobre oct october",
            "novembre nov november",
            "decembre dec december",
        ),
        start=1,
    )
    for name in names.split()
}
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
# Read and not checked against the date.
WEEKDAY = r"(?:(?:lun|mar|mer|jeu|ven|sam|dim|mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
ISO_DATE = re.compile(r"(\d{4})([-/.]?)(\d{2})\2(\d{2})")
NUMERIC_DATE = re.compile(r"(\d{1,2})\s*([-/. ])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})")
DAY_MONTH_YEAR = re.compile(rf"(\d{{1,2}})(?:er|e|st|nd|rd|th)?(?: of)?[\s.-]*({MONTH})\.?,?[\s-]*(\d{{4}}|\d{{2}})")
MONTH_DAY_YEAR = re.compile(rf"({MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})")
TIME = re.compile(
    r"(?P<hour>\d{1,2})\s*"
    r"(?P<mark>h(?:eures?)?\s*(?:(?P<minute>\d{2})\s*(?:mn?|min)?)?"
    r"|[:.](?P<minutes>\d{2})(?:[:.](?P<second>\d{2})(?:[.,](?P<fraction>\d{1,6})\d*)?)?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?"
)
NAMED_TIMES = {"midi": time(12), "noon": time(12), "minuit": time(0), "midnight": time(0)}
OFFSET = re.compile(r"(?:z|utc|([+-])(\d{2}):?(\d{2})?)$")


class DateRange(NamedTuple):
    first: date
    last: date


class TimeRange(NamedTuple):
    start: time
    end: time


def parse_date(text: str, *, latest: date | None = None) -> date:
    """The day that `text` names: "31/12/2024", "31-12-24", "2024-12-31", "mardi 31 déc. 2024", "1er mars 2025".

    A year of two digits is the last such year that does not put the day after `latest` (a date of birth: today;
    by default twenty years from now). Raises Refusal("date").
    """
    found = _read_date(_tidy(text), latest)
    if found is None:
        raise _not_a_date(text)
    return found


def parse_time(text: str) -> time:
    """The time that `text` names: "14:30", "14h30", "14 h", "9.15", "2:30 pm", "midi". Raises Refusal("time")."""
    found = _read_time(_tidy(text))
    if found is None:
        raise Refusal("time", _("“%(text)s” is not a time. Write for example 14:30."), text=_short(text))
    return found


def parse_datetime(text: str, *, latest: date | None = None) -> datetime:
    """A day and a time: "31/12/2024 14:30", "31/12/2024 à 14h", "2024-12-31T14:30:00Z".

    Aware if `text` gives an offset, else naive: see `kit.zones.localise`. A day alone is its midnight.
    Raises Refusal("datetime").
    """
    tidy = _tidy(text)
    zone, tidy = _take_offset(tidy)
    day, clock = _cut_time(tidy)
    found_day = _read_date(day, latest)
    found_time = time(0) if clock is None else _read_time(clock)
    if found_day is None or found_time is None:
        raise Refusal(
            "datetime", _("“%(text)s” is not a date and time. Write for example 31/12/2024 14:30."), text=_short(text)
        )
    return datetime.combine(found_day, found_time, zone)


def parse_date_range(text: str, *, latest: date | None = None) -> DateRange:
    """From one day to another, both included: "du 3 au 5 mars 2025", "28/02/2025 - 03/03/2025", ISO.

    A day alone is a range of one day. Raises Refusal("date") or Refusal("date_order").
    """
    tidy = _tidy(text)
    alone = _read_date(tidy, latest)
    if alone is not None:
        return DateRange(alone, alone)
    for first_text, last_text in _halves(tidy):
        last = _read_date(last_text, latest)
        if last is None:
            continue
        first = _read_date(first_text, latest) or _complete(first_text, last)
        if first is None:
            continue
        if first > last:
            raise Refusal("date_order", _("“%(text)s” ends before it begins."), text=_short(text))
        return DateRange(first, last)
    raise _not_a_date(text)


def parse_time_range(text: str) -> TimeRange:
    """From one time to another: "14h-16h30", "de 14h à 16h", "9:00 – 12:30".

    An end before the start is on the next day: that is for the caller to allow. Raises Refusal("time").
    """
    for start_text, end_text in _halves(_tidy(text)):
        start, end = _read_time(start_text), _read_time(end_text)
        if start is not None and end is not None:
            return TimeRange(start, end)
    raise Refusal("time", _("“%(text)s” is not a time. Write for example 14:30."), text=_short(text))


def months_after(day: date, months: int) -> date:
    """The same day of the month, `months` later; the last of its month where there is none: 31/01 gives 28/02."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _tidy(text: str) -> str:
    return " ".join(fold(text).split())


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def _not_a_date(text: str) -> Refusal:
    return Refusal("date", _("“%(text)s” is not a date. Write for example 31/12/2024."), text=_short(text))


def _read_date(text: str, latest: date | None) -> date | None:
    text = re.sub(r"^le ", "", text)
    if not MONTH_DAY_YEAR.fullmatch(text):  # "mar" begins March and mardi
        text = re.sub(rf"^{WEEKDAY}", "", text)
    if match := ISO_DATE.fullmatch(text):
        return _day(int(match[1]), int(match[3]), int(match[4]))
    if match := NUMERIC_DATE.fullmatch(text):
        return _day_of_century(match[4], int(match[3]), int(match[1]), latest)
    if match := DAY_MONTH_YEAR.fullmatch(text):
        return _day_of_century(match[3], MONTHS[match[2]], int(match[1]), latest)
    if match := MONTH_DAY_YEAR.fullmatch(text):
        return _day(int(match[3]), MONTHS[match[1]], int(match[2]))
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _day_of_century(year: str, month: int, day: int, latest: date | None) -> date | None:
    if len(year) == 4:
        return _day(int(year), month, day)
    limit = latest or date.today().replace(day=1) + timedelta(days=366 * 20)  # noqa: DTZ011  # twenty years, about
    century = limit.year // 100 * 100
    found = _day(century + int(year), month, day)
    if found is None or found > limit:
        found = _day(century - 100 + int(year), month, day)
    return found


def _read_time(text: str) -> time | None:
    if text in NAMED_TIMES:
        return NAMED_TIMES[text]
    match = TIME.fullmatch(text)
    if not match or not (match["mark"] or match["half"]):
        return None
    hour = int(match["hour"])
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"][0] == "p" else 0)
    minute = int(match["minute"] or match["minutes"] or 0)
    try:
        return time(hour, minute, int(match["second"] or 0), int((match["fraction"] or "").ljust(6, "0")))
    except ValueError:
        return None


def _take_offset(text: str) -> tuple[tzinfo | None, str]:
    """The offset from UTC written at the end of an ISO date and time, and what stands before it."""
    match = OFFSET.search(text)
    if not match or ":" not in text[: match.start()]:
        return None, text
    if not match[1]:
        return UTC, text[: match.start()].strip()
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    if minutes >= 24 * 60:
        return None, text
    return timezone(timedelta(minutes=minutes if match[1] == "+" else -minutes)), text[: match.start()].strip()


def _cut_time(text: str) -> tuple[str, str | None]:
    """The day and the time of `text`; no time gives None."""
    if match := re.fullmatch(r"(\d{4}-?\d{2}-?\d{2})t(.+)", text):
        return match[1], match[2]
    for mark in (r",? a ", r",? at ", ", ", r" - ", " "):
        for match in reversed(list(re.finditer(mark, text))):
            if _read_time(text[match.end() :]) is not None and _read_date(text[: match.start()], None) is not None:
                return text[: match.start()], text[match.end() :]
    return text, None


def _halves(text: str) -> list[tuple[str, str]]:
    """The ways to cut a range in two, the surest first."""
    text = re.sub(r"^(?:du|de|from|entre|between)\s+", "", text)
    marks = (r" (?:au|a|to|until|jusqu'au|et|and) ", r" [-/] ", r"(?<=\d)/(?=\d{4}-)", r"\s*-\s*")
    return [
        (text[: match.start()].strip(), text[match.end() :].strip())
        for mark in marks
        for match in re.finditer(mark, text)
    ]


def _complete(text: str, last: date) -> date | None:
    """The first day of a range that leaves out what the last day says: "3" or "28 fevrier"."""
    text = re.sub(rf"^{WEEKDAY}(?=\d)", "", text)
    if match := re.fullmatch(r"(\d{1,2})(?:er)?", text):
        return _day(last.year, last.month, int(match[1]))
    if match := re.fullmatch(rf"(\d{{1,2}})(?:er)? ({MONTH})\.?", text):
        return _day(last.year, MONTHS[match[2]], int(match[1]))
    if match := re.fullmatch(r"(\d{1,2})[/.](\d{1,2})", text):
        return _day(last.year, int(match[2]), int(match[1]))
    return None
