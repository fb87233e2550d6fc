"""Open, change, propose: success, each named error, what is published, who is told."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.cast import Cast
from tilios.core.access.models import ActionRule
from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.core.journal.models import Entry
from tilios.core.notify.models import Notification
from tilios.core.people import actions as people
from tilios.core.people.models import Role
from tilios.tools.polls import actions, queries
from tilios.tools.polls.drafts import Draft
from tilios.tools.polls.models import Electorate, Mark, Names, Option, Poll, Results
from tilios.tools.polls.tests.contract import day, marks, open_choice, open_dates


def drafts_of(poll: Poll) -> list[Draft]:
    return [Draft.of(option, poll.tz) for option in poll.options.all()]


def change(by: Any, poll: Poll, **fields: Any) -> Poll:
    """Change a poll, leaving the rest as it is."""
    drafts = fields.pop("drafts", None) or drafts_of(poll)
    return actions.change_poll(by=by, poll=poll, drafts=drafts, ballot_rules=poll.ballot_rules, **fields)


def verbs() -> list[str]:
    return list(Entry.objects.filter(verb__startswith="polls.").order_by("pk").values_list("verb", flat=True))


def test_opening_publishes_and_tells_those_asked_but_not_the_author(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice, tell=True)
    assert verbs() == ["polls.opened"]
    told = Notification.objects.filter(notice="polls.opened", target=poll.pk)
    assert set(told.values_list("person", flat=True)) == {fabrique.bob.pk, fabrique.manon.pk}
    assert "Quel nom ?" in told[0].text


def test_opening_quietly_tells_nobody(fabrique: Cast) -> None:
    open_choice(fabrique.alice, tell=False)
    assert not Notification.objects.filter(notice="polls.opened").exists()


def test_a_guest_of_the_structure_opens_no_poll(fabrique: Cast) -> None:
    with pytest.raises(NotAllowed):
        open_choice(fabrique.gus)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": "  "}, "title"),
        ({"drafts": [Draft()]}, "options"),
        ({"drafts": [Draft(link="https://example.org")]}, "options"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"electorate": Electorate.GROUP}, "group"),
        ({"electorate": Electorate.LIST}, "listed"),
        ({"electorate": Electorate.NOBODY, "guests": False}, "guests"),
        ({"deadline": timezone.now() - timedelta(hours=1)}, "deadline"),
        ({"drafts": [Draft(label=str(number)) for number in range(201)]}, "options"),
        ({"ballot": "several", "ballot_rules": {"least": 9}}, "least"),
    ],
)
def test_a_poll_that_cannot_be_is_refused_by_name(fabrique: Cast, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as error:
        open_choice(fabrique.alice, **fields)
    assert error.value.field == field
    assert not Poll.objects.exists()


@pytest.mark.parametrize("draft", [Draft(label="sans jour"), Draft(day=day(), end=time(12))])
def test_a_date_needs_a_day_and_an_end_needs_a_start(fabrique: Cast, draft: Draft) -> None:
    with pytest.raises(Invalid) as error:
        open_dates(fabrique.alice, drafts=[draft])
    assert error.value.field == "options"


def test_dates_stand_in_the_order_of_time_and_each_once(fabrique: Cast) -> None:
    drafts = [Draft(day=day(2)), Draft(day=day(1), start=time(18)), Draft(day=day(1), start=time(9)), Draft(day=day(2))]
    poll = open_dates(fabrique.alice, drafts=drafts)
    assert [(option.day, option.starts_at is not None) for option in poll.options.all()] == [
        (day(1), True), (day(1), True), (day(2), False),
    ]  # fmt: skip
    first, second, _third = poll.options.all()
    assert first.starts_at < second.starts_at


def test_hours_are_those_of_the_zone_and_may_end_the_next_day(fabrique: Cast) -> None:
    drafts = [Draft(day=day(), start=time(22), end=time(1))]
    poll = open_dates(fabrique.alice, drafts=drafts, timezone="Indian/Reunion")
    option = poll.options.get()
    assert option.starts_at.astimezone(poll.tz).time() == time(22)
    assert option.ends_at - option.starts_at == timedelta(hours=3)
    assert Draft.of(option, poll.tz) == Draft(pk=option.pk, day=day(), start=time(22), end=time(1))


# Changing


def test_changing_keeps_votes_of_the_options_that_stay(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice)
    actions.cast_ballot(by=fabrique.bob, poll=poll, marks=marks(poll, 1))
    first, second, _third = drafts_of(poll)
    renamed = Draft(pk=first.pk, label="Le phare d'Alice")
    change(fabrique.alice, poll, drafts=[second, renamed, Draft(label="Nouveau")], title="Quel nom choisir ?")
    assert [option.label for option in poll.options.all()] == ["La Ruche", "Le phare d'Alice", "Nouveau"]
    assert Mark.objects.get().option.label == "Le phare d'Alice"
    entry = Entry.objects.order_by("-pk")[0]
    assert entry.verb == "polls.changed"
    assert set(entry.data["fields"]) == {"title", "options"}


def test_an_option_moved_to_another_date_loses_its_votes(fabrique: Cast) -> None:
    poll = open_dates(fabrique.alice, days=2)
    actions.cast_ballot(by=fabrique.bob, poll=poll, marks=marks(poll, 2, 2))
    first, second = drafts_of(poll)
    change(fabrique.alice, poll, drafts=[Draft(pk=first.pk, day=day(9)), second])
    assert Mark.objects.count() == 1
    assert Option.objects.filter(day=day(9)).exists()


def test_an_option_of_another_poll_is_not_taken_over(fabrique: Cast) -> None:
    poll, other = open_choice(fabrique.alice), open_choice(fabrique.alice)
    stolen = other.options.all()[0]
    change(fabrique.alice, poll, drafts=[Draft(pk=stolen.pk, label="Volé")])
    stolen.refresh_from_db()
    assert (stolen.label, stolen.poll) == ("Le Phare", other)


def test_once_votes_are_in_the_way_to_answer_is_fixed(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice)
    change(fabrique.alice, poll, ballot="several")
    poll = change(fabrique.alice, poll, ballot="single")
    actions.cast_ballot(by=fabrique.bob, poll=poll, marks=marks(poll, 1))
    with pytest.raises(Invalid) as error:
        change(fabrique.alice, poll, ballot="several")
    assert error.value.field == "ballot"


@pytest.mark.parametrize(
    ("name", "strict", "loose"),
    [("results", Results.CLOSED, Results.VOTED), ("results", Results.VOTED, Results.OPEN),
     ("names", Names.KEEPERS, Names.SHOWN)],
)  # fmt: skip
def test_once_votes_are_in_what_was_promised_hidden_stays_hidden(
    fabrique: Cast, name: str, strict: str, loose: str
) -> None:
    poll = open_choice(fabrique.alice, **{name: strict})
    poll = change(fabrique.alice, poll, **{name: loose})
    poll = change(fabrique.alice, poll, **{name: strict})
    actions.cast_ballot(by=fabrique.bob, poll=poll, marks=marks(poll, 1))
    with pytest.raises(Invalid) as error:
        change(fabrique.alice, poll, **{name: loose})
    assert error.value.field == name


def test_a_closed_poll_is_reopened_before_it_is_changed(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice)
    actions.close_poll(by=fabrique.alice, poll=poll)
    with pytest.raises(Conflict):
        change(fabrique.alice, poll, title="Autre")


def test_only_who_runs_the_poll_changes_it(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice)
    with pytest.raises(NotAllowed):
        change(fabrique.bob, poll, title="À moi")
    change(fabrique.manon, poll, title="Par Manon")


def test_a_new_deadline_reminds_again(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice, deadline=timezone.now() + timedelta(hours=5), reminder_h=24)
    actions.remind_people(by=fabrique.alice, poll=poll)
    assert poll.reminders.exists()
    change(fabrique.alice, poll, deadline=timezone.now() + timedelta(days=5))
    assert not poll.reminders.exists()


def test_the_closed_list_holds_people_of_the_structure_only(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice, electorate=Electorate.LIST, listed=[fabrique.gus, fabrique.charlie])
    assert list(queries.entitled_people(poll)) == [fabrique.gus]
    assert queries.visible_polls(fabrique.gus).get() == poll
    assert not queries.visible_polls(fabrique.bob).exists()


def test_leaving_a_group_electorate_forgets_the_group(fabrique: Cast) -> None:
    group = people.create_group(by=fabrique.alice, name="Bureau")
    poll = open_choice(fabrique.alice, electorate=Electorate.GROUP, group=group)
    poll = change(fabrique.alice, poll, electorate=Electorate.MEMBERS)
    assert poll.group is None


def test_a_structure_that_raises_the_role_is_obeyed(fabrique: Cast) -> None:
    ActionRule.objects.create(action="polls.create", least=Role.MANAGER)
    fabrique.bob.__dict__.pop("_least_roles", None)
    with pytest.raises(NotAllowed):
        open_choice(fabrique.bob)


# Proposing


def test_a_voter_proposes_an_option_where_it_is_allowed(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice, proposals=True)
    option = actions.propose_option(by=fabrique.bob, poll=poll, draft=Draft(label="La Rade"))
    assert option.proposed_by == fabrique.bob
    assert [one.label for one in poll.options.all()][-1] == "La Rade"
    assert verbs()[-1] == "polls.option_proposed"
    with pytest.raises(Conflict):
        actions.propose_option(by=fabrique.manon, poll=poll, draft=Draft(label="la rade"))
    with pytest.raises(Invalid):
        actions.propose_option(by=fabrique.manon, poll=poll, draft=Draft())


def test_nobody_proposes_where_it_is_not_allowed_or_not_asked_or_over(fabrique: Cast) -> None:
    closed_door = open_choice(fabrique.alice)
    not_asked = open_choice(fabrique.alice, proposals=True, least_role=Role.MANAGER)
    for poll in (closed_door, not_asked):
        with pytest.raises(NotAllowed):
            actions.propose_option(by=fabrique.bob, poll=poll, draft=Draft(label="X"))
    over = open_choice(fabrique.alice, proposals=True)
    actions.close_poll(by=fabrique.alice, poll=over)
    with pytest.raises(Conflict):
        actions.propose_option(by=fabrique.bob, poll=over, draft=Draft(label="X"))


def test_a_date_proposed_stands_in_its_place(fabrique: Cast) -> None:
    poll = open_dates(fabrique.alice, proposals=True, drafts=[Draft(day=day(1)), Draft(day=day(5))])
    actions.propose_option(by=fabrique.bob, poll=poll, draft=Draft(day=day(3), start=time(18)))
    assert [option.day for option in poll.options.all()] == [day(1), day(3), day(5)]
