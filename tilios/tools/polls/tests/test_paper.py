"""Paper ballots: keyed in by two people, entered when both have read the same, never more than were handed out."""

import pytest

from tests.cast import Cast
from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.core.journal.models import Entry
from tilios.tools.polls import actions, queries
from tilios.tools.polls.actions.paper import differences
from tilios.tools.polls.models import Ballot, PaperSheet, Poll, SecretBallot
from tilios.tools.polls.tests.contract import marks
from tilios.tools.polls.tests.formal import NO, YES, line_of, open_vote, people


def ready(cast: Cast, number: int = 5, **fields: bool) -> Poll:
    """A vote in which so many people are ticked for paper."""
    crowd = people(number + 2)
    poll = open_vote(cast.alice, **fields)
    for person in crowd[:number]:
        actions.tick_voter(by=cast.alice, poll=poll, voter=line_of(poll, person), present=True, on_paper=True)
    return poll


@pytest.mark.parametrize("secret", [False, True])
def test_sheets_enter_when_two_people_have_read_the_same(fabrique: Cast, secret: bool) -> None:
    poll = ready(fabrique, secret=secret)
    batch = actions.open_batch(by=fabrique.alice, poll=poll, label="Pile du bureau", sheets=5)
    yes, no = marks(poll, YES), marks(poll, NO)
    read = {1: yes, 2: yes, 3: no, 4: {}, 5: yes}
    assert actions.key_sheets(by=fabrique.alice, batch=batch, sheets=read) == 1
    with pytest.raises(Conflict):
        actions.enter_batch(by=fabrique.alice, batch=batch)
    assert actions.key_sheets(by=fabrique.manon, batch=batch, sheets=read | {2: no, 4: yes}) == 2
    batch.refresh_from_db()
    assert differences(batch) == [2, 4]
    with pytest.raises(Conflict, match=r"2, 4"):
        actions.enter_batch(by=fabrique.alice, batch=batch)
    actions.key_sheets(by=fabrique.manon, batch=batch, sheets={2: yes, 4: {}})
    assert actions.enter_batch(by=fabrique.alice, batch=batch) == 5
    with pytest.raises(Conflict):
        actions.enter_batch(by=fabrique.alice, batch=batch)
    assert SecretBallot.objects.count() == (5 if secret else 0)
    assert Ballot.objects.filter(name="", person=None, voter=None).count() == (0 if secret else 5)
    assert PaperSheet.objects.exists() is not secret
    actions.close_poll(by=fabrique.alice, poll=poll)
    poll.refresh_from_db()
    votes = queries.votes_of(poll)
    assert (votes.voters, votes.tally) == (5, {poll.options.get().pk: {YES: 3, NO: 1}})
    assert Entry.objects.filter(verb__startswith="polls.batch_").count() == 5


def test_the_two_readers_are_two_people_and_no_third(fabrique: Cast) -> None:
    poll = ready(fabrique)
    poll.author = fabrique.bob
    poll.save()
    batch = actions.open_batch(by=fabrique.alice, poll=poll, label="Pile", sheets=2)
    sheet = {1: marks(poll, YES)}
    assert actions.key_sheets(by=fabrique.alice, batch=batch, sheets=sheet) == 1
    assert actions.key_sheets(by=fabrique.alice, batch=batch, sheets={2: {}}) == 1
    assert actions.key_sheets(by=fabrique.manon, batch=batch, sheets=sheet) == 2
    with pytest.raises(Conflict):
        actions.key_sheets(by=fabrique.bob, batch=batch, sheets=sheet)
    with pytest.raises(NotAllowed):
        actions.key_sheets(by=fabrique.gus, batch=batch, sheets=sheet)
    for wrong in ({3: marks(poll, YES)}, {1: {-1: YES}}, {1: marks(poll, 7)}):
        with pytest.raises(Invalid) as error:
            actions.key_sheets(by=fabrique.alice, batch=batch, sheets=wrong)
        assert error.value.field == f"sheet-{next(iter(wrong))}"


def test_a_pile_never_counts_more_sheets_than_people_ticked(fabrique: Cast) -> None:
    poll = ready(fabrique)
    for label, sheets, field in (("", 1, "label"), ("Pile", 0, "sheets"), ("Pile", 6, "sheets")):
        with pytest.raises(Invalid) as error:
            actions.open_batch(by=fabrique.alice, poll=poll, label=label, sheets=sheets)
        assert error.value.field == field
    first = actions.open_batch(by=fabrique.alice, poll=poll, label="Pile", sheets=4)
    with pytest.raises(Invalid):
        actions.open_batch(by=fabrique.alice, poll=poll, label="Autre", sheets=2)
    line = poll.roll.filter(on_paper=True)[0]
    actions.tick_voter(by=fabrique.alice, poll=poll, voter=line, present=True, on_paper=False)
    line = poll.roll.filter(on_paper=True)[0]
    with pytest.raises(Conflict):  # each of the four sheets left stands for somebody
        actions.tick_voter(by=fabrique.alice, poll=poll, voter=line, present=True, on_paper=False)
    actions.drop_batch(by=fabrique.alice, batch=first)
    assert queries.sheets_left(poll, None, 1) == 4


def test_a_secret_pile_is_of_five_sheets_at_least(fabrique: Cast) -> None:
    poll = ready(fabrique, secret=True)
    with pytest.raises(Invalid):
        actions.open_batch(by=fabrique.alice, poll=poll, label="Pile", sheets=4)


def test_a_closed_vote_takes_no_paper(fabrique: Cast) -> None:
    poll = ready(fabrique)
    batch = actions.open_batch(by=fabrique.alice, poll=poll, label="Pile", sheets=1)
    actions.close_poll(by=fabrique.alice, poll=poll)
    for refused in (
        lambda: actions.key_sheets(by=fabrique.alice, batch=batch, sheets={1: {}}),
        lambda: actions.enter_batch(by=fabrique.alice, batch=batch),
        lambda: actions.open_batch(by=fabrique.alice, poll=poll, label="Pile", sheets=1),
    ):
        with pytest.raises(Conflict):
            refused()
