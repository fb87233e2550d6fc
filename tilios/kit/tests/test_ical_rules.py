"""Rules against dateutil, which is written by others and walks every rule from its start."""

from datetime import datetime, timedelta
from itertools import islice, takewhile
from time import process_time

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tilios.kit.ical.lines import Broken
from tilios.kit.ical.recurrence import LONGEST, MOST_COUNT, between, last_counted
from tilios.kit.ical.rules import parse

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def some(values, most=3):
    return st.lists(st.sampled_from(list(values)), min_size=1, max_size=most, unique=True).map(
        lambda chosen: ",".join(str(each) for each in chosen)
    )


def signed(largest):
    return [*range(1, largest + 1), *range(-largest, 0)]


@st.composite
def rules(draw, has_clock=True):
    """A rule that RFC 5545 gives one meaning, and dateutil the same: it mixes up "MO" and "2TU" in one BYDAY."""
    frequency = draw(st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY"]))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 4))}"]

    def maybe(name, values):
        if draw(st.integers(0, 3)) == 0:
            parts.append(f"{name}={draw(values)}")
            return True
        return False

    has_months = maybe("BYMONTH", some(range(1, 13)))
    has_monthdays = frequency != "WEEKLY" and maybe("BYMONTHDAY", some(signed(28 if has_months else 31)))
    if frequency == "YEARLY" and not has_months and not has_monthdays and draw(st.integers(0, 4)) == 0:
        parts.append(f"BYWEEKNO={draw(some(signed(53)))};BYDAY={draw(some(DAYS))}")
    elif frequency == "YEARLY" and not has_months and not has_monthdays and draw(st.integers(0, 4)) == 0:
        parts.append(f"BYYEARDAY={draw(some(signed(366)))}")
    elif frequency in ("YEARLY", "MONTHLY"):
        largest = 5 if frequency == "MONTHLY" or has_months else 20
        maybe("BYDAY", some(DAYS) | some([f"{n}{day}" for n in signed(largest) for day in DAYS]))
    else:
        maybe("BYDAY", some(DAYS))
    if has_clock:
        maybe("BYHOUR", some(range(24)))
        maybe("BYMINUTE", some(range(60)))
    if frequency != "WEEKLY" and any(part.startswith("BY") for part in parts):  # dateutil cuts the first week short
        maybe("BYSETPOS", some([1, 2, -1, -2], most=2))
    maybe("WKST", st.sampled_from(DAYS))
    return ";".join(parts)


MOMENTS = st.datetimes(datetime(2019, 1, 1), datetime(2026, 1, 1)).map(lambda each: each.replace(microsecond=0, fold=0))


@settings(max_examples=100, deadline=None)
@given(rules(), MOMENTS, st.integers(0, 900), st.integers(1, 400))
def test_a_rule_gives_what_dateutil_gives(text, start, skipped_days, days):
    after = start + timedelta(days=skipped_days)
    before = after + timedelta(days=days)
    expected = [
        each for each in rrulestr(f"{text};UNTIL={before:%Y%m%dT%H%M%S}", dtstart=start) if after <= each < before
    ]
    assert list(between(parse(text), start, after, before)) == expected


@st.composite
def short_rules(draw):
    parts = [
        f"FREQ={draw(st.sampled_from(['HOURLY', 'MINUTELY', 'SECONDLY']))}",
        f"INTERVAL={draw(st.integers(1, 100))}",
    ]
    limits = {"BYMONTHDAY": some(range(1, 29), 10), "BYDAY": some(DAYS, 5), "BYHOUR": some(range(24), 8)}
    limits |= {"BYMINUTE": some(range(60), 8), "BYSECOND": some(range(60), 8)}
    for name in draw(st.lists(st.sampled_from(sorted(limits)), max_size=3, unique=True)):
        parts.append(f"{name}={draw(limits[name])}")
    return ";".join(parts)


