"""Close, reopen, archive, delete, restore, make an event; and what the clock does."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from tests.cast import Cast
from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.core.journal.models import Entry
from tilios.core.notify.models import Notification
from tilios.core.people.models import Status
from tilios.core.toolbox import registry
from tilios.tools.polls import actions, queries
from tilios.tools.polls.actions import upkeep
from tilios.tools.polls.models import Poll, Reminder
from tilios.tools.polls.tests.contract import day, marks, open_choice, open_dates


def told(notice: str) -> set[int]:
    return set(Notification.objects.filter(notice=notice).values_list("person", flat=True))


def last_verb() -> str:
    return Entry.objects.order_by("-pk")[0].verb


def wind_back(poll: Poll, **fields: Any) -> None:
    Poll.objects.filter(pk=poll.pk).update(**fields)


def test_closing_keeps_outcome_choice_and_review_and_tells_who_voted(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice)
    actions.cast_ballot(by=fabrique.bob, poll=poll, marks=marks(poll, 1))
    chosen = poll.options.all()[0]
    poll = actions.close_poll(
        by=fabrique.alice, poll=poll, outcome="Le Phare", chosen=chosen, review_on=day(),
    )  # fmt: skip
    assert not poll.is_open
    assert (poll.closed_by, poll.chosen, poll.outcome) == (fabrique.alice, chosen, "Le Phare")
    assert last_verb() == "polls.closed"
    assert told("polls.closed") == {fabrique.bob.pk}
    assert "Le Phare" in Notification.objects.get(notice="polls.closed").text


def test_the_outcome_of_a_poll_closed_by_its_deadline_is_written_later(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice, deadline=timezone.now() + timedelta(days=1))
    wind_back(poll, deadline=timezone.now() - timedelta(hours=1))
    upkeep.close_due()
    poll.refresh_from_db()
    at = poll.closed_at
    poll = actions.close_poll(by=fabrique.alice, poll=poll, outcome="Rien")
    assert poll.closed_at == at
    assert last_verb() == "polls.outcome_written"


def test_closing_is_refused_by_name(fabrique: Cast) -> None:
    poll, other = open_choice(fabrique.alice), open_choice(fabrique.alice)
    with pytest.raises(NotAllowed):
        actions.close_poll(by=fabrique.bob, poll=poll)
    with pytest.raises(Invalid) as error:
        actions.close_poll(by=fabrique.alice, poll=poll, chosen=other.options.all()[0])
    assert error.value.field == "chosen"
    with pytest.raises(Invalid) as error:
        actions.close_poll(by=fabrique.alice, poll=poll, review_on=timezone.localdate())
    assert error.value.field == "review_on"


def test_reopening_takes_votes_again_and_keeps_the_sentence_for_later(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice)
    with pytest.raises(Conflict):
        actions.reopen_poll(by=fabrique.alice, poll=poll)
    actions.close_poll(by=fabrique.alice, poll=poll, outcome="Trop vite", chosen=poll.options.all()[0])
    with pytest.raises(NotAllowed):
        actions.reopen_poll(by=fabrique.bob, poll=poll)
    with pytest.raises(Invalid):
        actions.reopen_poll(by=fabrique.alice, poll=poll, deadline=timezone.now())
    poll = actions.reopen_poll(by=fabrique.alice, poll=poll, deadline=timezone.now() + timedelta(days=1))
    assert poll.is_open
    assert (poll.chosen, poll.outcome) == (None, "Trop vite")
    actions.cast_ballot(by=fabrique.bob, poll=poll, marks=marks(poll, 1))


def test_an_open_poll_is_not_archived_and_a_closed_one_comes_back(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice)
    with pytest.raises(Conflict):
        actions.archive_poll(by=fabrique.alice, poll=poll)
    with pytest.raises(Conflict):
        actions.unarchive_poll(by=fabrique.alice, poll=poll)
    actions.close_poll(by=fabrique.alice, poll=poll)
    with pytest.raises(NotAllowed):
        actions.archive_poll(by=fabrique.bob, poll=poll)
    actions.archive_poll(by=fabrique.alice, poll=poll)
    assert queries.in_tab(fabrique.bob, "archived").get() == poll
    assert not queries.in_tab(fabrique.bob, "closed").exists()
    actions.unarchive_poll(by=fabrique.alice, poll=poll)
    assert queries.in_tab(fabrique.bob, "closed").get() == poll


def test_a_deleted_poll_is_seen_by_nobody_and_can_be_restored(fabrique: Cast) -> None:
    poll = open_choice(fabrique.bob)
    with pytest.raises(NotAllowed):
        actions.delete_poll(by=fabrique.gus, poll=poll)
    actions.delete_poll(by=fabrique.bob, poll=poll)
    assert not queries.visible_polls(fabrique.alice).exists()
    assert queries.deleted_polls(fabrique.bob).get() == queries.deleted_polls(fabrique.alice).get() == poll
    assert not queries.deleted_polls(fabrique.gus).exists()
    actions.restore_poll(by=fabrique.bob, poll=poll)
    assert queries.visible_polls(fabrique.alice).get() == poll
    assert last_verb() == "polls.restored"


def test_what_was_deleted_thirty_days_ago_goes_for_good(fabrique: Cast) -> None:
    poll, lately = open_choice(fabrique.alice), open_choice(fabrique.alice)
    actions.cast_ballot(by=fabrique.bob, poll=poll, marks=marks(poll, 1))
    for one in (poll, lately):
        actions.delete_poll(by=fabrique.alice, poll=one)
    wind_back(poll, deleted_at=timezone.now() - timedelta(days=31))
    assert upkeep.forget_deleted() == 1
    assert Poll.objects.get() == lately
    assert last_verb() == "polls.forgotten"


# The clock


def test_a_poll_closes_itself_at_its_deadline_once(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice, deadline=timezone.now() + timedelta(days=1))
    actions.cast_ballot(by=fabrique.bob, poll=poll, marks=marks(poll, 1))
    assert upkeep.close_due() == 0
    late = timezone.now() - timedelta(minutes=3)
    wind_back(poll, deadline=late)
    assert upkeep.close_due() == 1
    assert upkeep.close_due() == 0
    poll.refresh_from_db()
    assert (poll.closed_at, poll.closed_by) == (late, None)
    assert told("polls.closed") == {fabrique.alice.pk, fabrique.bob.pk}
    assert Entry.objects.filter(verb="polls.closed").count() == 1


def test_those_who_have_not_voted_are_reminded_once_before_the_deadline(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice, deadline=timezone.now() + timedelta(days=3), reminder_h=24)
    actions.cast_ballot(by=fabrique.bob, poll=poll, marks=marks(poll, 1))
    assert upkeep.remind_due() == 0
    wind_back(poll, deadline=timezone.now() + timedelta(hours=23))
    assert upkeep.remind_due() == 2
    assert upkeep.remind_due() == 0
    assert told("polls.reminder") == {fabrique.alice.pk, fabrique.manon.pk}
    wind_back(poll, reminded_at=None)  # as if the clock's work had died before saying so
    assert upkeep.remind_due() == 0
    assert Notification.objects.filter(notice="polls.reminder").count() == 2


def test_reminding_by_hand_reaches_nobody_twice(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice)
    with pytest.raises(NotAllowed):
        actions.remind_people(by=fabrique.bob, poll=poll)
    assert actions.remind_people(by=fabrique.alice, poll=poll) == 3
    assert actions.remind_people(by=fabrique.alice, poll=poll) == 0
    assert Reminder.objects.count() == 3
    assert Entry.objects.filter(verb="polls.reminded").get().data == {"people": 3}


@pytest.mark.parametrize("field", ["closed_at", "deleted_at"])
def test_nobody_is_reminded_of_a_poll_that_is_over(fabrique: Cast, field: str) -> None:
    poll = open_choice(fabrique.alice, deadline=timezone.now() + timedelta(hours=1), reminder_h=24)
    wind_back(poll, **{field: timezone.now()})
    assert upkeep.remind_due() == 0


def test_the_author_is_told_when_the_day_of_review_comes_once(fabrique: Cast) -> None:
    poll = open_choice(fabrique.bob)
    actions.close_poll(by=fabrique.bob, poll=poll, outcome="À l'essai", review_on=day())
    assert upkeep.recall_reviews() == 0
    wind_back(poll, review_on=timezone.localdate())
    assert upkeep.recall_reviews() == 1
    assert upkeep.recall_reviews() == 0
    assert told("polls.review") == {fabrique.bob.pk}


def test_managers_are_told_of_a_review_when_the_author_has_left(fabrique: Cast) -> None:
    poll = open_choice(fabrique.bob)
    actions.close_poll(by=fabrique.bob, poll=poll, review_on=day())
    wind_back(poll, review_on=timezone.localdate())
    fabrique.bob.status = Status.LEFT
    fabrique.bob.save()
    upkeep.keep_up()
    assert told("polls.review") == {fabrique.alice.pk, fabrique.manon.pk}


# The event


@pytest.fixture
def agenda(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """A tool that answers "event.create", and what it was asked."""
    asked: list[dict[str, Any]] = []

    def create(**values: Any) -> Any:
        asked.append(values)
        return SimpleNamespace(pk=77, _meta=SimpleNamespace(label="agenda.Event"))

    known = registry.capability
    monkeypatch.setattr(registry, "capability", lambda name: create if name == "event.create" else known(name))
    return asked


def test_a_chosen_date_becomes_an_event_for_who_answered(fabrique: Cast, agenda: list[dict[str, Any]]) -> None:
    poll = open_dates(fabrique.alice, title="Réunion")
    actions.cast_ballot(by=fabrique.bob, poll=poll, marks=marks(poll, 2))
    actions.cast_ballot(by=fabrique.manon, poll=poll, marks=marks(poll, 0, 2))
    with pytest.raises(Conflict):
        actions.make_event(by=fabrique.alice, poll=poll)
    actions.close_poll(by=fabrique.alice, poll=poll, chosen=poll.options.all()[0])
    with pytest.raises(NotAllowed):
        actions.make_event(by=fabrique.bob, poll=poll)
    actions.make_event(by=fabrique.alice, poll=poll)
    assert (agenda[0]["title"], agenda[0]["day"], agenda[0]["people"]) == ("Réunion", day(), [fabrique.bob])
    assert agenda[0]["have_accepted"]
    assert last_verb() == "polls.event_made"
    with pytest.raises(Conflict):
        actions.make_event(by=fabrique.alice, poll=poll)


def test_without_an_agenda_no_event_is_offered(cast: Cast) -> None:
    from tilios.core.structures.scope import scope

    with scope(cast.fabrique):
        poll = open_dates(cast.alice)
        actions.close_poll(by=cast.alice, poll=poll, chosen=poll.options.all()[0])
        if registry.capability("event.create") is None:
            with pytest.raises(Conflict):
                actions.make_event(by=cast.alice, poll=poll)
            page = cast.client("alice").get(f"/s/la-fabrique/sondages/{poll.pk}/").content.decode()
            assert f"/sondages/{poll.pk}/evenement/" not in page
