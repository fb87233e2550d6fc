"""Proxies: given to one person of the roll, up to a cap, never in chains, and counted once."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import Cast
from tilios.core.errors import Conflict, Invalid, NotAllowed, Refused
from tilios.core.journal.models import Entry
from tilios.core.notify.models import Notification
from tilios.core.people.models import Person
from tilios.tools.polls import actions, queries
from tilios.tools.polls.models import Poll, SecretBallot, Voter
from tilios.tools.polls.tests.contract import marks
from tilios.tools.polls.tests.formal import NO, YES, line_of, lines, open_vote, people, vote


def give(poll: Poll, giver: Person, holder: Person, by: Person | None = None) -> None:
    actions.give_proxy(by=by or giver, poll=poll, giver=line_of(poll, giver), holder=line_of(poll, holder))


def tally(poll: Poll) -> dict[int, Any]:
    votes = queries.votes_of(poll)
    return {value: Fraction(units, votes.scale) for value, units in votes.tally[poll.options.get().pk].items()}


def test_the_ballot_of_the_holder_counts_for_the_giver_who_is_told_in_the_journal(fabrique: Cast) -> None:
    poll = open_vote(fabrique.alice)
    give(poll, fabrique.bob, fabrique.manon)
    entry = Entry.objects.get(verb="polls.proxy_given")
    giver, holder = line_of(poll, fabrique.bob), line_of(poll, fabrique.manon)
    assert (entry.actor, entry.subject) == (fabrique.bob.pk, fabrique.manon.pk)
    assert entry.data == {"giver": giver.pk, "holder": holder.pk, "paper": False}
    assert Notification.objects.filter(notice="polls.proxy", person=fabrique.manon).count() == 1
    vote(poll, fabrique.manon, YES)
    assert tally(poll) == {YES: 2}
    standing = queries.standing(poll)
    assert (standing.present.heads, standing.represented.heads, standing.taking_part.heads) == (1, 1, 2)


def test_to_vote_oneself_takes_the_proxy_back(fabrique: Cast) -> None:
    poll = open_vote(fabrique.alice)
    give(poll, fabrique.bob, fabrique.manon)
    vote(poll, fabrique.manon, YES)
    vote(poll, fabrique.bob, NO)
    assert tally(poll) == {YES: 1, NO: 1}
    assert Entry.objects.filter(verb="polls.proxy_taken_back").count() == 1
    assert line_of(poll, fabrique.bob).delegate is None


def test_a_proxy_of_a_vote_with_names_is_taken_back_until_the_close(fabrique: Cast) -> None:
    poll = open_vote(fabrique.alice)
    give(poll, fabrique.bob, fabrique.manon)
    vote(poll, fabrique.manon, YES)
    with pytest.raises(NotAllowed):
        actions.take_back_proxy(by=fabrique.manon.__class__.objects.get(pk=fabrique.gus.pk), poll=poll,
                                giver=line_of(poll, fabrique.bob))  # fmt: skip
    actions.take_back_proxy(by=fabrique.bob, poll=poll, giver=line_of(poll, fabrique.bob))
    assert tally(poll) == {YES: 1}
    with pytest.raises(Conflict):
        actions.take_back_proxy(by=fabrique.bob, poll=poll, giver=line_of(poll, fabrique.bob))
    actions.close_poll(by=fabrique.alice, poll=poll)
    with pytest.raises(Conflict):
        give(poll, fabrique.bob, fabrique.manon)


def test_no_chain_no_circle_no_self_no_more_than_the_cap(fabrique: Cast) -> None:
    one, two, three, four, five = people(5)
    poll = open_vote(fabrique.alice, most_proxies=2)
    keeper = fabrique.alice
    with pytest.raises(Invalid):
        give(poll, one, one, by=keeper)
    give(poll, one, two, by=keeper)
    for giver, holder in ((three, one), (two, one), (two, three)):
        with pytest.raises(Invalid):
            give(poll, giver, holder, by=keeper)
    give(poll, three, two, by=keeper)
    with pytest.raises(Invalid, match=r"\(2\)"):
        give(poll, four, two, by=keeper)
    give(poll, one, five, by=keeper)  # changed one's mind: a place is free again
    give(poll, four, two, by=keeper)
    with pytest.raises(NotAllowed):
        give(poll, fabrique.bob, five, by=fabrique.gus)
    without = open_vote(fabrique.alice, most_proxies=0)
    with pytest.raises(NotAllowed):
        give(without, one, two, by=keeper)


def test_in_a_secret_vote_the_holder_casts_one_ballot_a_voice_alike_or_not(fabrique: Cast) -> None:
    poll = open_vote(fabrique.alice, secret=True)
    give(poll, fabrique.bob, fabrique.manon)
    give(poll, fabrique.alice, fabrique.manon)
    mine, bob, alice = (line_of(poll, one) for one in (fabrique.manon, fabrique.bob, fabrique.alice))
    assert [line.pk for line in queries.voices_of(mine)] == sorted(
        [mine.pk, bob.pk, alice.pk], key=lambda pk: pk != mine.pk
    )
    yes, no = marks(poll, YES), marks(poll, NO)
    two = actions.cast_secret_ballots(by=fabrique.manon, poll=poll, voters=[mine.pk, bob.pk], marks=yes, sheet="one")
    assert len(set(two.receipts)) == 2
    with pytest.raises(Conflict):
        actions.take_back_proxy(by=fabrique.bob, poll=poll, giver=bob)
    with pytest.raises(Conflict):
        vote(poll, fabrique.bob, NO)
    actions.take_back_proxy(by=fabrique.alice, poll=poll, giver=alice)
    with pytest.raises(Conflict):
        actions.cast_secret_ballots(by=fabrique.manon, poll=poll, voters=[alice.pk], marks=no, sheet="two")
    with pytest.raises(Invalid):
        give(poll, fabrique.alice, fabrique.manon)  # has voted already
    vote(poll, fabrique.alice, NO)
    assert SecretBallot.objects.count() == 3
    actions.close_poll(by=fabrique.alice, poll=poll)
    poll.refresh_from_db()
    assert tally(poll) == {YES: 2, NO: 1}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(["give", "back", "vote", "vote no"]), st.integers(0, 4), st.integers(0, 4)),
        max_size=20,
    )
)
def test_whatever_people_do_each_voice_counts_once_at_most(fabrique: Cast, steps: list[tuple[str, int, int]]) -> None:
    Person.objects.filter(given_name="Voix").delete()
    crowd = people(5)
    poll = open_vote(fabrique.alice)
    actions.set_roll(by=fabrique.alice, poll=poll, lines=lines(*crowd))
    for what, who, other in steps:
        try:
            match what:
                case "give":
                    give(poll, crowd[who], crowd[other], by=fabrique.alice)
                case "back":
                    actions.take_back_proxy(by=fabrique.alice, poll=poll, giver=line_of(poll, crowd[who]))
                case _:
                    vote(poll, crowd[who], YES if what == "vote" else NO)
        except Refused:
            continue
    rows = list(Voter.objects.filter(poll=poll))
    holders = {row.delegate_id for row in rows if row.delegate_id}
    assert not any(row.delegate_id for row in rows if row.pk in holders)
    assert all(sum(row.delegate_id == holder for row in rows) <= poll.most_proxies for holder in holders)
    spoken = {row.pk for row in rows if row.voted}
    heard = sum(row.voted or row.delegate_id in spoken for row in rows)
    votes = queries.votes_of(poll)
    assert votes.voters == heard == sum(sum(values.values()) for values in votes.tally.values())
