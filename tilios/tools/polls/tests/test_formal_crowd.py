"""Formal votes at the same instant, with real threads: one voice counts once, whatever comes first."""

from typing import Any

import pytest

from tests.cast import Cast, make_cast
from tilios.core.access.models import ShareLink, Visitor
from tilios.core.errors import Conflict, Invalid
from tilios.core.structures.scope import scope
from tilios.tools.polls import actions, queries
from tilios.tools.polls.models import PaperBatch, SecretBallot, Voter
from tilios.tools.polls.tests.contract import marks
from tilios.tools.polls.tests.formal import NO, YES, line_of, lines, open_vote, people
from tilios.tools.polls.tests.test_crowd import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def crowd_cast(transactional_db: None) -> Cast:
    return make_cast()


def give(cast: Cast, poll: Any, giver: Voter, holder: Voter) -> Any:
    """Give a proxy, or the reason why not: a refusal may come as Invalid as well."""
    try:
        return actions.give_proxy(by=cast.alice, poll=poll, giver=giver, holder=holder)
    except Invalid as error:
        return error


def refused(results: list[Any]) -> int:
    return sum(isinstance(result, Conflict | Invalid) for result in results)


def test_a_voter_on_many_devices_casts_one_secret_ballot(crowd_cast: Cast) -> None:
    with scope(crowd_cast.fabrique):
        poll = open_vote(crowd_cast.alice, secret=True)
        line, chosen = line_of(poll, crowd_cast.bob).pk, marks(poll, YES)
    results = at_once(
        crowd_cast,
        lambda number: actions.cast_secret_ballots(
            by=crowd_cast.bob, poll=poll, voters=[line], marks=chosen, sheet=f"device {number % 10}"
        ),
        count=40,
        threads=20,
    )
    taken = [result for result in results if not isinstance(result, Conflict)]
    assert len({cast.receipts for cast in taken}) == 1
    assert sum(not cast.again for cast in taken) == 1
    with scope(crowd_cast.fabrique):
        assert SecretBallot.objects.count() == 1


def test_the_same_form_of_a_guest_sent_at_once_from_unknown_devices_is_one_ballot(crowd_cast: Cast) -> None:
    with scope(crowd_cast.fabrique):
        poll = open_vote(crowd_cast.alice, secret=True, guests=True)
        chosen = marks(poll, YES)
        link = ShareLink.objects.create(token="foule", kind="polls.poll", target=poll.pk, mode="vote")
        visitors = Visitor.objects.bulk_create(Visitor(link=link, key=f"k{n}", name="Zoé") for n in range(20))
    results = at_once(
        crowd_cast,
        lambda number: (
            actions.cast_secret_guest_ballot(
                visitor=visitors[number], poll=poll, marks=chosen, sheet="la même"
            ).receipts
        ),
        count=20,
        threads=20,
    )
    assert len(set(results)) == 1
    with scope(crowd_cast.fabrique):
        assert SecretBallot.objects.count() == 1
        assert Voter.objects.exclude(visitor=None).count() == 1


def test_a_hundred_secret_voters_at_once_lose_and_double_nothing(crowd_cast: Cast) -> None:
    with scope(crowd_cast.fabrique):
        crowd = people(100)
        poll = open_vote(crowd_cast.alice, secret=True)
        numbers = [line_of(poll, person).pk for person in crowd]
        yes, no = marks(poll, YES), marks(poll, NO)
    at_once(
        crowd_cast,
        lambda place: actions.cast_secret_ballots(
            by=crowd[place], poll=poll, voters=[numbers[place]], marks=yes if place % 4 else no, sheet=f"s{place}"
        ),
        count=100,
        threads=20,
    )
    with scope(crowd_cast.fabrique):
        actions.close_poll(by=crowd_cast.alice, poll=poll)
        poll.refresh_from_db()
        votes = queries.votes_of(poll)
        assert (votes.voters, votes.tally) == (100, {poll.options.get().pk: {YES: 75, NO: 25}})
        assert Voter.objects.filter(voted=True).count() == 100


@pytest.mark.parametrize("secret", [False, True])
def test_a_proxy_given_while_its_holder_votes_counts_once_or_not_at_all(crowd_cast: Cast, secret: bool) -> None:
    with scope(crowd_cast.fabrique):
        crowd = people(20)
        poll = open_vote(crowd_cast.alice, secret=secret, most_proxies=20)
        actions.set_roll(by=crowd_cast.alice, poll=poll, lines=lines(crowd_cast.bob, *crowd))
        holder, yes = line_of(poll, crowd_cast.bob), marks(poll, YES)
        givers = [line_of(poll, person) for person in crowd]

    def give_or_vote(number: int) -> Any:
        if number == 10:
            if not secret:
                return actions.cast_ballot(by=crowd_cast.bob, poll=poll, marks=yes)
            own = Voter.objects.get(pk=holder.pk)
            voices = [line.pk for line in queries.voices_of(own)]
            return actions.cast_secret_ballots(by=crowd_cast.bob, poll=poll, voters=voices, marks=yes, sheet="s")
        return give(crowd_cast, poll, givers[number], holder)

    results = at_once(crowd_cast, give_or_vote, count=20, threads=20)
    with scope(crowd_cast.fabrique):
        actions.close_poll(by=crowd_cast.alice, poll=poll)
        poll.refresh_from_db()
        ticked = Voter.objects.filter(voted=True).count()
        given = Voter.objects.exclude(delegate=None).count()
        assert given == 19 - refused(results)
        if secret:
            assert SecretBallot.objects.count() == ticked == queries.votes_of(poll).voters
        else:
            assert (ticked, queries.votes_of(poll).voters) == (1, 1 + given)


def test_the_cap_of_proxies_holds_when_all_are_given_at_once(crowd_cast: Cast) -> None:
    with scope(crowd_cast.fabrique):
        crowd = people(20)
        poll = open_vote(crowd_cast.alice, most_proxies=3)
        holder = line_of(poll, crowd_cast.bob)
        givers = [line_of(poll, person) for person in crowd]
    results = at_once(
        crowd_cast,
        lambda number: give(crowd_cast, poll, givers[number], holder),
        count=20,
        threads=20,
    )
    assert refused(results) == 17
    with scope(crowd_cast.fabrique):
        assert holder.givers.count() == 3


def test_a_pile_is_counted_once_whoever_presses_the_button(crowd_cast: Cast) -> None:
    with scope(crowd_cast.fabrique):
        crowd = people(6)
        poll = open_vote(crowd_cast.alice, secret=True)
        for person in crowd:
            actions.tick_voter(by=crowd_cast.alice, poll=poll, voter=line_of(poll, person), present=True, on_paper=True)
        batch: PaperBatch = actions.open_batch(by=crowd_cast.alice, poll=poll, label="Pile", sheets=6)
        read = dict.fromkeys(range(1, 7), marks(poll, YES))
        for reader in (crowd_cast.alice, crowd_cast.manon):
            actions.key_sheets(by=reader, batch=batch, sheets=read)
    results = at_once(
        crowd_cast, lambda _number: actions.enter_batch(by=crowd_cast.alice, batch=batch), count=10, threads=10
    )
    assert refused(results) == 9
    with scope(crowd_cast.fabrique):
        assert SecretBallot.objects.count() == 6
