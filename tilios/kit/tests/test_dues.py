"""The days that dues cover: given cases, and properties that hold for any day and any kind."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilios.kit.dues import Period, Span, Term, add_months, day_of

YEAR = Term(Span.CALENDAR_YEAR)
SEASON = Term(Span.SEASON, season_first=(9, 1), season_last=(6, 30))
ROLLING = Term(Span.MONTHS, months=12)
MONTHLY = Term(Span.MONTHS, months=1)

days = st.dates(date(1990, 1, 1), date(2090, 12, 31))
month_days = st.tuples(st.integers(1, 12), st.integers(1, 31)).map(lambda given: (given[0], given[1]))
terms = st.builds(
    Term,
    span=st.sampled_from(Span),
    months=st.integers(1, 36),
    season_first=month_days,
    season_last=month_days,
    offered_months=st.integers(0, 6),
)


@pytest.mark.parametrize(
    ("term", "on", "first", "last"),
    [
        (YEAR, date(2026, 3, 15), date(2026, 3, 15), date(2026, 12, 31)),
        (YEAR, date(2026, 12, 31), date(2026, 12, 31), date(2026, 12, 31)),
        (Term(Span.CALENDAR_YEAR, offered_months=3), date(2026, 9, 30), date(2026, 9, 30), date(2026, 12, 31)),
        (Term(Span.CALENDAR_YEAR, offered_months=3), date(2026, 10, 1), date(2026, 10, 1), date(2027, 12, 31)),
        (SEASON, date(2026, 11, 26), date(2026, 11, 26), date(2027, 6, 30)),
        (SEASON, date(2026, 7, 15), date(2026, 9, 1), date(2027, 6, 30)),  # between two seasons: the next one
        (
            Term(Span.SEASON, season_first=(3, 1), season_last=(2, 29)),
            date(2027, 5, 1),
            date(2027, 5, 1),
            date(2028, 2, 29),
        ),
        (
            Term(Span.SEASON, season_first=(3, 1), season_last=(2, 29)),
            date(2026, 5, 1),
            date(2026, 5, 1),
            date(2027, 2, 28),
        ),
        (ROLLING, date(2026, 11, 26), date(2026, 11, 26), date(2027, 11, 25)),
        (ROLLING, date(2028, 2, 29), date(2028, 2, 29), date(2029, 2, 27)),
        (MONTHLY, date(2027, 1, 31), date(2027, 1, 31), date(2027, 2, 27)),
        (Term(Span.LIFETIME), date(2026, 1, 1), date(2026, 1, 1), None),
        (Term(Span.ONE_OFF), date(2026, 1, 1), date(2026, 1, 1), None),
    ],
)
def test_first_dues(term, on, first, last):
    assert term.period(on)[:2] == (first, last)


def test_monthly_dues_from_the_31st_begin_on_the_last_day_of_short_months():
    period = MONTHLY.period(date(2027, 1, 31))
    firsts = []
    for _month in range(5):
        period = MONTHLY.period(period.last, previous=period)
        firsts.append(period.first)
    assert firsts == [date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30), date(2027, 5, 31), date(2027, 6, 30)]


def test_a_year_renewed_in_november_is_the_next_one():
    this_year = YEAR.period(date(2026, 3, 15))
    assert YEAR.period(date(2026, 11, 2), previous=this_year)[:2] == (date(2027, 1, 1), date(2027, 12, 31))


def test_a_year_renewed_late_begins_on_the_day():
    this_year = YEAR.period(date(2026, 3, 15))
    assert YEAR.period(date(2027, 2, 2), previous=this_year)[:2] == (date(2027, 2, 2), date(2027, 12, 31))


@given(terms, days)
def test_dues_never_end_before_they_begin(term, on):
    first, last, _anchor = term.period(on)
    assert first >= on
    assert last is None or last >= first


@given(terms, days, days)
def test_renewed_before_its_end_it_goes_on_from_the_day_after(term, on, later):
    previous = term.period(on)
    if previous.last is None or later > previous.last:
        return
    renewed = term.period(later, previous=previous)
    assert renewed.first >= previous.last + timedelta(days=1)
    assert renewed.last > previous.last
    if term.span in {Span.CALENDAR_YEAR, Span.MONTHS}:
        assert renewed.first == previous.last + timedelta(days=1)


@given(terms, days, st.integers(1, 4000))
def test_renewed_after_its_end_it_begins_again(term, on, late):
    previous = term.period(on)
    if previous.last is None:
        return
    day = previous.last + timedelta(days=late)
    assert term.period(day, previous=previous)[:2] == term.period(day)[:2]


@given(st.integers(1, 36), days, st.integers(1, 24))
def test_a_chain_of_rolling_dues_never_drifts(months, on, times):
    """The nth period begins n times `months` after the first, whatever the months in between."""
    term = Term(Span.MONTHS, months=months)
    period = term.period(on)
    for number in range(1, times + 1):
        period = term.period(period.first, previous=period)
        assert period.first == add_months(on, number * months, on.day)


@given(st.integers(1990, 2090), st.integers(1, 12), st.integers(1, 31))
def test_a_day_of_a_month_is_in_that_month(year, month, day):
    found = day_of(year, month, day)
    assert (found.year, found.month) == (year, month)
    assert found.day == day or (found + timedelta(days=1)).day == 1


@given(terms, days, days)
def test_a_previous_period_of_another_kind_harms_nothing(term, first, on):
    previous = Period(first, first + timedelta(days=400), 31)
    period = term.period(on, previous=previous)
    assert period.last is None or period.last >= period.first
