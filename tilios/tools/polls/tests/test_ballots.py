"""Vote, change, withdraw, key in: success, each named error, what is published."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.cast import Cast, make_person
from tilios.core.access.models import ShareLink, Visitor
from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.core.journal.models import Entry
from tilios.core.people.models import Role
from tilios.core.structures.scope import scope
from tilios.tools.polls import actions, queries
from tilios.tools.polls.models import Ballot, Mark, Origin, Poll
from tilios.tools.polls.tests.contract import marks, open_choice, open_dates


def last_entry() -> Entry:
    return Entry.objects.order_by("-pk")[0]


def visitor(poll: Poll, name: str = "Zoé", key: str = "k1") -> Visitor:
    link, _made = ShareLink.objects.get_or_create(token="t", kind="polls.poll", target=poll.pk, mode="vote")
    return Visitor.objects.create(link=link, key=key, name=name)


def test_a_vote_is_recorded_and_published_without_what_was_answered(fabrique: Cast) -> None:
    poll = open_dates(fabrique.alice)
    ballot = actions.cast_ballot(by=fabrique.bob, poll=poll, marks=marks(poll, 2, 1, 0), remark="  tard ")
    assert queries.marks_of(queries.ballot_of(poll, person=fabrique.bob)) == marks(poll, 2, 1, 0)
    assert ballot.remark == "tard"
    entry = last_entry()
    assert (entry.verb, entry.actor, entry.target) == ("polls.voted", fabrique.bob.pk, poll.pk)
    assert entry.data == {"ballot": ballot.pk}


def test_voting_again_replaces_the_vote(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice)
    actions.cast_ballot(by=fabrique.bob, poll=poll, marks=marks(poll, 1))
    ballot = actions.cast_ballot(by=fabrique.bob, poll=poll, marks=marks(poll, None, 1))
    assert Ballot.objects.count() == Mark.objects.count() == 1
    assert ballot.changed_at
    assert last_entry().verb == "polls.vote_changed"


def test_somebody_not_asked_cannot_vote(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice, least_role=Role.MANAGER)
    with pytest.raises(NotAllowed):
        actions.cast_ballot(by=fabrique.bob, poll=poll, marks=marks(poll, 1))


@pytest.mark.parametrize("how", ["closed", "late", "deleted"])
def test_nobody_votes_in_a_poll_that_is_over(fabrique: Cast, how: str) -> None:
    poll = open_choice(fabrique.alice)
    chosen = marks(poll, 1)
    if how == "closed":
        actions.close_poll(by=fabrique.alice, poll=poll)
    elif how == "late":
        Poll.objects.filter(pk=poll.pk).update(deadline=timezone.now() - timedelta(seconds=1))
    else:
        actions.delete_poll(by=fabrique.alice, poll=poll)
    guest = visitor(poll)
    with pytest.raises(Conflict):
        actions.cast_ballot(by=fabrique.bob, poll=poll, marks=chosen)
    with pytest.raises(Conflict):
        actions.cast_guest_ballot(visitor=guest, poll=poll, marks=chosen)
    with pytest.raises(Conflict):
        actions.key_in_ballot(by=fabrique.alice, poll=poll, name="Papi", marks=chosen)
    with pytest.raises(Conflict):
        actions.withdraw_ballot(by=fabrique.bob, poll=poll)
    assert not Ballot.objects.exists()


def test_marks_of_another_poll_are_refused(fabrique: Cast) -> None:
    poll, other = open_choice(fabrique.alice), open_choice(fabrique.alice)
    with pytest.raises(Invalid) as error:
        actions.cast_ballot(by=fabrique.bob, poll=poll, marks=marks(other, 1))
    assert error.value.field == "marks"
    assert not Ballot.objects.exists()


def test_the_last_place_is_taken_once_and_ones_own_place_is_kept(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice, places=1)
    actions.cast_ballot(by=fabrique.bob, poll=poll, marks=marks(poll, 1))
    actions.cast_ballot(by=fabrique.bob, poll=poll, marks=marks(poll, 1))
    with pytest.raises(Conflict):
        actions.cast_ballot(by=fabrique.alice, poll=poll, marks=marks(poll, 1))
    actions.withdraw_ballot(by=fabrique.bob, poll=poll)
    assert last_entry().verb == "polls.withdrew"
    actions.cast_ballot(by=fabrique.alice, poll=poll, marks=marks(poll, 1))


def test_only_a_yes_takes_a_place(fabrique: Cast) -> None:
    poll = open_dates(fabrique.alice, places=1)
    actions.cast_ballot(by=fabrique.bob, poll=poll, marks=marks(poll, 2, 1))
    actions.cast_ballot(by=fabrique.alice, poll=poll, marks=marks(poll, 1, 2))
    with pytest.raises(Conflict):
        actions.cast_ballot(by=fabrique.manon, poll=poll, marks=marks(poll, None, 2))


def test_acting_for_somebody_keeps_both_names(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice)
    fabrique.bob.acted_by = fabrique.gus
    ballot = actions.cast_ballot(by=fabrique.bob, poll=poll, marks=marks(poll, 1))
    assert (ballot.person, ballot.acted_by) == (fabrique.bob, fabrique.gus)
    entry = last_entry()
    assert (entry.actor, entry.on_behalf) == (fabrique.gus.pk, fabrique.bob.pk)


def test_a_manager_is_still_a_voter_when_somebody_acts_for_them(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice, least_role=Role.MANAGER)
    fabrique.manon.acted_by = fabrique.bob
    actions.cast_ballot(by=fabrique.manon, poll=poll, marks=marks(poll, 1))


# Guests


def test_a_guest_votes_and_changes_their_vote(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice)
    guest = visitor(poll)
    actions.cast_guest_ballot(visitor=guest, poll=poll, marks=marks(poll, 1), sheet="a")
    ballot = actions.cast_guest_ballot(visitor=guest, poll=poll, marks=marks(poll, None, 1), sheet="b")
    assert Ballot.objects.count() == 1
    assert (ballot.name, ballot.origin, ballot.person) == ("Zoé", Origin.LINK, None)
    assert (last_entry().visitor, last_entry().actor) == (guest.pk, None)


def test_the_same_form_sent_twice_before_the_device_is_known_is_one_ballot(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice)
    actions.cast_guest_ballot(visitor=visitor(poll, key="k1"), poll=poll, marks=marks(poll, 1), sheet="same")
    second = visitor(poll, key="k2")
    ballot = actions.cast_guest_ballot(visitor=second, poll=poll, marks=marks(poll, 1), sheet="same")
    assert Ballot.objects.count() == 1
    assert ballot.visitor == second


def test_a_poll_without_guests_takes_none(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice, guests=False)
    with pytest.raises(NotAllowed):
        actions.cast_guest_ballot(visitor=visitor(poll), poll=poll, marks=marks(poll, 1))


def test_withdrawing_takes_back_ones_own_vote_and_no_other(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice)
    guest = visitor(poll)
    actions.cast_guest_ballot(visitor=guest, poll=poll, marks=marks(poll, 1))
    actions.cast_ballot(by=fabrique.bob, poll=poll, marks=marks(poll, 1))
    actions.withdraw_ballot(visitor=guest, poll=poll)
    assert Ballot.objects.get().person == fabrique.bob
    with pytest.raises(NotAllowed):
        actions.withdraw_ballot(poll=poll)
    assert Ballot.objects.count() == 1


# Keyed in


def test_a_vote_is_keyed_in_under_the_name_of_who_gave_it(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice)
    with_person = actions.key_in_ballot(by=fabrique.alice, poll=poll, person=fabrique.bob, marks=marks(poll, 1))
    with_name = actions.key_in_ballot(by=fabrique.alice, poll=poll, name=" Mamie  Jo ", marks=marks(poll, 1))
    assert (with_person.person, with_person.keyed_by) == (fabrique.bob, fabrique.alice)
    assert (with_name.name, with_name.origin) == ("Mamie Jo", Origin.KEYED)
    assert last_entry().verb == "polls.keyed_in"


def test_only_who_runs_the_poll_keys_in(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice)
    with pytest.raises(NotAllowed):
        actions.key_in_ballot(by=fabrique.bob, poll=poll, name="Mamie", marks=marks(poll, 1))


def test_who_has_voted_is_never_overwritten_and_may_overwrite_what_was_keyed_in(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice)
    actions.key_in_ballot(by=fabrique.alice, poll=poll, person=fabrique.bob, marks=marks(poll, 1))
    own = actions.cast_ballot(by=fabrique.bob, poll=poll, marks=marks(poll, None, 1))
    assert (own.origin, own.keyed_by) == (Origin.OWN, None)
    with pytest.raises(Conflict):
        actions.key_in_ballot(by=fabrique.alice, poll=poll, person=fabrique.bob, marks=marks(poll, 1))
    with pytest.raises(NotAllowed):
        actions.key_in_ballot(by=fabrique.alice, poll=poll, ballot=own, marks=marks(poll, 1))


def test_a_name_is_keyed_in_once_and_can_be_corrected(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice)
    first = actions.key_in_ballot(by=fabrique.alice, poll=poll, name="Élodie", marks=marks(poll, 1))
    with pytest.raises(Conflict):
        actions.key_in_ballot(by=fabrique.alice, poll=poll, name="elodie", marks=marks(poll, 1))
    actions.key_in_ballot(by=fabrique.manon, poll=poll, ballot=first, marks=marks(poll, None, 1))
    kept = Ballot.objects.get()
    assert (kept.name, kept.keyed_by) == ("Élodie", fabrique.manon)
    assert queries.marks_of(kept) == marks(poll, None, 1)


def test_a_vote_keyed_in_needs_somebody_the_poll_asks(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice, least_role=Role.MANAGER)
    with pytest.raises(Invalid) as error:
        actions.key_in_ballot(by=fabrique.alice, poll=poll, person=fabrique.bob, marks=marks(poll, 1))
    assert error.value.field == "person"
    with pytest.raises(Invalid) as error:
        actions.key_in_ballot(by=fabrique.alice, poll=poll, name=" ", marks=marks(poll, 1))
    assert error.value.field == "name"


def test_removing_a_ballot_is_for_who_runs_the_poll_and_of_this_poll(fabrique: Cast) -> None:
    poll, other = open_choice(fabrique.alice), open_choice(fabrique.alice)
    ballot = actions.cast_ballot(by=fabrique.bob, poll=other, marks=marks(other, 1))
    with pytest.raises(NotAllowed):
        actions.remove_ballot(by=fabrique.bob, poll=other, ballot=ballot)
    actions.remove_ballot(by=fabrique.alice, poll=poll, ballot=ballot)
    assert Ballot.objects.count() == 1
    actions.remove_ballot(by=fabrique.alice, poll=other, ballot=ballot)
    assert not Ballot.objects.exists()
    assert last_entry().verb == "polls.ballot_removed"


def test_erasing_a_person_keeps_the_count_without_the_name(fabrique: Cast) -> None:
    with scope(fabrique.fabrique):
        leaver = make_person(fabrique.fabrique, "Léa Adieu", Role.MEMBER)
    poll = open_choice(fabrique.alice)
    actions.cast_ballot(by=leaver, poll=poll, marks=marks(poll, 1))
    leaver.delete()
    ballot = Ballot.objects.get()
    assert "Léa" not in ballot.voter_name
    assert queries.result_of(poll, queries.options_of(poll)).rows[0].counts == (1,)
