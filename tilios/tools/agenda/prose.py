"""A rule of repetition as a sentence: "every two weeks, on Tuesday and Thursday, until June 3, 2027"."""

from calendar import SUNDAY
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.translation import get_language, npgettext, pgettext, pgettext_lazy

from tilios.kit.ical import rules
from tilios.kit.ical.lines import Broken

#: As they stand after "on": in French with their article.
ON_DAYS = (
    pgettext_lazy("happens on", "Monday"),
    pgettext_lazy("happens on", "Tuesday"),
    pgettext_lazy("happens on", "Wednesday"),
    pgettext_lazy("happens on", "Thursday"),
    pgettext_lazy("happens on", "Friday"),
    pgettext_lazy("happens on", "Saturday"),
    pgettext_lazy("happens on", "Sunday"),
)
EVERY_DAYS = (
    pgettext_lazy("recurrence", "every Monday"),
    pgettext_lazy("recurrence", "every Tuesday"),
    pgettext_lazy("recurrence", "every Wednesday"),
    pgettext_lazy("recurrence", "every Thursday"),
    pgettext_lazy("recurrence", "every Friday"),
    pgettext_lazy("recurrence", "every Saturday"),
    pgettext_lazy("recurrence", "every Sunday"),
)
DAYS = (
    pgettext_lazy("day of the week", "Monday"),
    pgettext_lazy("day of the week", "Tuesday"),
    pgettext_lazy("day of the week", "Wednesday"),
    pgettext_lazy("day of the week", "Thursday"),
    pgettext_lazy("day of the week", "Friday"),
    pgettext_lazy("day of the week", "Saturday"),
    pgettext_lazy("day of the week", "Sunday"),
)
ORDINALS = {
    1: pgettext_lazy("place in the month", "first"),
    2: pgettext_lazy("place in the month", "second"),
    3: pgettext_lazy("place in the month", "third"),
    4: pgettext_lazy("place in the month", "fourth"),
    5: pgettext_lazy("place in the month", "fifth"),
    -1: pgettext_lazy("place in the month", "last"),
    -2: pgettext_lazy("place in the month", "second to last"),
}
NUMBERS = {
    2: pgettext_lazy("number", "two"),
    3: pgettext_lazy("number", "three"),
    4: pgettext_lazy("number", "four"),
    5: pgettext_lazy("number", "five"),
    6: pgettext_lazy("number", "six"),
}
WEEK = ((0, 0), (0, 1), (0, 2), (0, 3), (0, 4))


class _Unsaid(Exception):
    """A rule for which there is no sentence."""


def sentence(rule: str, start: datetime, *, zone: ZoneInfo) -> str:
    """The RRULE `rule` of what begins at `start` (wall-clock time), in the language of the reader, without a capital.

    The end is a day of `zone`. "" without a rule; a rule that has no plain sentence is said to be of its own kind.
    """
    if not rule.strip():
        return ""
    try:
        said = rules.parse(rule)
        parts = [*_frequency(said, start), *_end(said, zone)]
    except (Broken, _Unsaid):
        return pgettext("recurrence", "by a rule of its own")
    return pgettext("recurrence", ", ").join(parts)


def _frequency(rule: rules.Rule, start: datetime) -> list[str]:
    if rule.by_hour or rule.by_minute or rule.by_second or rule.by_week or rule.by_yearday:
        raise _Unsaid
    if rule.by_position:
        rule = _without_position(rule)
    match rule.frequency:
        case "DAILY":
            return _daily(rule)
        case "WEEKLY":
            return _weekly(rule, start)
        case "MONTHLY":
            return _monthly(rule, start)
        case "YEARLY":
            return _yearly(rule, start)
    if rule.by_day or rule.by_month or rule.by_monthday:
        raise _Unsaid
    return [_every(rule)]


def _without_position(rule: rules.Rule) -> rules.Rule:
    """ "The second of all Tuesdays" is the second Tuesday; other positions are not said."""
    if rule.frequency != "MONTHLY" or len(rule.by_day) != 1 or rule.by_day[0][0] or rule.by_monthday:
        raise _Unsaid
    days = tuple((position, rule.by_day[0][1]) for position in rule.by_position)
    return rule._replace(by_day=days, by_position=())


def _every(rule: rules.Rule) -> str:
    """ "every two weeks"; the number is a word when it is small."""
    count = rule.interval
    sentences = {
        "DAILY": npgettext("recurrence", "every day", "every %(number)s days", count),
        "WEEKLY": npgettext("recurrence", "every week", "every %(number)s weeks", count),
        "MONTHLY": npgettext("recurrence", "every month", "every %(number)s months", count),
        "YEARLY": npgettext("recurrence", "every year", "every %(number)s years", count),
        "HOURLY": npgettext("recurrence", "every hour", "every %(number)s hours", count),
        "MINUTELY": npgettext("recurrence", "every minute", "every %(number)s minutes", count),
        "SECONDLY": npgettext("recurrence", "every second", "every %(number)s seconds", count),
    }
    return sentences[rule.frequency] % {"number": NUMBERS.get(count, count)}


