"""The figures of the community against plain counting, and what nobody may work out of them."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tilios.tools.members.community import belonging, hiding
from tilios.tools.members.community.hiding import HIDDEN, breakdown, is_small
from tilios.tools.members.community.lives import FOREVER, Life, spells
from tilios.tools.members.community.months import Month, by_month, ends_within, last_day, members_by_month, month_of

TODAY = date(2026, 6, 17)
PATIENCE = 60
days = st.dates(date(2022, 1, 1), date(2027, 3, 1))
stretches = st.tuples(days, st.integers(0, 500)).map(lambda one: (one[0], one[0] + timedelta(days=one[1])))
counts = st.one_of(st.integers(0, 12), st.integers(0, 400))


@st.composite
def made_lives(draw: st.DrawFn) -> Life:
    dues = tuple(sorted(draw(st.lists(stretches, max_size=4))))
    owes = draw(st.booleans())
    joined, left = draw(st.none() | days), draw(st.none() | days)
    return Life(0, spells(joined, left, dues, owes=owes, patience=PATIENCE), dues, owes)


many_lives = st.lists(made_lives(), max_size=12)


def member_by_the_words(life: Life, joined: date | None, left: date | None, day: date) -> bool:
    """The sentence of the page, read day by day."""
    starts = [one for one in (joined, life.dues[0][0] if life.dues else None) if one]
    if not starts or day < min(starts) or (left and day >= left):
        return False
    if not life.owes or not life.dues or day < life.dues[0][0]:
        return True
    return any(first <= day for first, _last in life.dues) and any(
        day <= last + timedelta(days=PATIENCE) for first, last in life.dues if first <= day
    )


@given(st.none() | days, st.none() | days, st.lists(stretches, max_size=4), st.booleans())
def test_somebody_is_a_member_when_the_words_of_the_page_say_so(
    joined: date | None, left: date | None, dues: list[tuple[date, date]], owes: bool
) -> None:
    ordered = tuple(sorted(dues))
    life = Life(0, spells(joined, left, ordered, owes=owes, patience=PATIENCE), ordered, owes)
    for step in range(0, 2400, 13):
        day = date(2021, 12, 1) + timedelta(days=step)
        assert life.is_member(day) == member_by_the_words(life, joined, left, day), day


def test_dues_taken_in_time_leave_no_gap_and_late_ones_make_a_return() -> None:
    first = (date(2024, 1, 1), date(2024, 12, 31))
    in_time, too_late = (date(2025, 3, 1), date(2026, 2, 28)), (date(2025, 3, 2), date(2026, 2, 28))
    assert len(spells(None, None, (first, in_time), owes=True, patience=60)) == 1
    assert spells(None, None, (first, too_late), owes=True, patience=60) == (
        (date(2024, 1, 1), date(2025, 3, 1)),
        (date(2025, 3, 2), date(2026, 4, 29)),
    )
    assert spells(date(2020, 5, 1), date(2020, 5, 1), (), owes=True, patience=60) == ()
    assert spells(None, None, ((date(2020, 1, 1), FOREVER),), owes=True, patience=60)[0][1] == FOREVER


@given(many_lives)
def test_each_month_says_what_plain_counting_says(lives: list[Life]) -> None:
    for month in by_month(lives, TODAY, patience=PATIENCE):
        end = last_day(month.number)
        here = [life for life in lives if life.is_member(end)]
        assert month.members == len(here)
        assert month.up_to_date == sum(life.is_paid(end) for life in here)
        assert month.exempt == sum(not life.owes and not life.is_paid(end) for life in here)
        assert month.unknown == sum(life.owes and (not life.dues or life.dues[0][0] > end) for life in here)
        assert month.late + month.up_to_date + month.exempt + month.unknown == month.members
        ages = sorted((month.number - month_of(life.arrived)) / 12 for life in here)
        if ages:
            assert month.mean_years == pytest.approx(sum(ages) / len(ages))
            assert month.median_years == pytest.approx((ages[(len(ages) - 1) // 2] + ages[len(ages) // 2]) / 2)


@given(many_lives)
def test_who_came_less_who_went_is_what_the_number_of_members_grew_by(lives: list[Life]) -> None:
    before = 0
    for month in by_month(lives, TODAY, patience=PATIENCE):
        assert month.members == before + month.arrivals + month.returns - month.departures
        before = month.members


@given(many_lives)
def test_cohorts_add_up_to_the_members_of_each_year(lives: list[Life]) -> None:
    years, rows = belonging.cohorts(lives, TODAY)
    for year in {one for one in years if one < TODAY.year}:
        end = date(year, 12, 31)
        total = sum(row[1 + year - start] for start, row in zip(years, rows, strict=True) if start <= year)
        assert total == sum(life.is_member(end) for life in lives)


@given(stretches)
def test_the_months_of_a_stretch_are_those_whose_last_day_is_in_it(stretch: tuple[date, date]) -> None:
    start, end = ends_within(stretch)
    for number in range(month_of(stretch[0]) - 2, month_of(stretch[1]) + 3):
        assert (start <= number < end) == (stretch[0] <= last_day(number) <= stretch[1])


@given(st.lists(counts, min_size=2, max_size=7))
def test_of_a_breakdown_no_subtraction_gives_a_number_under_five(cells: list[int]) -> None:
    """Neither by the total, nor by guessing that all that is hidden is small."""
    told, total = breakdown(cells), sum(cells)
    assert all(one is HIDDEN or (one == true and not is_small(true)) for one, true in zip(told, cells, strict=True))
    hidden = [true for one, true in zip(told, cells, strict=True) if one is HIDDEN]
    assert bool(hidden) == any(map(is_small, cells))
    assert len(hidden) != 1
    if not hidden or is_small(total):
        return
    assert sum(hidden) >= hiding.LEAST
    if len(hidden) < len(cells) and max(hidden) < hiding.LEAST:
        assert len(hidden) < sum(hidden) < len(hidden) * (hiding.LEAST - 1)


def month(number: int, arrivals: int, returns: int, departures: int, members: int = 500) -> Month:
    return Month(number, members, 0, 0, 0, 0, arrivals, returns, departures, 0, None, None, None)


@given(st.lists(st.tuples(counts, counts, counts), min_size=1, max_size=30), st.integers(24000, 24011))
def test_neither_a_month_nor_a_year_gives_a_movement_of_under_five(
    rows: list[tuple[int, int, int]], start: int
) -> None:
    months = [month(start + at, *row) for at, row in enumerate(rows)]
    told = hiding.flows(months)
    years: dict[int, list[int]] = {}
    for at, (row, seen) in enumerate(zip(rows, told, strict=True)):
        assert all(one is HIDDEN or (one == true and not is_small(true)) for one, true in zip(seen, row, strict=True))
        if HIDDEN in seen:
            # The growth is known: with something that came and what went both hidden, it gives neither.
            assert seen[2] is HIDDEN
            assert HIDDEN in seen[:2]
        years.setdefault((start + at) // 12, []).append(at)
    for places in years.values():
        for column in range(3):
            hidden = [at for at in places if told[at][column] is HIDDEN]
            if hidden and len(hidden) < len(places):
                assert len(hidden) > 1
                assert sum(rows[at][column] for at in hidden) >= hiding.LEAST


@given(st.lists(st.tuples(counts, counts, st.booleans()), min_size=1, max_size=30), st.integers(24000, 24011))
def test_neither_a_month_nor_a_year_gives_the_few_who_renewed_or_did_not(
    rows: list[tuple[int, int, bool]], start: int
) -> None:
    months = [
        Month(start + at, 500, 0, 0, 0, 0, 0, 0, 0, done + left, done if known else None, None, None)
        for at, (done, left, known) in enumerate(rows)
    ]
    told = hiding.renewals(months)
    for (done, left, known), seen in zip(rows, told, strict=True):
        if not known:
            assert seen == (None, None)
        elif HIDDEN in seen:
            assert seen == (HIDDEN, HIDDEN)
        else:
            assert seen == (done, left)
            assert not is_small(done)
            assert not is_small(left)
    for at, cells in enumerate(hiding.by_year(months)):
        year = sorted({month.number // 12 for month in months})[at]
        places = [at for at, month in enumerate(months) if month.number // 12 == year and month.renewed is not None]
        hidden = [rows[place][0] for place in places if told[place][0] is HIDDEN]
        assert not any(is_small(one) for one in cells if isinstance(one, int))
        if isinstance(cells[4], int) and hidden and len(hidden) < len(places):
            assert len(hidden) > 1
            assert sum(hidden) >= hiding.LEAST


@given(many_lives.map(lambda lives: lives * 3))
def test_cohorts_let_nobody_count_the_few_who_left(lives: list[Life]) -> None:
    _years, rows = belonging.cohorts(lives, TODAY)
    told = hiding.cohorts(rows)
    for row, seen in zip(rows, told, strict=True):
        shown = [one for one in seen if isinstance(one, int)]
        assert not any(is_small(one) for one in shown)
        assert not any(is_small(abs(one - other)) for one in shown for other in shown)
        assert all(one is HIDDEN or one == true for one, true in zip(seen, row, strict=True))
    width = max((len(row) for row in rows), default=0)
    for back in range(1, width):
        cells = [(row[-back], seen[-back]) for row, seen in zip(rows, told, strict=True) if len(row) > back]
        hidden = [true for true, seen in cells if seen is HIDDEN]
        if hidden and len(hidden) < len(cells):
            assert len(hidden) > 1
            assert sum(hidden) >= hiding.LEAST


@settings(deadline=None)
@given(st.lists(st.sets(st.integers(0, 23)), min_size=1, max_size=4), st.integers(0, 24))
def test_sets_compared_differ_by_nobody_or_by_five(sets: list[set[int]], size: int) -> None:
    everybody = set(range(size))
    sets = [one & everybody for one in sets]
    patterns: dict[int, int] = {}
    for number in everybody:
        bits = sum(1 << rank for rank, one in enumerate(sets) if number in one)
        patterns[bits] = patterns.get(bits, 0) + 1
    told = hiding.comparable(patterns, len(sets))
    seen = [one for one, count in zip(sets, told, strict=True) if count is not HIDDEN]
    assert [count for count in told if count is not HIDDEN] == [len(one) for one in seen]
    for one in [*seen, everybody] if not is_small(size) else []:
        for other in seen:
            assert not is_small(len(one - other))
    assert not seen or not is_small(len(everybody - set().union(*seen)))


@given(many_lives)
def test_members_of_some_are_counted_alike_over_any_span(lives: list[Life]) -> None:
    months = by_month(lives, TODAY, patience=PATIENCE)
    if months:
        span = members_by_month(lives, months[0].number, months[-1].number)
        assert span == [one.members for one in months]


def test_ages_are_by_ten_years_and_organisations_have_none() -> None:
    spell = ((date(2020, 1, 1), FOREVER),)
    lives = [
        Life(1, spell, (), born=date(2000, 6, 17), sex="F"),
        Life(2, spell, (), born=date(2000, 6, 18), sex="H"),
        Life(3, spell, (), born=date(1920, 1, 1)),
        Life(4, spell, ()),
        Life(5, spell, (), is_human=False),
        Life(6, (), (), born=date(1990, 1, 1)),
    ]
    brackets, rows = belonging.ages(lives, ["F", "H"], TODAY)
    assert brackets == [20, 30, 40, 50, 60, 70, 80, 90, None]
    assert rows == [[1, 1, 0], *[[0, 0, 0]] * 6, [0, 0, 1], [0, 0, 1]]


def test_renewals_are_told_once_it_is_late_enough_and_only_where_nothing_else_ran() -> None:
    year = (date(2025, 1, 1), date(2025, 12, 31))
    renewed = Life(1, (year,), (year, (date(2026, 1, 1), date(2026, 12, 31))))
    gone = Life(2, (year,), (year,))
    covered = Life(3, (year,), ((date(2025, 1, 1), date(2025, 12, 15)), (date(2025, 6, 1), date(2026, 5, 31))))
    months = {one.label: one for one in by_month([renewed, gone, covered], TODAY, patience=60)}
    assert (months["2025-12"].ended, months["2025-12"].renewed) == (2, 1)
    assert (months["2026-05"].ended, months["2026-05"].renewed) == (1, None)
    assert next(iter(months)) == "2025-01"
    assert list(months)[-1] == "2026-05"
