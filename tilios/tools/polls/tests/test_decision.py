"""What a formal vote decides: quorum, majority, in figures and in one sentence."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from tests.cast import Cast
from tilios.core.people.models import Person
from tilios.tools.polls import actions, queries
from tilios.tools.polls.decision import Decision, college_lines, decide
from tilios.tools.polls.drafts import Draft
from tilios.tools.polls.models import Poll
from tilios.tools.polls.tests.formal import NO, YES, line_of, lines, open_vote, people, vote


def decided(poll: Poll) -> Decision:
    poll.refresh_from_db()
    return decide(poll, queries.options_of(poll), queries.votes_of(poll), queries.standing(poll))


def voted(cast: Cast, yes: int, no: int, blank: int = 0, silent: int = 0, **fields: Any) -> tuple[Poll, list[Person]]:
    crowd = people(yes + no + blank + silent)
    poll = open_vote(cast.alice, **fields)
    actions.set_roll(by=cast.alice, poll=poll, lines=lines(*crowd))
    for place, person in enumerate(crowd[: yes + no + blank]):
        value = YES if place < yes else NO if place < yes + no else None
        vote(poll, person, value, blank=value is None)
    return poll, crowd


@pytest.mark.parametrize("secret", [False, True])
def test_two_thirds_of_fifty_are_thirty_four(fabrique: Cast, secret: bool) -> None:
    poll, _crowd = voted(fabrique, 34, 16, 3, 7, majority="2/3", quorum="1/2", secret=secret)
    actions.close_poll(by=fabrique.alice, poll=poll)
    decision = decided(poll)
    (line,) = decision.lines
    assert (line.for_, line.against, line.base, line.needed, line.reached) == (34, 16, 50, 34, True)
    assert (decision.quorum_needed, decision.taking_part, decision.blank) == (30, 53, 3)
    with translation.override("fr"):
        assert decided(poll).sentence == (
            "Adopté : 34 voix pour sur 50 exprimées, soit 68\xa0% (deux tiers : il en faut 34). "
            "Le quorum de 30 est atteint : 53 personnes présentes ou représentées sur 60."
        )


@pytest.mark.parametrize(
    ("majority", "base", "adopted"),
    [
        ("relative", "expressed", True),
        ("absolute", "expressed", True),
        ("2/3", "expressed", False),
        ("absolute", "present", False),
        ("absolute", "entitled", False),
    ],
)
def test_the_same_votes_decide_by_the_rule_asked_for(fabrique: Cast, majority: str, base: str, adopted: bool) -> None:
    poll, _crowd = voted(fabrique, 5, 3, 2, 4, majority=majority, base=base)
    assert bool(decided(poll).adopted) is adopted


def test_without_the_quorum_nothing_is_adopted_and_proxies_and_presence_help_to_reach_it(fabrique: Cast) -> None:
    poll, crowd = voted(fabrique, 3, 0, silent=7, quorum="50 %")
    assert decided(poll).adopted == ()
    with translation.override("fr"):
        assert decided(poll).sentence == (
            "Rien n’est adopté. Le quorum de 5 n’est pas atteint : 3 personnes présentes ou représentées sur 10."
        )
    giver, here = crowd[4], crowd[5]
    actions.give_proxy(by=fabrique.alice, poll=poll, giver=line_of(poll, giver), holder=line_of(poll, crowd[0]))
    assert not decided(poll).quorum_reached
    actions.tick_voter(by=fabrique.alice, poll=poll, voter=line_of(poll, here), present=True, on_paper=False)
    assert decided(poll).quorum_reached
    assert decided(poll).adopted


def test_a_quorum_counted_by_voices_weighs_them(fabrique: Cast) -> None:
    crowd = people(4)
    poll = open_vote(fabrique.alice, quorum="1/2", quorum_by="weights")
    actions.set_roll(by=fabrique.alice, poll=poll, lines=lines(crowd[0], weight=10) + lines(*crowd[1:]))
    vote(poll, crowd[1], YES)
    assert not decided(poll).quorum_reached
    vote(poll, crowd[0], NO)
    assert decided(poll).quorum_reached
    assert (decided(poll).lines[0].for_, decided(poll).lines[0].against) == (1, 10)


def test_of_several_options_those_that_have_their_majority_are_told(fabrique: Cast) -> None:
    crowd = people(6)
    names = [Draft(label=label) for label in ("Rosa", "Louise", "Olympe")]
    poll = open_vote(fabrique.alice, ballot="several", drafts=names, majority="absolute")
    actions.set_roll(by=fabrique.alice, poll=poll, lines=lines(*crowd))
    for person, chosen in zip(crowd, ((1, 1), (1, 1), (1,), (1,), (None, 1), ()), strict=True):
        vote(poll, person, *chosen, blank=not chosen)
    decision = decided(poll)
    assert [line.reached for line in decision.lines] == [True, True, False]
    assert "Rosa" in decision.sentence
    assert "Olympe" not in decision.sentence


def test_level_options_have_no_relative_majority(fabrique: Cast) -> None:
    crowd = people(2)
    poll = open_vote(fabrique.alice, ballot="single", drafts=[Draft(label="A"), Draft(label="B")])
    actions.set_roll(by=fabrique.alice, poll=poll, lines=lines(*crowd))
    vote(poll, crowd[0], 1)
    vote(poll, crowd[1], None, 1)
    assert decided(poll).adopted == ()


@pytest.mark.parametrize(("heard", "told"), [(5, True), (4, False)])
def test_the_breakdown_of_a_secret_vote_is_told_when_five_of_each_college_were_heard(
    fabrique: Cast, heard: int, told: bool
) -> None:
    crowd = people(12)
    poll = open_vote(fabrique.alice, secret=True)
    both = [("Salariat", None), ("Usagers", None)]
    roll = lines(*crowd[:6], college="Salariat") + lines(*crowd[6:], college="Usagers")
    actions.set_roll(by=fabrique.alice, poll=poll, lines=roll, colleges=both)
    for person in (*crowd[:heard], *crowd[6:]):
        vote(poll, person, YES)
    actions.close_poll(by=fabrique.alice, poll=poll)
    poll.refresh_from_db()
    found = college_lines(poll, queries.options_of(poll), queries.by_college(poll))
    assert [(line.name, line.voters, line.voices) for line in found] == (
        [("Salariat", heard, (heard,)), ("Usagers", 6, (6,))] if told else []
    )


def test_with_shares_the_majority_is_reckoned_on_them(fabrique: Cast) -> None:
    crowd = people(9)
    poll = open_vote(fabrique.alice, majority="absolute")
    both = [("Salariat", Decimal(60)), ("Usagers", Decimal(40))]
    roll = lines(*crowd[:2], college="Salariat") + lines(*crowd[2:], college="Usagers")
    actions.set_roll(by=fabrique.alice, poll=poll, lines=roll, colleges=both)
    for place, person in enumerate(crowd):
        vote(poll, person, YES if place < 2 else NO)
    (line,) = decided(poll).lines
    assert (line.for_, line.against, line.base, line.reached) == (60, 40, 100, True)
