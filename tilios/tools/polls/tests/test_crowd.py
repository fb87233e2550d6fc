"""Two hundred at once, with real threads: no vote lost, none doubled, no place taken twice, none after the close."""

from functools import partial
from typing import Any

import pytest

from tests.cast import Cast, make_cast
from tests.harness import crowd
from tilios.core.access.models import ShareLink, Visitor
from tilios.core.errors import Conflict
from tilios.core.structures.scope import scope
from tilios.tools.polls import actions, queries
from tilios.tools.polls.models import Ballot, Mark
from tilios.tools.polls.tests.contract import marks, open_choice, open_dates

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 200
at_once = partial(crowd.at_once, count=CROWD)


@pytest.fixture
def crowd_cast(transactional_db: None) -> Cast:
    return make_cast()


def guests_of(cast: Cast, poll: Any, count: int) -> list[Visitor]:
    link = ShareLink.objects.create(token="foule", kind="polls.poll", target=poll.pk, mode="vote")
    return Visitor.objects.bulk_create(Visitor(link=link, key=f"k{n}", name=f"Voix {n}") for n in range(count))


def test_two_hundred_voters_at_once_lose_and_double_nothing(crowd_cast: Cast) -> None:
    with scope(crowd_cast.fabrique):
        poll = open_dates(crowd_cast.alice)
        guests, chosen = guests_of(crowd_cast, poll, CROWD), marks(poll, 2, 1, 0)
    at_once(crowd_cast, lambda number: actions.cast_guest_ballot(visitor=guests[number], poll=poll, marks=chosen).pk)
    with scope(crowd_cast.fabrique):
        assert Ballot.objects.count() == CROWD
        assert Mark.objects.count() == 3 * CROWD
        assert queries.votes_of(poll).tally == {option: {value: CROWD} for option, value in chosen.items()}


def test_the_same_voter_from_many_devices_at_once_has_one_ballot(crowd_cast: Cast) -> None:
    with scope(crowd_cast.fabrique):
        poll = open_choice(crowd_cast.alice)
        options = [option.pk for option in poll.options.all()]
        guests = guests_of(crowd_cast, poll, 60)

    def click(number: int) -> None:
        if number % 2:
            actions.cast_ballot(by=crowd_cast.bob, poll=poll, marks={options[number % 3]: 1})
        else:
            actions.cast_guest_ballot(visitor=guests[number], poll=poll, marks={options[0]: 1}, sheet="same")

    at_once(crowd_cast, click, count=60, threads=20)
    with scope(crowd_cast.fabrique):
        assert Ballot.objects.count() == 2
        assert Mark.objects.count() == 2


def test_the_last_places_are_never_taken_twice(crowd_cast: Cast) -> None:
    with scope(crowd_cast.fabrique):
        poll = open_choice(crowd_cast.alice, places=7)
        guests, chosen = guests_of(crowd_cast, poll, 60), marks(poll, 1)
    results = at_once(
        crowd_cast,
        lambda number: actions.cast_guest_ballot(visitor=guests[number], poll=poll, marks=chosen).pk,
        count=60,
        threads=20,
    )
    assert sum(not isinstance(result, Conflict) for result in results) == 7
    with scope(crowd_cast.fabrique):
        assert Ballot.objects.count() == 7


def test_nobody_votes_after_the_close_and_nobody_who_voted_before_is_lost(crowd_cast: Cast) -> None:
    with scope(crowd_cast.fabrique):
        poll = open_choice(crowd_cast.alice)
        guests, chosen = guests_of(crowd_cast, poll, 80), marks(poll, 1)

    def vote_or_close(number: int) -> Any:
        if number == 40:
            return actions.close_poll(by=crowd_cast.alice, poll=poll).closed_at
        return actions.cast_guest_ballot(visitor=guests[number], poll=poll, marks=chosen).cast_at

    results = at_once(crowd_cast, vote_or_close, count=80, threads=20)
    taken = [result for result in results if not isinstance(result, Conflict)]
    with scope(crowd_cast.fabrique):
        poll.refresh_from_db()
        assert Ballot.objects.count() == len(taken) - 1
