"""Quorum and majority: exact, whatever the fractions."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilios.kit.voting.thresholds import ABSOLUTE, MAJORITIES, RELATIVE, SHARES, Quorum, is_reached, needed

majorities = st.sampled_from([name for name in MAJORITIES if name != RELATIVE])
units = st.integers(1, 60).map(lambda below: Fraction(1, below))
counts = st.integers(0, 5000)


@given(majorities, counts, units)
def test_the_number_needed_is_the_least_that_is_enough(majority: str, base: int, unit: Fraction) -> None:
    least = needed(majority, base * unit, unit=unit)
    assert least % unit == 0
    assert is_reached(majority, least, base * unit)
    assert not is_reached(majority, least - unit, base * unit)


@given(majorities, counts, counts, counts)
def test_one_more_voice_for_never_undoes_a_majority(majority: str, voices: int, more: int, base: int) -> None:
    if is_reached(majority, Fraction(voices), Fraction(base)):
        assert is_reached(majority, Fraction(voices + more), Fraction(base))


@given(counts, counts)
def test_a_harder_majority_holds_only_where_an_easier_one_does(voices: int, base: int) -> None:
    ladder = [ABSOLUTE, "2/3", "3/4", "4/5"]
    reached = [is_reached(name, Fraction(voices), Fraction(base)) for name in ladder]
    assert reached == sorted(reached, reverse=True)


@given(counts, counts, st.integers(1, 1000), majorities)
def test_counting_in_smaller_units_changes_nothing(voices: int, base: int, scale: int, majority: str) -> None:
    whole = is_reached(majority, Fraction(voices), Fraction(base))
    assert is_reached(majority, Fraction(voices, scale), Fraction(base, scale)) is whole


@given(counts, counts)
def test_for_and_against_are_never_both_an_absolute_majority(for_: int, against: int) -> None:
    base = Fraction(for_ + against)
    assert not (is_reached(ABSOLUTE, Fraction(for_), base) and is_reached(ABSOLUTE, Fraction(against), base))
    ahead = is_reached(RELATIVE, Fraction(for_), base, highest_other=Fraction(against))
    assert ahead is (for_ > against)


@pytest.mark.parametrize(
    ("majority", "base", "least"),
    [(ABSOLUTE, 50, 26), (ABSOLUTE, 51, 26), ("2/3", 50, 34), ("2/3", 51, 34), ("3/4", 40, 30), ("4/5", 7, 6)],
)
def test_usual_numbers(majority: str, base: int, least: int) -> None:
    assert needed(majority, Fraction(base)) == least


def test_half_is_no_absolute_majority_but_two_thirds_exactly_are_enough() -> None:
    assert not is_reached(ABSOLUTE, Fraction(25), Fraction(50))
    assert is_reached("2/3", Fraction(100, 3), Fraction(50))
    assert set(SHARES) == {"2/3", "3/4", "4/5"}


@given(st.sampled_from(MAJORITIES), counts)
def test_no_voice_adopts_nothing(majority: str, base: int) -> None:
    assert not is_reached(majority, Fraction(0), Fraction(base))


@given(st.integers(1, 200), st.integers(1, 200), st.integers(0, 5000), st.integers(0, 5000))
def test_a_share_is_reached_exactly_when_it_is(above: int, below: int, here: int, entitled: int) -> None:
    above, below = min(above, below), max(above, below)
    quorum = Quorum.parse(f"{above} / {below}")
    assert quorum is not None
    assert quorum.is_reached(here, entitled) is (here * below >= above * entitled)


@pytest.mark.parametrize(
    ("text", "of_90"),
    [("1/3", 30), ("25 %", 23), ("33,34%", 31), ("30", 30), ("100%", 90), (" 1 / 2 ", 45), ("120", 120)],
)
def test_a_quorum_is_read_as_people_write_it(text: str, of_90: int) -> None:
    quorum = Quorum.parse(text)
    assert quorum is not None
    assert quorum.needed(90) == of_90


@pytest.mark.parametrize("text", ["0", "4/3", "1/0", "0%", "101%", "un tiers", "1.5", "-3", "1/3/4", "٣"])
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Quorum.parse(text)


def test_no_quorum_is_no_quorum() -> None:
    assert Quorum.parse("  ") is None
