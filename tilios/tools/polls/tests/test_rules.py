"""Who may vote, who sees results: predicates, tried over every combination."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import Cast
from tilios.core.people import actions as people
from tilios.core.people.models import Person, Role, Status
from tilios.tools.polls import queries, rules
from tilios.tools.polls.models import Electorate, Names, Poll, Results, Voter
from tilios.tools.polls.tests.contract import open_choice

PAST, FUTURE = timezone.now() - timedelta(days=1), timezone.now() + timedelta(days=1)

polls = st.builds(
    Poll,
    structure_id=st.just(1),
    results=st.sampled_from(Results),
    names=st.sampled_from(Names),
    electorate=st.sampled_from(Electorate),
    least_role=st.sampled_from(Role),
    guests=st.booleans(),
    closed_at=st.sampled_from([None, PAST]),
    deadline=st.sampled_from([None, PAST, FUTURE]),
    archived_at=st.sampled_from([None, PAST]),
    deleted_at=st.sampled_from([None, PAST]),
)


@given(polls, st.booleans())
def test_results_promised_hidden_are_never_seen_while_votes_are_taken(poll: Poll, has_voted: bool) -> None:
    seen = rules.sees_results(poll, has_voted=has_voted)
    if poll.is_open:
        assert seen == (poll.results == Results.OPEN or (poll.results == Results.VOTED and has_voted))
    else:
        assert seen


@given(polls)
def test_a_poll_closed_late_or_put_away_takes_no_vote(poll: Poll) -> None:
    taken = poll.is_open
    assert taken == (not (poll.closed_at or poll.archived_at or poll.deleted_at or poll.deadline == PAST))
    assert rules.can_vote_as_guest(poll) == (taken and poll.guests)


@given(polls, st.sampled_from(Role), st.booleans())
def test_a_role_votes_where_it_reaches_the_least_one(poll: Poll, role: Role, listed: bool) -> None:
    person = Person(pk=7, structure_id=1, role=role)
    person.__dict__["_group_ids"] = {3}
    poll.group_id = 3
    entitled = rules.is_entitled(person, poll, listed=listed)
    expected = {
        Electorate.MEMBERS: role >= poll.least_role,
        Electorate.GROUP: True,
        Electorate.LIST: listed,
        Electorate.NOBODY: False,
    }
    assert entitled == expected[poll.electorate]
    person.status = Status.LEFT
    assert not rules.is_entitled(person, poll, listed=listed)


@given(polls, st.booleans())
def test_names_promised_hidden_are_for_the_keepers_alone(poll: Poll, keeper: bool) -> None:
    assert rules.sees_names(poll, keeper=keeper) == (keeper or poll.names == Names.SHOWN)


@given(polls, st.booleans(), st.booleans())
def test_a_secret_vote_is_sealed_until_it_is_over_and_never_shows_a_name(
    poll: Poll, has_voted: bool, keeper: bool
) -> None:
    poll.formal = poll.secret = True
    over = bool(poll.closed_at) or poll.deadline == PAST
    assert rules.sees_results(poll, has_voted=has_voted) == over == poll.is_over
    assert not rules.sees_names(poll, keeper=keeper)
    assert not rules.can_propose(poll, can_vote=True)


@given(polls, st.sampled_from(Role), st.booleans())
def test_the_roll_of_a_formal_vote_answers_instead_of_its_settings(poll: Poll, role: Role, listed: bool) -> None:
    poll.formal = True
    assert rules.is_entitled(Person(pk=7, structure_id=1, role=role), poll, listed=listed) is listed


@given(polls, st.booleans(), st.booleans(), st.integers(0, 3))
def test_a_proxy_is_given_and_taken_back_while_the_vote_is_open_and_before_it_has_spoken(
    poll: Poll, voted: bool, given_away: bool, cap: int
) -> None:
    poll.most_proxies = cap
    giver = Voter(structure_id=1, voted=voted, delegate_id=3 if given_away else None)
    assert rules.may_give_proxy(poll, giver) == (poll.is_open and cap > 0 and not voted)
    assert rules.may_take_back(poll, giver) == (poll.is_open and given_away and not voted)


def test_the_author_and_the_managers_keep_a_poll(fabrique: Cast) -> None:
    poll = open_choice(fabrique.bob)
    assert [who for who in ("alice", "manon", "bob", "gus") if rules.keeps(getattr(fabrique, who), poll)] == [
        "alice", "manon", "bob",
    ]  # fmt: skip


def test_a_manager_represented_by_somebody_lends_no_power_over_the_polls_of_others(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice)
    fabrique.manon.acted_by = fabrique.bob
    assert not rules.keeps(fabrique.manon, poll)


@pytest.mark.parametrize("electorate", [Electorate.GROUP, Electorate.LIST, Electorate.NOBODY, Electorate.MEMBERS])
def test_the_rule_and_the_query_agree_on_who_is_asked(fabrique: Cast, electorate: Electorate) -> None:
    group = people.create_group(by=fabrique.alice, name="Bureau")
    people.add_to_group(by=fabrique.alice, person=fabrique.bob, group=group)
    poll = open_choice(
        fabrique.alice,
        electorate=electorate,
        group=group if electorate == Electorate.GROUP else None,
        listed=[fabrique.gus],
        least_role=Role.MANAGER,
    )
    asked = set(queries.entitled_people(poll))
    for person in (fabrique.alice, fabrique.manon, fabrique.bob, fabrique.gus):
        by_rule = rules.is_entitled(person, poll, listed=queries.is_listed(person, poll))
        by_query = Poll.objects.filter(queries.asked(person), pk=poll.pk).exists()
        assert by_rule == by_query == (person in asked), person
