"""Secret ballots: sealed, once for all, with a receipt; and no table that says whose is whose."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.cast import Cast
from tilios.core.access import sharing
from tilios.core.access.models import Visitor
from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.core.journal.models import Entry
from tilios.core.portability.erasing import erase
from tilios.tools.polls import actions, queries
from tilios.tools.polls.actions import secret, upkeep
from tilios.tools.polls.drafts import Draft
from tilios.tools.polls.models import Poll, SecretBallot, Voter
from tilios.tools.polls.tests.contract import marks
from tilios.tools.polls.tests.formal import NO, YES, line_of, lines, open_vote, people, vote


def close(cast: Cast, poll: Poll) -> None:
    actions.close_poll(by=cast.alice, poll=poll)
    poll.refresh_from_db()


def test_a_secret_vote_is_sealed_whatever_its_settings_said(fabrique: Cast) -> None:
    poll = open_vote(fabrique.alice, secret=True, results="open", names="shown", proposals=True, places=3)
    assert (poll.results, poll.names, poll.proposals, poll.places) == ("closed", "keepers", False, None)
    vote(poll, fabrique.bob, YES)
    with pytest.raises(PermissionError):
        queries.votes_of(poll)
    with pytest.raises(PermissionError):
        queries.by_college(poll)
    actions.delete_poll(by=fabrique.alice, poll=poll)
    poll.refresh_from_db()
    with pytest.raises(PermissionError):
        queries.votes_of(poll)
    actions.restore_poll(by=fabrique.alice, poll=poll)
    close(fabrique, poll)
    assert queries.votes_of(poll).voters == 1


def test_a_ballot_is_cast_once_and_neither_changed_nor_withdrawn(fabrique: Cast) -> None:
    poll = open_vote(fabrique.alice, secret=True)
    first = vote(poll, fabrique.bob, YES)
    again = vote(poll, fabrique.bob, NO)  # the same form, sent twice by an impatient finger
    assert again.again
    assert again.receipts == first.receipts
    line = line_of(poll, fabrique.bob)
    for refused in (
        lambda: actions.cast_secret_ballots(
            by=fabrique.bob, poll=poll, voters=[line.pk], marks=marks(poll, NO), sheet="another"
        ),
        lambda: actions.cast_ballot(by=fabrique.bob, poll=poll, marks=marks(poll, NO)),
        lambda: actions.withdraw_ballot(by=fabrique.bob, poll=poll),
        lambda: actions.key_in_ballot(by=fabrique.alice, poll=poll, person=fabrique.manon, marks=marks(poll, NO)),
    ):
        with pytest.raises(Conflict):
            refused()
    close(fabrique, poll)
    assert queries.votes_of(poll).tally == {poll.options.get().pk: {YES: 1}}


def test_only_those_of_the_roll_vote_for_themselves(fabrique: Cast) -> None:
    poll = open_vote(fabrique.alice, secret=True)
    bob, manon = line_of(poll, fabrique.bob), line_of(poll, fabrique.manon)
    chosen = marks(poll, YES)
    with pytest.raises(NotAllowed):
        actions.cast_secret_ballots(by=fabrique.gus, poll=poll, voters=[bob.pk], marks=chosen, sheet="s")
    with pytest.raises(Conflict):
        actions.cast_secret_ballots(by=fabrique.bob, poll=poll, voters=[manon.pk], marks=chosen, sheet="s")
    for wrong in ({"voters": []}, {"marks": {}}, {"sheet": ""}, {"marks": {-1: YES}}):
        with pytest.raises(Invalid):
            actions.cast_secret_ballots(
                **{"by": fabrique.bob, "poll": poll, "voters": [bob.pk], "marks": chosen, "sheet": "s"} | wrong
            )
    fabrique.bob.acted_by = fabrique.manon
    with pytest.raises(NotAllowed):
        actions.cast_secret_ballots(by=fabrique.bob, poll=poll, voters=[bob.pk], marks=chosen, sheet="s")
    assert not SecretBallot.objects.exists()
    assert not Voter.objects.filter(voted=True).exists()


def test_once_over_it_is_never_opened_again(fabrique: Cast) -> None:
    poll = open_vote(fabrique.alice, secret=True, deadline=timezone.now() + timedelta(hours=1))
    drafts = [Draft.of(option, poll.tz) for option in poll.options.all()]
    Poll.objects.filter(pk=poll.pk).update(deadline=timezone.now() - timedelta(minutes=1))
    later = timezone.now() + timedelta(days=1)
    with pytest.raises(Conflict):  # past its deadline, before the clock's work has come round
        actions.change_poll(by=fabrique.alice, poll=poll, drafts=drafts, deadline=later)
    with pytest.raises(Conflict):
        actions.reopen_poll(by=fabrique.alice, poll=poll, deadline=later)
    assert upkeep.close_due() == 1
    with pytest.raises(Conflict):
        actions.reopen_poll(by=fabrique.alice, poll=poll)


def test_its_options_are_fixed_when_it_opens(fabrique: Cast) -> None:
    poll = open_vote(fabrique.alice, secret=True, drafts=[Draft(label="A"), Draft(label="B")])
    a, b = (Draft.of(option, poll.tz) for option in poll.options.all())
    for drafts in ([b, a], [a], [a, b, Draft(label="C")], [Draft(label="A'"), b]):
        with pytest.raises(Invalid) as error:
            actions.change_poll(by=fabrique.alice, poll=poll, drafts=drafts, kind="choice", ballot="yesno")
        assert error.value.field == "options"
    changed = actions.change_poll(
        by=fabrique.alice, poll=poll, drafts=[a, b], kind="choice", ballot="yesno", title="Autrement dit ?"
    )
    assert [option.label for option in changed.options.all()] == ["A", "B"]


def test_a_class_of_four_is_refused_where_there_are_several(fabrique: Cast) -> None:
    crowd = people(9)
    poll = open_vote(fabrique.alice, secret=True)
    with pytest.raises(Invalid, match="5"):
        actions.set_roll(
            by=fabrique.alice,
            poll=poll,
            lines=lines(*crowd[:4], college="A") + lines(*crowd[4:]),
            colleges=[("A", None)],
        )
    assert poll.roll.count() == 12
    assert not poll.colleges.exists()
    actions.set_roll(by=fabrique.alice, poll=poll, lines=lines(*crowd[:4]) + lines(crowd[4]), colleges=[])
    guests = open_vote(fabrique.alice, secret=True, guests=True)
    actions.set_roll(by=fabrique.alice, poll=guests, lines=lines(*crowd, college="A"), colleges=[("A", None)])
    link = sharing.create_link(by=fabrique.alice, target=guests, mode="vote")
    visitor = Visitor.objects.create(link=link, key="k", name="Zoé")
    with pytest.raises(Conflict):  # the only one without a college
        actions.cast_secret_guest_ballot(visitor=visitor, poll=guests, marks=marks(guests, YES), sheet="s")


def test_the_receipt_is_kept_nowhere_but_as_a_fingerprint(fabrique: Cast) -> None:
    poll = open_vote(fabrique.alice, secret=True)
    (code,) = vote(poll, fabrique.bob, YES).receipts
    assert re.fullmatch(r"[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}", code)
    ballot = SecretBallot.objects.get()
    for typed in (code, code.lower(), code.replace("-", " "), code.replace("O", "0").replace("I", "1")):
        assert secret.fingerprint(typed) == ballot.receipt
    assert secret.fingerprint(code[:-1] + ("A" if code[-1] != "A" else "B")) != ballot.receipt


def test_the_journal_says_that_a_ballot_was_cast_and_not_by_whom(fabrique: Cast) -> None:
    poll = open_vote(fabrique.alice, secret=True)
    vote(poll, fabrique.bob, YES)
    entry = Entry.objects.get(verb="polls.voted_secretly")
    assert (entry.actor, entry.on_behalf, entry.account, entry.visitor, entry.subject, entry.data) == (
        None, None, None, None, None, {},
    )  # fmt: skip
    assert entry.door == "job"  # the same for a member and for a guest


def test_a_guest_who_sends_the_form_twice_is_one_voter(fabrique: Cast) -> None:
    poll = open_vote(fabrique.alice, secret=True, guests=True)
    link = sharing.create_link(by=fabrique.alice, target=poll, mode="vote")
    first, second = (Visitor.objects.create(link=link, key=key, name="Zoé") for key in "ab")
    chosen = marks(poll, YES)
    one = actions.cast_secret_guest_ballot(visitor=first, poll=poll, marks=chosen, sheet="form")
    two = actions.cast_secret_guest_ballot(visitor=second, poll=poll, marks=chosen, sheet="form")
    assert (two.receipts, two.again) == (one.receipts, True)
    assert poll.roll.get(name="Zoé").visitor == second
    with pytest.raises(Conflict):
        actions.cast_secret_guest_ballot(visitor=second, poll=poll, marks=chosen, sheet="another")
    assert SecretBallot.objects.count() == 1


def test_to_erase_a_voter_leaves_their_tick_and_their_ballot(fabrique: Cast) -> None:
    poll = open_vote(fabrique.alice, secret=True)
    vote(poll, fabrique.bob, YES)
    number = line_of(poll, fabrique.bob).pk
    erase(by=fabrique.alice, person=fabrique.bob)
    line = Voter.objects.get(pk=number)
    assert (line.person, line.name, line.voted) == (None, "", True)
    close(fabrique, poll)
    assert queries.votes_of(poll).voters == 1
