"""Recurrence rules expanded on wall-clock times, in a window, with bounded work.

Own code and not dateutil's: a month of a rule that began years ago must not be walked from its start, and a rule that
never matches must not keep a server busy. The tests compare both.
"""

from calendar import isleap, monthrange
from collections.abc import Iterator
from datetime import datetime, timedelta

from tilios.kit.ical.rules import Rule

UNITS = {"SECONDLY": 1, "MINUTELY": 60, "HOURLY": 3600}
#: Periods looked at for one question; a rule that needs more is cut there.
MOST_STEPS = 100_000
#: Occurrences that COUNT may ask for, and the time they may take; a longer series ends there.
MOST_COUNT = 20_000
LONGEST = timedelta(days=500 * 365)


def between(rule: Rule, start: datetime, after: datetime, before: datetime) -> Iterator[datetime]:
    """The wall-clock times of the rule from `after` (in) to `before` (out), in order; COUNT is not looked at.

    `start` is DTSTART, naive. It is given only where it matches the rule. At most `MOST_STEPS` periods are looked at.
    """
    low = max(start, after)
    high = min(before, rule.until + timedelta(seconds=1)) if rule.until else before
    if high <= low:
        return
    for step, (first, moments) in enumerate(_periods(rule, start, low)):
        if first >= high or step >= MOST_STEPS:
            return
        if rule.by_position:
            moments = _at_positions(moments, rule.by_position)
        for moment in moments:
            if moment >= high:
                break
            if moment >= low:
                yield moment


def last_counted(rule: Rule, start: datetime) -> datetime:
    """The last wall-clock time of a rule with COUNT. `start` is the first, whether it matches the rule or not."""
    last, left = start, min(rule.times, MOST_COUNT) - 1
    if left == 0:
        return last
    end = start + LONGEST if start.year < 9000 else start
    for moment in between(rule, start, start + timedelta(seconds=1), end):
        last, left = moment, left - 1
        if left == 0:
            break
    return last


def _at_positions(moments: list[datetime], positions: tuple[int, ...]) -> list[datetime]:
    size = len(moments)
    places = {place - 1 if place > 0 else size + place for place in positions}
    return [moments[place] for place in sorted(places) if 0 <= place < size]


def _periods(rule: Rule, start: datetime, low: datetime) -> Iterator[tuple[datetime, list[datetime]]]:
    """Each period from that of `low`: where it begins, and the times it holds. Ends with the year 9999."""
    try:
        if rule.frequency in UNITS:
            yield from _short_periods(rule, start, low)
        else:
            yield from _long_periods(rule, start, low)
    except (ValueError, OverflowError):
        return