def matches(text, start, moment):
    """Whether a rule of hours, minutes or seconds gives `moment`, by the definition."""
    parts = dict(part.split("=") for part in text.split(";"))
    unit = {"HOURLY": 3600, "MINUTELY": 60, "SECONDLY": 1}[parts["FREQ"]]
    seconds = [int((each - datetime(2000, 1, 1)).total_seconds()) // unit for each in (start, moment)]
    limits = {
        "BYMONTHDAY": moment.day,
        "BYDAY": DAYS[moment.weekday()],
        "BYHOUR": moment.hour,
        "BYMINUTE": moment.minute,
        "BYSECOND": moment.second,
    }
    defaults = ({"BYMINUTE": start.minute} if unit == 3600 else {}) | ({"BYSECOND": start.second} if unit > 1 else {})
    return (seconds[1] - seconds[0]) % int(parts["INTERVAL"]) == 0 and all(
        str(limits[name]) in str(parts.get(name, default)).split(",")
        for name, default in ({name: None for name in limits if name in parts} | defaults).items()
    )


@settings(max_examples=100, deadline=None)
@given(short_rules(), MOMENTS, st.integers(0, 5000), st.integers(60, 7200))
def test_a_rule_of_hours_gives_each_moment_that_matches(text, start, skipped_minutes, seconds):
    after = start + timedelta(minutes=skipped_minutes)
    before = after + timedelta(seconds=seconds)
    moments = (after + timedelta(seconds=second) for second in range(seconds))
    expected = [moment for moment in moments if matches(text, start, moment)]
    assert list(between(parse(text), start, after, before)) == expected


@settings(max_examples=25, deadline=None)
@given(rules(), MOMENTS, st.integers(2, 30))
def test_count_ends_where_dateutil_ends(text, start, count):
    start = next(iter(rrulestr(text, dtstart=start)), start)
    expected = list(islice(rrulestr(text, dtstart=start), count))
    assume(len(expected) == count and expected[-1] < start + LONGEST)
    assert last_counted(parse(f"{text};COUNT={count}"), start) == expected[-1]


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [  # RFC 5545 §3.8.5.3
        (
            "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
            "19961105",
            "19961105 20001107 20041102",
        ),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "19980213", "19980213 19980313 19981113 19990813"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "19970929", "19970929 19971030 19971127 19971230"),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "19970512", "19970512 19980511 19990517"),
        ("FREQ=YEARLY;BYDAY=20MO", "19970519", "19970519 19980518 19990517"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO", "19970805", "19970805 19970810 19970819 19970824"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", "19970805", "19970805 19970817 19970819 19970831"),
        ("FREQ=YEARLY", "20240229", "20240229 20280229 20320229"),
        ("FREQ=MONTHLY", "20250131", "20250131 20250331 20250531"),
    ],
)
def test_the_examples_of_the_rfc(text, start, expected):
    begins = datetime.strptime(start, "%Y%m%d")
    days = [f"{each:%Y%m%d}" for each in islice(between(parse(text), begins, begins, datetime(2100, 1, 1)), 4)]
    assert days[: len(expected.split())] == expected.split()


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=SECONDLY;INTERVAL=7;BYHOUR=3;BYMINUTE=2;BYSECOND=1;BYDAY=MO",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MINUTELY;INTERVAL=10000000;BYHOUR=4;BYMINUTE=1",
        "FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;BYSETPOS=5",
        "FREQ=SECONDLY;BYSETPOS=2",
    ],
)
def test_a_rule_that_never_matches_ends_soon(text):
    start = datetime(2025, 1, 1)
    before = process_time()
    assert list(takewhile(lambda each: each.year < 2026, between(parse(text), start, start, datetime.max))) is not None
    assert process_time() - before < 3


def test_a_count_beyond_reason_is_cut():
    start = datetime(2025, 1, 1)
    last = last_counted(parse("FREQ=DAILY;COUNT=4000000"), start)
    assert last == start + timedelta(days=MOST_COUNT - 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "FREQ=SOMETIMES",
        "BYDAY=MO",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;COUNT=-1",
        "FREQ=DAILY;COUNT=0",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=DAILY;UNTIL=demain",
        "FREQ=DAILY;UNTIL=20259999",
        "RSCALE=HEBREW;FREQ=YEARLY",
        "FREQ=DAILY;BYHOUR=24",
    ],
)
def test_a_wrong_rule_is_refused_with_its_line(text):
    with pytest.raises(Broken) as refused:
        parse(text, 12)
    assert (refused.value.code, refused.value.line) == ("rule", 12)
