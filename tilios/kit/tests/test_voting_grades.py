"""Majority judgment as its authors define it; scores, consent, the draw."""

import io
import statistics
from contextlib import redirect_stdout

from hypothesis import given
from hypothesis import strategies as st

from tilios.kit.tests.voting import tally
from tilios.kit.voting.consent import ABSTAIN, AGREE, OBJECT, RESERVATIONS, consent
from tilios.kit.voting.draw import drawn, program
from tilios.kit.voting.judgment import Judgment, judgment, nth_median
from tilios.kit.voting.scores import scores

GRADES = 7
OPTIONS = [1, 2, 3]
grades = st.dictionaries(st.sampled_from(OPTIONS), st.integers(0, GRADES - 1))
ballots = st.lists(st.tuples(grades, st.integers(1, 3)), max_size=15)


def judged(cast: list[tuple[dict[int, int], int]]) -> Judgment:
    return judgment(OPTIONS, tally(cast), sum(weight for _marks, weight in cast), GRADES)


def medians(cast: list[tuple[dict[int, int], int]], option: int) -> list[int]:
    """The definition, word for word: take the median away, look at the next one, until nothing is left."""
    left = sorted(marks.get(option, 0) for marks, weight in cast for _copy in range(weight))
    taken = []
    while left:
        taken.append(left.pop((len(left) - 1) // 2))
    return taken


@given(ballots)
def test_majority_judgment_is_exactly_the_removal_of_medians_one_by_one(cast) -> None:
    found = judged(cast)
    definition = {option: medians(cast, option) for option in OPTIONS}
    expected: dict[tuple, list[int]] = {}
    for option, taken in definition.items():
        expected.setdefault(tuple(taken), []).append(option)
    assert list(found.order) == [tuple(expected[key]) for key in sorted(expected, reverse=True)]
    for option, profile in found.profiles.items():
        assert [nth_median(profile.counts, step) for step in range(profile.total)] == definition[option]
    for told in found.tie_breaks:
        ahead, behind = definition[told.ahead], definition[told.behind]
        assert ahead[: told.removed] == behind[: told.removed]
        assert (ahead[told.removed], behind[told.removed]) == (told.grade_ahead, told.grade_behind)
        assert told.grade_ahead > told.grade_behind


@given(ballots, st.data())
def test_a_better_grade_never_harms_whoever_gets_it(cast, data: st.DataObject) -> None:
    before = judged(cast).winners
    if not before:
        return
    winner = before[0]
    place = data.draw(st.integers(0, len(cast) - 1))
    marks, weight = cast[place]
    better = data.draw(st.integers(marks.get(winner, 0), GRADES - 1))
    after = judged([*cast[:place], ({**marks, winner: better}, weight), *cast[place + 1 :]])
    assert winner in after.winners


@given(ballots, st.permutations(OPTIONS))
def test_a_judgment_knows_no_order_of_options(cast, order: list[int]) -> None:
    new = dict(zip(OPTIONS, order, strict=True))
    moved = judged([({new[one]: grade for one, grade in marks.items()}, weight) for marks, weight in cast])
    assert [{new[one] for one in tier} for tier in judged(cast).order] == [set(tier) for tier in moved.order]


def test_a_tie_is_settled_by_the_next_median_and_told() -> None:
    # Both have "5" in the middle of five grades; without it, the lower middle is 5 for one and 3 for the other.
    found = judgment([1, 2], {1: {6: 1, 5: 2, 2: 2}, 2: {6: 2, 5: 1, 3: 2}}, 5, GRADES)
    assert found.order == ((1,), (2,)) or found.order == ((2,), (1,))
    told = found.tie_breaks[0]
    assert (told.removed, told.grade_ahead, told.grade_behind) == (1, 3, 2)
    assert told.ahead == 2


def test_equal_profiles_are_level_and_no_judge_means_no_winner() -> None:
    same = {6: 2, 1: 1}
    assert judgment([1, 2], {1: same, 2: same}, 3, GRADES).winners == (1, 2)
    assert judgment([1, 2], {}, 0, GRADES).winners == ()


@given(st.dictionaries(st.integers(0, 20), st.integers(1, 5), min_size=1))
def test_means_and_spreads_are_those_of_the_standard_library(values: dict[int, int]) -> None:
    plain = [value for value, weight in values.items() for _copy in range(weight)]
    found = scores([1], {1: values}).scores[1]
    assert found.total == sum(plain)
    assert (
        found.mean == statistics.mean(map(int, plain)) or abs(float(found.mean or 0) - statistics.fmean(plain)) < 1e-9
    )
    assert abs((found.spread or 0) - statistics.pstdev(plain)) < 1e-9


def test_nobody_is_in_front_while_all_have_nothing() -> None:
    assert scores([1, 2], {1: {5: 1}, 2: {4: 3}}).order == ((2,), (1,))
    assert scores([1, 2], {}).winners == ()


def test_one_objection_is_enough_and_silence_is_no_consent() -> None:
    found = consent([1, 2, 3, 4], {
        1: {AGREE: 3, RESERVATIONS: 1, ABSTAIN: 2}, 2: {AGREE: 9, OBJECT: 1}, 3: {ABSTAIN: 4},
    })  # fmt: skip
    assert [found[one].passes for one in (1, 2, 3, 4)] == [True, False, False, False]


@given(st.text(st.characters(codec="utf-8"), max_size=20), st.lists(st.text("abcé ' \"\\{}", max_size=8), max_size=6))
def test_the_program_shown_prints_the_same_draw(seed: str, labels: list[str]) -> None:
    shown = io.StringIO()
    with redirect_stdout(shown):
        exec(program(seed, labels), {})  # what a reader is invited to run
    ours = [f"{lot.place} {lot.lot} {lot.number} {lot.label}" for lot in drawn(seed, enumerate(labels, 1))]
    assert shown.getvalue() == "".join(f"{line}\n" for line in ours)


def test_a_draw_is_what_it_was_yesterday() -> None:
    assert [lot.number for lot in drawn("a", [(1, "x"), (2, "y"), (3, "é")])] == [3, 1, 2]