def _long_periods(rule: Rule, start: datetime, low: datetime) -> Iterator[tuple[datetime, list[datetime]]]:
    clocks = [
        timedelta(hours=hour, minutes=minute, seconds=second)
        for hour in rule.by_hour or (start.hour,)
        for minute in rule.by_minute or (start.minute,)
        for second in rule.by_second or (start.second,)
    ]
    day0 = datetime(start.year, start.month, start.day)  # noqa: DTZ001
    interval = rule.interval
    if rule.frequency in ("DAILY", "WEEKLY"):
        size = interval if rule.frequency == "DAILY" else interval * 7
        first = day0 if rule.frequency == "DAILY" else day0 - timedelta(days=(day0.weekday() - rule.week_start) % 7)
        first += timedelta(days=max(0, (low - first).days // size) * size)
        step = timedelta(days=size)
        offsets = _week_offsets(rule, start) if rule.frequency == "WEEKLY" else [timedelta(0)]
        while True:
            days = [day for offset in offsets if _passes(rule, day := first + offset)]
            yield first, [day + clock for day in days for clock in clocks]
            first += step
    elif rule.frequency == "MONTHLY":
        month0 = start.year * 12 + start.month - 1
        month = month0 + max(0, (low.year * 12 + low.month - 1 - month0) // interval) * interval
        while True:
            first = datetime(month // 12, month % 12 + 1, 1)  # noqa: DTZ001
            days = _month_days(rule, start, first) if not rule.by_month or first.month in rule.by_month else []
            yield first, [day + clock for day in days for clock in clocks]
            month += interval
    else:
        year = start.year + max(0, (low.year - start.year) // interval) * interval
        while True:
            first = datetime(year, 1, 1)  # noqa: DTZ001
            yield first, [day + clock for day in _year_days(rule, start, first) for clock in clocks]
            year += interval


def _week_offsets(rule: Rule, start: datetime) -> list[timedelta]:
    weekdays = {weekday for _ordinal, weekday in rule.by_day} or {start.weekday()}
    return [timedelta(days=n) for n in sorted((weekday - rule.week_start) % 7 for weekday in weekdays)]


def _passes(rule: Rule, day: datetime) -> bool:
    """Whether a day is let through by what limits the days of a week or a single day."""
    if rule.by_month and day.month not in rule.by_month:
        return False
    if rule.by_day and rule.frequency != "WEEKLY" and all(day.weekday() != weekday for _n, weekday in rule.by_day):
        return False
    if rule.by_monthday:
        length = monthrange(day.year, day.month)[1]
        if day.day not in rule.by_monthday and day.day - length - 1 not in rule.by_monthday:
            return False
    return _passes_year(rule, day)


def _passes_year(rule: Rule, day: datetime) -> bool:
    if rule.by_yearday:
        number, length = day.timetuple().tm_yday, 366 if isleap(day.year) else 365
        if number not in rule.by_yearday and number - length - 1 not in rule.by_yearday:
            return False
    return not rule.by_week or any(number in rule.by_week for number in _week_numbers(day, rule.week_start))


def _week_numbers(day: datetime, week_start: int) -> tuple[int, int]:
    """The number of the week of `day`, from the start and from the end of its year (week 1 has four days in it)."""
    first = day - timedelta(days=(day.weekday() - week_start) % 7)
    year = (first + timedelta(days=3)).year
    week_one, week_end = _week_one(year, week_start), _week_one(year + 1, week_start)
    number = (first - week_one).days // 7
    return number + 1, number - (week_end - week_one).days // 7


def _week_one(year: int, week_start: int) -> datetime:
    fourth = datetime(year, 1, 4)  # noqa: DTZ001
    return fourth - timedelta(days=(fourth.weekday() - week_start) % 7)


def _month_days(rule: Rule, start: datetime, first: datetime) -> list[datetime]:
    length = monthrange(first.year, first.month)[1]
    numbers = set(range(1, length + 1))
    if rule.by_monthday:
        numbers &= {day if day > 0 else length + 1 + day for day in rule.by_monthday}
    if rule.by_day:
        numbers &= {day + 1 for day in _ordinal_days(rule, first.weekday(), length)}
    elif not rule.by_monthday and not rule.by_yearday and not rule.by_week:
        numbers &= {start.day}
    days = [first.replace(day=number) for number in sorted(numbers)]
    return [day for day in days if _passes_year(rule, day)] if rule.by_yearday or rule.by_week else days


def _ordinal_days(rule: Rule, first_weekday: int, length: int) -> set[int]:
    """The days of BYDAY, counted from 0, in a month or year of `length` days whose first is `first_weekday`."""
    found: set[int] = set()
    for ordinal, weekday in rule.by_day:
        days = range((weekday - first_weekday) % 7, length, 7)
        if not ordinal:
            found.update(days)
        elif -len(days) <= ordinal <= len(days):
            found.add(days[ordinal - 1 if ordinal > 0 else ordinal])
    return found


def _year_days(rule: Rule, start: datetime, first: datetime) -> list[datetime]:
    in_year = bool(rule.by_yearday or rule.by_week)
    if not in_year and (rule.by_month or rule.by_monthday or not rule.by_day):
        if rule.by_month:
            months: tuple[int, ...] = rule.by_month
        else:
            months = tuple(range(1, 13)) if rule.by_monthday else (start.month,)
        if rule.by_monthday and rule.by_day and not rule.by_month:  # ordinals are of the year
            wanted = {first + timedelta(days=day) for day in _ordinal_days(rule, first.weekday(), _year_length(first))}
            plain = rule._replace(by_day=())
            return [
                day
                for month in months
                for day in _month_days(plain, start, first.replace(month=month))
                if day in wanted
            ]
        return [day for month in months for day in _month_days(rule, start, first.replace(month=month))]
    length = _year_length(first)
    if rule.by_day and not (rule.by_month and any(ordinal for ordinal, _weekday in rule.by_day)):
        numbers = sorted(_ordinal_days(rule, first.weekday(), length))
    elif rule.by_day:
        numbers = sorted(
            (day - first).days
            for month in rule.by_month
            for day in _month_days(rule, start, first.replace(month=month))
        )
    elif rule.by_week and not rule.by_yearday and not rule.by_monthday:
        numbers = list(range((start.weekday() - first.weekday()) % 7, length, 7))
    else:
        numbers = list(range(length))
    free = rule._replace(by_day=())
    return [day for number in numbers if _passes(free, day := first + timedelta(days=number))]


def _year_length(first: datetime) -> int:
    return 366 if isleap(first.year) else 365


def _short_periods(rule: Rule, start: datetime, low: datetime) -> Iterator[tuple[datetime, list[datetime]]]:
    """Hours, minutes or seconds: day by day, so that days that are left out cost one step each."""
    unit = UNITS[rule.frequency]
    size = rule.interval * unit
    origin = start - timedelta(seconds=(start.minute * 60 + start.second) % unit if unit > 1 else 0)
    inside = _inside(rule, start, unit)
    clocks = _clocks(rule, unit)
    day = datetime(low.year, low.month, low.day)  # noqa: DTZ001
    while True:
        yield day, []
        if _passes(rule, day):
            place = -int((day - origin).total_seconds()) % size
            least = int((low - day).total_seconds()) - unit
            for second in _stepped(clocks, place, size, max(0, least)):
                first = day + timedelta(seconds=second)
                yield first, [first + each for each in inside] if second % size == place % size else []
        day += timedelta(days=1)


def _stepped(clocks: list[int] | None, place: int, size: int, least: int) -> Iterator[int] | range:
    """The seconds of a day, from `least`, at which a period may begin: of a list, or every `size` from `place`."""
    if clocks is None:
        return range(place + max(0, (least - place) // size) * size, 86400, size)
    return (second for second in clocks if second >= least)


def _inside(rule: Rule, start: datetime, unit: int) -> list[timedelta]:
    """What one hour, minute or second of the rule holds."""
    minutes = rule.by_minute or (start.minute,) if unit == 3600 else (0,)
    seconds = rule.by_second or (start.second,) if unit > 1 else (0,)
    return [timedelta(minutes=minute, seconds=second) for minute in minutes for second in seconds]


def _clocks(rule: Rule, unit: int) -> list[int] | None:
    """The seconds of a day that BYHOUR, BYMINUTE and BYSECOND let a period begin at; None when they let all."""
    has_minutes, has_seconds = rule.by_minute and unit < 3600, rule.by_second and unit == 1
    if not (rule.by_hour or has_minutes or has_seconds):
        return None
    minutes = (rule.by_minute or range(60)) if unit < 3600 else (0,)
    seconds = (rule.by_second or range(60)) if unit == 1 else (0,)
    return [
        hour * 3600 + minute * 60 + second
        for hour in rule.by_hour or range(24)
        for minute in minutes
        for second in seconds
    ]
