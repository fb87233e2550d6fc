"""Kinds of ballot: what they take, and counting as a pure function."""

import random
from contextlib import suppress

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from tilios.core.errors import Invalid
from tilios.tools.polls import ballots
from tilios.tools.polls.ballots import Votes

OPTIONS = [11, 12, 13, 14]
kinds = st.sampled_from([ballots.of(slug) for slug in ("yesno", "single", "several")])


@st.composite
def elections(draw: st.DrawFn) -> tuple[ballots.Ballot, list[dict[int, int]]]:
    kind = draw(kinds)
    values = [level.value for level in kind.levels({})]
    one = st.dictionaries(st.sampled_from(OPTIONS), st.sampled_from(values), min_size=1)
    if kind.slug == "single":
        one = st.sampled_from(OPTIONS).map(lambda option: {option: 1})
    return kind, draw(st.lists(one, max_size=30))


@given(elections(), st.randoms())
def test_the_order_of_ballots_never_changes_the_result(
    election: tuple[ballots.Ballot, list[dict[int, int]]], chance: random.Random
) -> None:
    kind, cast = election
    shuffled = cast.copy()
    chance.shuffle(shuffled)
    assert kind.count(OPTIONS, Votes.of(cast), {}) == kind.count(OPTIONS, Votes.of(shuffled), {})


@given(elections(), st.permutations(OPTIONS))
def test_the_order_of_options_never_changes_who_is_in_front(
    election: tuple[ballots.Ballot, list[dict[int, int]]], order: list[int]
) -> None:
    kind, cast = election
    votes = Votes.of(cast)
    assert set(kind.count(OPTIONS, votes, {}).best) == set(kind.count(order, votes, {}).best)


@given(elections())
def test_no_mark_is_lost_or_made_up(election: tuple[ballots.Ballot, list[dict[int, int]]]) -> None:
    kind, cast = election
    count = kind.count(OPTIONS, Votes.of(cast), {})
    assert sum(row.given for row in count.rows) == sum(len(marks) for marks in cast)
    assert count.voters == len(cast)
    for row in count.rows:
        for level, number in zip(count.levels, row.counts, strict=True):
            assert number == sum(marks.get(row.option) == level.value for marks in cast)


@given(elections(), st.sampled_from(OPTIONS))
def test_one_more_best_mark_never_harms_an_option(
    election: tuple[ballots.Ballot, list[dict[int, int]]], option: int
) -> None:
    kind, cast = election
    before = kind.count(OPTIONS, Votes.of(cast), {}).best
    after = kind.count(OPTIONS, Votes.of([*cast, {option: kind.levels({})[0].value}]), {}).best
    if option in before:
        assert after == (option,)


@given(elections())
def test_whoever_is_in_front_has_no_option_better_and_all_level_are_named(
    election: tuple[ballots.Ballot, list[dict[int, int]]],
) -> None:
    kind, cast = election
    count = kind.count(OPTIONS, Votes.of(cast), {})
    merits = {row.option: kind.merit(row.counts) for row in count.rows}
    if count.best:
        highest = max(merits.values())
        assert {option for option, merit in merits.items() if merit == highest} == set(count.best)
    else:
        assert not any(any(merit) for merit in merits.values())


def test_if_need_be_only_separates_options_with_as_many_yes() -> None:
    yesno = ballots.of("yesno")
    cast = [{11: 2, 12: 2, 13: 1}, {11: 2, 12: 2, 13: 1}, {11: 1, 12: 0, 13: 1}, {13: 1}]
    assert yesno.count([11, 12, 13], Votes.of(cast), {}).best == (11,)


def test_a_no_everywhere_puts_nobody_in_front() -> None:
    assert ballots.of("yesno").count([11, 12], Votes.of([{11: 0, 12: 0}]), {}).best == ()


@given(st.dictionaries(st.integers(0, 99), st.integers(-3, 5)))
def test_a_ballot_accepted_holds_only_options_and_answers_of_the_poll(marks: dict[int, int]) -> None:
    for kind in ballots.every():
        known = {level.value for level in kind.levels({})}
        with suppress(Invalid):
            kind.check(marks, OPTIONS, {})
            assert marks
            assert set(marks) <= set(OPTIONS)
            assert set(marks.values()) <= known


@pytest.mark.parametrize(("number", "fits"), [(1, False), (2, True), (3, True), (4, False)])
def test_several_keeps_to_its_least_and_most(number: int, fits: bool) -> None:
    several = ballots.of("several")
    rules = several.rules({"least": 2, "most": 3}, options=4)
    marks = dict.fromkeys(OPTIONS[:number], 1)
    if fits:
        several.check(marks, OPTIONS, rules)
    else:
        with pytest.raises(Invalid):
            several.check(marks, OPTIONS, rules)


@pytest.mark.parametrize(("given", "field"), [({"least": 5}, "least"), ({"least": 3, "most": 2}, "most")])
def test_several_refuses_rules_that_nobody_could_follow(given: dict, field: str) -> None:
    with pytest.raises(Invalid) as error:
        ballots.of("several").rules(given, options=4)
    assert error.value.field == field


def test_without_if_need_be_the_answer_does_not_exist() -> None:
    with pytest.raises(Invalid):
        ballots.of("yesno").check({11: 1}, OPTIONS, {"maybe": False})


@pytest.mark.parametrize(
    ("slug", "form", "marks"),
    [
        ("yesno", "mark-11=2&mark-12=0&mark-13=&mark-x=2&mark-14=deux", {11: 2, 12: 0}),
        ("single", "choice=12", {12: 1}),
        ("single", "choice=", {}),
        ("several", "choice=12&choice=14&choice=a", {12: 1, 14: 1}),
    ],
)
def test_forms_are_read_and_what_is_no_number_is_left_out(slug: str, form: str, marks: dict[int, int]) -> None:
    assert ballots.of(slug).read(QueryDict(form), OPTIONS) == marks


def test_every_kind_is_declared_whole() -> None:
    for kind in ballots.every():
        assert kind.slug
        assert kind.poll_kinds
        assert str(kind.label)
        assert str(kind.instruction({}))
        assert bool(kind.levels({})) is kind.takes_votes
        assert kind.family in ballots.FAMILIES
        assert str(kind.suits)
