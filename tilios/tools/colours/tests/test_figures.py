"""Figures: laws that hold whatever people answer, and an independent computation of each."""

import random
import statistics
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilios.core.errors import Invalid
from tilios.tools.colours import figures
from tilios.tools.colours.scales import BLACK, PRESETS, WHITE, Level, Scale, checked

SCALES = [preset.scale for preset in PRESETS.values()]
scales = st.sampled_from(SCALES)


@st.composite
def answered(draw: st.DrawFn) -> tuple[Scale, list[tuple[int, int]]]:
    """A scale, and (answer, weight) pairs on it."""
    scale = draw(scales)
    pairs = st.tuples(st.sampled_from(scale.answers), st.integers(1, 5))
    return scale, draw(st.lists(pairs, max_size=60))


def figures_of(scale: Scale, pairs: list[tuple[int, int]]) -> figures.Figures:
    return figures.of(figures.sums_of(pairs, len(scale)), scale)


@given(answered())
def test_proportions_sum_to_one(given_: tuple[Scale, list[tuple[int, int]]]) -> None:
    scale, pairs = given_
    found = figures_of(scale, pairs)
    assert sum(found.proportions) == pytest.approx(1 if pairs else 0)
    assert len(found.proportions) == len(scale) + 2


@given(answered(), st.randoms())
def test_the_order_of_people_changes_no_figure(
    given_: tuple[Scale, list[tuple[int, int]]], luck: random.Random
) -> None:
    scale, pairs = given_
    shuffled = luck.sample(pairs, len(pairs))
    assert figures_of(scale, shuffled) == figures_of(scale, pairs)


@given(answered())
def test_a_voice_of_three_is_three_voices(given_: tuple[Scale, list[tuple[int, int]]]) -> None:
    scale, pairs = given_
    one_by_one = [(answer, 1) for answer, weight in pairs for _time in range(weight)]
    assert figures_of(scale, one_by_one) == figures_of(scale, pairs)


@given(answered())
def test_turning_the_scale_mirrors_the_spectrum(given_: tuple[Scale, list[tuple[int, int]]]) -> None:
    scale, pairs = given_
    last = len(scale) - 1
    turned = [(last - answer if answer >= 0 else answer, weight) for answer, weight in pairs]
    one, other = figures_of(scale, pairs), figures_of(scale, turned)
    size = len(scale)
    assert other.proportions[:size] == one.proportions[:size][::-1]
    assert other.proportions[size:] == one.proportions[size:]
    assert (other.is_cleaved, other.opacity, other.expressed) == (one.is_cleaved, one.opacity, one.expressed)
    if one.position is not None:
        assert other.position == pytest.approx(1 - one.position)
        assert other.spread == pytest.approx(one.spread)
        assert other.consensus == pytest.approx(one.consensus)


@given(answered())
def test_mean_spread_median_and_consensus_are_those_of_the_standard_library(
    given_: tuple[Scale, list[tuple[int, int]]],
) -> None:
    scale, pairs = given_
    found = figures_of(scale, pairs)
    colours = [answer for answer, weight in pairs for _time in range(weight) if answer >= 0]
    if not colours:
        assert (found.mean, found.median, found.spread, found.consensus) == (None, None, None, None)
        return
    weights = [Fraction(scale.weights[answer]) for answer in colours]
    assert found.mean == pytest.approx(float(statistics.mean(weights)))
    assert found.spread == pytest.approx(float(statistics.pstdev(weights)), abs=1e-9)
    assert found.median == statistics.median_high(colours)
    ends = [Fraction(scale.weights[0]), Fraction(scale.weights[-1])]
    expected = 1 - float(statistics.pstdev(weights)) / float(statistics.pstdev(ends))
    assert found.consensus == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("scale", SCALES, ids=lambda scale: scale.preset)
def test_consensus_goes_from_half_at_each_end_to_everybody_together(scale: Scale) -> None:
    last = len(scale) - 1
    split = figures_of(scale, [(0, 1), (last, 1)])
    assert split.consensus == 0
    assert split.is_cleaved
    for rank in range(len(scale)):
        together = figures_of(scale, [(rank, 1)] * 7)
        assert together.consensus == 1
        assert together.median == rank
        assert not together.is_cleaved


def test_white_and_black_are_counted_and_enter_no_mean() -> None:
    scale = PRESETS["agreement5"].scale
    found = figures_of(scale, [(0, 1), (0, 1), (WHITE, 1), (BLACK, 1)])
    assert (found.answered, found.expressed, found.mean, found.opacity) == (4, 2, 5.0, 0.25)
    assert found.proportions == (0.5, 0, 0, 0, 0, 0.25, 0.25)


def test_opinions_are_split_from_a_fifth_at_each_end() -> None:
    scale = PRESETS["agreement5"].scale
    assert figures_of(scale, [(0, 1)] * 2 + [(2, 1)] * 6 + [(4, 1)] * 2).is_cleaved
    assert not figures_of(scale, [(0, 1)] * 1 + [(2, 1)] * 7 + [(4, 1)] * 2).is_cleaved


# Scales ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", SCALES, ids=lambda scale: scale.preset)
def test_a_scale_is_stored_and_read_back(scale: Scale) -> None:
    again = Scale.from_json(scale.to_json())
    assert [str(one.label) for one in again.levels] == [str(one.label) for one in scale.levels]
    assert (again.weights, [one.symbol for one in again.levels]) == (
        scale.weights,
        [one.symbol for one in scale.levels],
    )


GOOD = [Level("A", "+", 3), Level("B", "~", 2), Level("C", "-", 1)]


@pytest.mark.parametrize(
    "levels",
    [
        GOOD[:2],
        [*GOOD, Level("D", "=", 0)],
        [Level(" ", "+", 3), *GOOD[1:]],
        [Level("x" * 61, "+", 3), *GOOD[1:]],
        [Level("A", "", 3), *GOOD[1:]],
        [Level("A", "++++", 3), *GOOD[1:]],
        [Level("A", "~", 3), *GOOD[1:]],
        [Level("A", "?", 3), *GOOD[1:]],
        [Level("A", "∅", 3), *GOOD[1:]],
        [Level("A", "+", 2), *GOOD[1:]],
        [Level("A", "+", float("nan")), *GOOD[1:]],
        [Level("A", "+", float("inf")), *GOOD[1:]],
    ],
)
def test_a_scale_that_cannot_be_read_is_refused(levels: list[Level]) -> None:
    assert len(checked(GOOD)) == 3
    with pytest.raises(Invalid):
        checked(levels)
