"""The roll of a formal vote: frozen at the opening, changed by hand before the first vote, followed everywhere."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import Cast, make_person
from tilios.core.access import sharing
from tilios.core.access.models import Visitor
from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.core.journal.models import Entry
from tilios.core.people.models import Role, Status
from tilios.tools.polls import actions, queries, rules
from tilios.tools.polls.actions import upkeep
from tilios.tools.polls.drafts import Draft
from tilios.tools.polls.models import Ballot, College, PaperBatch, PaperSheet, Poll, SecretBallot, Voter
from tilios.tools.polls.queries.counting import Voice, units
from tilios.tools.polls.roll_lines import Line, read_colleges, read_roll, write_roll
from tilios.tools.polls.tests.contract import fill_formal, marks
from tilios.tools.polls.tests.formal import NO, YES, line_of, lines, open_vote, people, vote


def test_the_roll_is_those_of_the_opening_whatever_becomes_of_roles_and_groups(fabrique: Cast) -> None:
    poll = open_vote(fabrique.alice)
    assert set(queries.entitled_people(poll)) == {fabrique.alice, fabrique.manon, fabrique.bob}
    late = make_person(fabrique.fabrique, "Tard Venu", Role.MEMBER)
    fabrique.bob.role = Role.GUEST
    fabrique.bob.save()
    for person, asked in ((fabrique.bob, True), (late, False), (fabrique.gus, False)):
        assert rules.is_entitled(person, poll, listed=queries.is_listed(person, poll)) is asked
        assert Poll.objects.filter(queries.asked(person), pk=poll.pk).exists() is asked
        assert queries.visible_polls(person).filter(pk=poll.pk).exists() is asked
    vote(poll, fabrique.bob, YES)
    with pytest.raises(NotAllowed):
        actions.cast_ballot(by=late, poll=poll, marks=marks(poll, YES))
    turnout = queries.turnout(poll)
    assert (turnout.asked, turnout.voted, turnout.others) == (3, 1, 0)
    assert set(queries.silent_people(poll)) == {fabrique.alice, fabrique.manon}


def test_somebody_who_has_left_no_longer_votes_but_stays_on_the_roll(fabrique: Cast) -> None:
    poll = open_vote(fabrique.alice)
    fabrique.bob.status = Status.LEFT
    fabrique.bob.save()
    with pytest.raises(NotAllowed):
        vote(poll, fabrique.bob, YES)
    assert queries.standing(poll).entitled.heads == 3


def test_a_roll_pasted_gives_colleges_voices_and_names(fabrique: Cast) -> None:
    poll = open_vote(fabrique.alice)
    colleges, faults = read_colleges("Salariat ; 40\nUsagers;60 %\n")
    assert (colleges, faults) == ([("Salariat", Decimal(40)), ("Usagers", Decimal(60))], [])
    text = "alice.moreau@example.org ; salariat ; 3\nLambert Bob;Usagers\n\nPierre, du club ; Usagers ; 2"
    found, faults = read_roll(text, ["Salariat", "Usagers"], poll)
    assert not faults
    actions.set_roll(by=fabrique.alice, poll=poll, lines=found, colleges=colleges)
    assert [(row.display_name, row.college.name, row.weight) for row in queries.roll_of(poll) if row.college] == [
        ("Alice Moreau", "Salariat", 3), ("Bob Lambert", "Usagers", 1), ("Pierre, du club", "Usagers", 2),
    ]  # fmt: skip
    entry = Entry.objects.filter(verb="polls.roll_changed").get()
    assert (entry.actor, entry.data) == (fabrique.alice.pk, {"added": 1, "removed": 1, "voters": 3})
    again, faults = read_roll(write_roll(poll), ["Salariat", "Usagers"], poll)
    assert sorted(again, key=str) == sorted(found, key=str)
    assert not faults


def test_every_fault_of_a_pasted_roll_is_told_by_its_line(fabrique: Cast) -> None:
    poll = open_vote(fabrique.alice)
    make_person(fabrique.fabrique, "Bob Lambert", Role.MEMBER, email="bob2@example.org")
    text = "\n".join(
        ["Bob Lambert", "x@example.org", "Alice Moreau ; Inconnu", "Manon Le Goff ; ; 0", "; ; 3", "Zoé", "zoe"]
    )
    found, faults = read_roll(text, ["Salariat"], poll)
    assert [fault.line for fault in faults] == [1, 2, 3, 4, 5, 7]
    assert [line.name for line in found] == ["Zoé"]
    _colleges, faults = read_colleges("A ; 50\na ; 50\n ; 3\nB ; x\nC ; 0")
    assert [fault.line for fault in faults] == [2, 3, 4, 5]


@pytest.mark.parametrize(
    ("colleges", "college", "field"),
    [
        ([("A", Decimal(40))], "A", "colleges"),
        ([("A", Decimal(40)), ("B", None)], "A", "colleges"),
        ([("A", Decimal(100))], "", "lines"),
    ],
)
def test_shares_that_do_not_make_a_hundred_change_nothing(
    fabrique: Cast, colleges: list, college: str, field: str
) -> None:
    poll = open_vote(fabrique.alice)
    with pytest.raises(Invalid) as error:
        actions.set_roll(by=fabrique.alice, poll=poll, lines=lines(fabrique.bob, college=college), colleges=colleges)
    assert error.value.field == field
    assert poll.roll.count() == 3
    assert not poll.colleges.exists()


def test_the_roll_no_longer_changes_once_somebody_has_voted(fabrique: Cast) -> None:
    poll = open_vote(fabrique.alice)
    with pytest.raises(NotAllowed):
        actions.set_roll(by=fabrique.bob, poll=poll, lines=lines(fabrique.bob))
    with pytest.raises(Invalid):
        actions.set_roll(by=fabrique.alice, poll=poll, lines=[])
    with pytest.raises(Invalid):
        actions.set_roll(by=fabrique.alice, poll=poll, lines=[Line(fabrique.charlie.pk, "")])
    vote(poll, fabrique.bob, YES)
    with pytest.raises(Conflict):
        actions.set_roll(by=fabrique.alice, poll=poll, lines=lines(fabrique.bob))


def test_the_settings_that_make_the_rule_are_fixed(fabrique: Cast) -> None:
    poll = open_vote(fabrique.alice, quorum="1/3")
    drafts = [Draft.of(option, poll.tz) for option in poll.options.all()]
    kept: dict[str, Any] = {"drafts": drafts, "kind": "choice", "ballot": "yesno"}
    with pytest.raises(Conflict):
        actions.change_poll(by=fabrique.alice, poll=poll, formal=False, **kept)
    with pytest.raises(Invalid) as error:
        actions.change_poll(by=fabrique.alice, poll=poll, least_role=Role.MANAGER, **kept)
    assert error.value.field == "least_role"
    actions.change_poll(by=fabrique.alice, poll=poll, quorum="1/4", **kept)
    vote(poll, fabrique.bob, YES)
    with pytest.raises(Invalid) as error:
        actions.change_poll(by=fabrique.alice, poll=poll, quorum="1/5", **kept)
    assert error.value.field == "quorum"
    with pytest.raises(Invalid) as error:
        actions.change_poll(by=fabrique.alice, poll=poll, **kept | {"drafts": [*drafts, Draft(label="Autre")]})
    assert error.value.field == "options"
    with pytest.raises(Invalid):
        open_vote(fabrique.alice, quorum="beaucoup")


def test_a_guest_joins_the_roll_only_where_guests_are_let_in(fabrique: Cast) -> None:
    poll = open_vote(fabrique.alice, guests=True)
    link = sharing.create_link(by=fabrique.alice, target=poll, mode="vote")
    visitor = Visitor.objects.create(link=link, key="k", name="Zoé")
    ballot = actions.cast_guest_ballot(visitor=visitor, poll=poll, marks=marks(poll, YES))
    assert poll.roll.get(visitor=visitor).display_name == "Zoé"
    actions.cast_guest_ballot(visitor=visitor, poll=poll, marks=marks(poll, NO))
    assert poll.roll.count() == 4
    assert queries.standing(poll).voted.heads == 1
    actions.withdraw_ballot(visitor=visitor, poll=poll)
    assert not poll.roll.get(pk=ballot.voter_id).voted
    closed = open_vote(fabrique.alice, guests=False)
    with pytest.raises(NotAllowed):
        actions.cast_guest_ballot(visitor=visitor, poll=closed, marks=marks(closed, YES))


def test_a_blank_vote_is_said_and_counts_for_the_quorum_alone(fabrique: Cast) -> None:
    poll = open_vote(fabrique.alice)
    with pytest.raises(Invalid):
        vote(poll, fabrique.bob)
    with pytest.raises(Invalid):
        vote(poll, fabrique.bob, YES, blank=True)
    vote(poll, fabrique.bob, blank=True)
    votes = queries.votes_of(poll)
    assert (votes.voters, votes.tally) == (1, {})
    assert queries.standing(poll).taking_part.heads == 1


def test_ticks_of_presence_and_of_paper(fabrique: Cast) -> None:
    poll = open_vote(fabrique.alice)
    bob, manon = line_of(poll, fabrique.bob), line_of(poll, fabrique.manon)
    with pytest.raises(NotAllowed):
        actions.tick_voter(by=fabrique.bob, poll=poll, voter=bob, present=True, on_paper=False)
    actions.tick_voter(by=fabrique.alice, poll=poll, voter=bob, present=True, on_paper=False)
    assert queries.standing(poll).present.heads == 1
    actions.tick_voter(by=fabrique.alice, poll=poll, voter=bob, present=True, on_paper=True)
    with pytest.raises(Conflict):
        vote(poll, fabrique.bob, YES)
    actions.tick_voter(by=fabrique.alice, poll=poll, voter=bob, present=True, on_paper=False)
    vote(poll, fabrique.bob, YES)
    vote(poll, fabrique.manon, YES)
    with pytest.raises(Conflict):
        actions.tick_voter(by=fabrique.alice, poll=poll, voter=manon, present=True, on_paper=True)


def test_colleges_weigh_their_share_whatever_their_size(fabrique: Cast) -> None:
    crowd = people(9)
    poll = open_vote(fabrique.alice)
    actions.set_roll(
        by=fabrique.alice,
        poll=poll,
        lines=lines(*crowd[:2], college="Salariat") + lines(*crowd[2:], college="Usagers"),
        colleges=[("Salariat", Decimal(40)), ("Usagers", Decimal(60))],
    )
    for person, value in zip(crowd, (YES, YES, NO, NO, NO, NO, NO, YES, None), strict=True):
        vote(poll, person, value, blank=value is None)
    votes = queries.votes_of(poll)
    option = poll.options.get().pk
    assert Fraction(votes.tally[option][YES], votes.scale) == 40 + 10
    assert Fraction(votes.tally[option][NO], votes.scale) == 50
    assert {one.voters for one in queries.by_college(poll)} == {2, 7}


voices = st.lists(
    st.builds(
        Voice,
        marks=st.sampled_from([{}, {7: 1}, {8: 1}]),
        college=st.sampled_from([1, 2, 3]),
        weight=st.integers(1, 9),
    ),
    max_size=30,
)


@given(voices)
def test_the_expressed_ballots_of_a_college_add_up_to_its_share_exactly(some: list[Voice]) -> None:
    shares = {1: Fraction(20), 2: Fraction("33.34"), 3: Fraction("46.66")}
    weights, scale = units(some, shares)
    for college, share in shares.items():
        pairs = zip(some, weights, strict=True)
        together = sum(weight for voice, weight in pairs if voice.college == college and voice.marks)
        heard = any(voice.college == college and voice.marks for voice in some)
        assert Fraction(together, scale) == (share if heard else 0)


@given(voices)
def test_without_shares_a_voice_weighs_what_it_says(some: list[Voice]) -> None:
    assert units(some, {}) == ([voice.weight for voice in some], 1)


def test_a_formal_vote_deleted_long_ago_goes_with_all_that_hangs_on_it(fabrique: Cast) -> None:
    polls = [fill_formal(fabrique.alice, 10, secret=secret) for secret in (False, True)]
    for poll in polls:
        actions.delete_poll(by=fabrique.alice, poll=poll)
        Poll.objects.filter(pk=poll.pk).update(deleted_at=timezone.now() - queries.KEPT_FOR)
    assert upkeep.forget_deleted() == 2
    for model in (Voter, College, SecretBallot, PaperBatch, PaperSheet, Ballot):
        assert not model.objects.exists()


def test_who_gave_their_proxy_is_not_reminded(fabrique: Cast) -> None:
    poll = open_vote(fabrique.alice)
    actions.give_proxy(
        by=fabrique.bob, poll=poll, giver=line_of(poll, fabrique.bob), holder=line_of(poll, fabrique.manon)
    )
    assert actions.remind_people(by=fabrique.alice, poll=poll) == 2
    assert set(poll.reminders.values_list("person", flat=True)) == {fabrique.alice.pk, fabrique.manon.pk}


@pytest.mark.parametrize("fields", [{"ballot": "draw", "seed_source": "Loto"}, {"ballot": "consent", "secret": True}])
def test_a_draw_is_not_formal_and_a_consent_is_not_secret(fabrique: Cast, fields: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refusal:
        open_vote(fabrique.alice, **fields)
    assert refusal.value.field == "ballot"