def _daily(rule: rules.Rule) -> list[str]:
    if rule.by_monthday:
        raise _Unsaid
    if rule.by_day and rule.interval == 1:
        return _weekly(rule._replace(frequency="WEEKLY"), datetime.min)  # noqa: DTZ901
    if rule.by_day:
        raise _Unsaid
    return [_every(rule), *_in_months(rule)]


def _weekly(rule: rules.Rule, start: datetime) -> list[str]:
    days = sorted({weekday for _ordinal, weekday in rule.by_day} or {start.weekday()})
    if len(days) == SUNDAY + 1:
        return [_every(rule if rule.interval > 1 else rule._replace(frequency="DAILY")), *_in_months(rule)]
    if rule.interval == 1 and len(days) == 1:
        return [str(EVERY_DAYS[days[0]]), *_in_months(rule)]
    if tuple((0, day) for day in days) == WEEK:
        return [_every(rule), pgettext("recurrence", "from Monday to Friday"), *_in_months(rule)]
    return [_every(rule), _on(_listed([str(ON_DAYS[day]) for day in days])), *_in_months(rule)]


def _monthly(rule: rules.Rule, start: datetime) -> list[str]:
    if rule.by_day and rule.by_monthday:
        raise _Unsaid
    if rule.by_day:
        days = _listed([_ordinal_day(*each) for each in rule.by_day])
        if rule.interval == 1:
            return [pgettext("recurrence", "%(days)s of the month") % {"days": days}, *_in_months(rule)]
    else:
        days = _listed([_month_day(day) for day in rule.by_monthday or (start.day,)])
    return [_every(rule), _on(days), *_in_months(rule)]


def _yearly(rule: rules.Rule, start: datetime) -> list[str]:
    if rule.by_day and (rule.by_monthday or not rule.by_month):
        raise _Unsaid
    if rule.by_day:
        return [_every(rule), _on(_listed([_ordinal_day(*each) for each in rule.by_day])), *_in_months(rule)]
    if rule.by_monthday and not rule.by_month:
        return [
            _every(rule),
            _on(_listed([_month_day(day) for day in rule.by_monthday])),
            pgettext("recurrence", "each month"),
        ]
    months, days = rule.by_month or (start.month,), rule.by_monthday or (start.day,)
    if min(days) < 1:
        return [_every(rule), _on(_listed([_month_day(day) for day in days])), *_in_months(rule)]
    named = [_day_of_year(date(2000, month, day)) for month in months for day in days if day <= _longest(month)]
    return [_every(rule), _on(_listed(named))]


def _longest(month: int) -> int:
    return 29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31


def _on(days: str) -> str:
    return pgettext("recurrence", "on %(days)s") % {"days": days}


def _in_months(rule: rules.Rule) -> list[str]:
    if not rule.by_month:
        return []
    return [
        pgettext("recurrence", "in %(months)s") % {"months": _listed([str(MONTHS[month]) for month in rule.by_month])}
    ]


def _ordinal_day(ordinal: int, weekday: int) -> str:
    if not ordinal:
        return pgettext("recurrence", "every %(day)s") % {"day": DAYS[weekday]}
    if ordinal not in ORDINALS:
        raise _Unsaid
    return pgettext("recurrence", "the %(ordinal)s %(day)s") % {"ordinal": ORDINALS[ordinal], "day": DAYS[weekday]}


def _month_day(day: int) -> str:
    if day == -1:
        return pgettext("recurrence", "the last day")
    if day < 0:
        raise _Unsaid
    return pgettext("recurrence", "the %(number)s") % {"number": _numeral(day)}


def _numeral(day: int) -> str:
    """The number of a day: "1er", then "2" in French; "1st", "2nd" in English."""
    if (get_language() or "").startswith("fr"):
        return "1er" if day == 1 else str(day)
    ending = "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


def _day_of_year(day: date) -> str:
    written = date_format(day, "MONTH_DAY_FORMAT")
    return pgettext("happens on", "%(day)s") % {"day": _first_of_month(written, day)}


def _first_of_month(written: str, day: date) -> str:
    """In French the first day of a month is "1er"."""
    return f"1er{written[1:]}" if day.day == 1 and (get_language() or "").startswith("fr") else written


def _listed(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    return pgettext("recurrence", "%(first)s and %(last)s") % {
        "first": pgettext("recurrence", ", ").join(names[:-1]),
        "last": names[-1],
    }


def _end(rule: rules.Rule, zone: ZoneInfo) -> list[str]:
    if rule.times:
        return [npgettext("recurrence", "once", "%(count)s times", rule.times) % {"count": rule.times}]
    if rule.until is None:
        return []
    until = rule.until
    if rule.until_is_utc:
        until = until.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
        if until.time() == datetime.min.time():  # midnight ends the day before
            until -= timedelta(seconds=1)
    written = _first_of_month(date_format(until.date(), "DATE_FORMAT"), until.date())
    return [pgettext("recurrence", "until %(day)s") % {"day": written}]
