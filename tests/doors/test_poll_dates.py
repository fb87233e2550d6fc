"""The date that a poll chose becomes an event: once, in the calendar that is chosen, with who said yes."""

from datetime import time, timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from tilios.core.errors import Conflict, NotAllowed
from tilios.core.people.actions import add_to_group, create_group
from tilios.core.structures.scope import scope
from tilios.tools.agenda.actions.entries import remove_entry, zone_of
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.capabilities import calendars
from tilios.tools.agenda.models import Entry, Item, Nature
from tilios.tools.agenda.tests.contract import another, calendar
from tilios.tools.polls import actions as polls
from tilios.tools.polls.drafts import Draft
from tilios.tools.polls.models import Names, Poll
from tilios.tools.polls.tests.contract import marks, open_dates

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


def decided(cast: "Cast", **fields: object) -> Poll:
    """A poll of Alice's whose first date is chosen: Bob and Alice said yes to it, Manon no."""
    poll = open_dates(cast.alice, "Réunion du comité", **fields)
    for who, mark in ((cast.bob, 2), (cast.alice, 2), (cast.manon, 0)):
        polls.cast_ballot(by=who, poll=poll, marks=marks(poll, mark))
    polls.close_poll(by=cast.alice, poll=poll, chosen=poll.options.all()[0], outcome="Ce jour-là.")
    poll.refresh_from_db()
    return poll


def test_the_date_is_an_event_with_who_said_yes(cast: "Cast") -> None:
    with scope(cast.fabrique):
        poll = decided(cast)
        entry = polls.make_event(by=cast.alice, poll=poll)
        assert entry.calendar == calendar(cast.alice)
        assert entry.is_all_day
        assert (entry.summary, entry.description) == ("Réunion du comité", "Ce jour-là.")
        assert entry.first.astimezone(zone_of(entry.calendar)).date() == poll.chosen.day
        guests = {one.person_id: one.status for one in entry.attendees.all()}
        assert guests == {cast.alice.pk: "ACCEPTED", cast.bob.pk: "ACCEPTED"}


def test_both_pages_lead_to_one_another(cast: "Cast") -> None:
    with scope(cast.fabrique):
        poll = decided(cast)
        entry = polls.make_event(by=cast.alice, poll=poll)
    bob = cast.client("bob")
    there = bob.get(f"/s/la-fabrique/sondages/{poll.pk}/").content.decode()
    assert f'href="/s/la-fabrique/agenda/evenements/{entry.pk}/"' in there
    here = bob.get(f"/s/la-fabrique/agenda/evenements/{entry.pk}/").content.decode()
    assert f"/s/la-fabrique/sondages/{poll.pk}/" in here


def test_it_is_made_once_and_again_only_when_it_is_gone(cast: "Cast") -> None:
    with scope(cast.fabrique):
        poll = decided(cast)
        entry = polls.make_event(by=cast.alice, poll=poll)
        with pytest.raises(Conflict):
            polls.make_event(by=cast.alice, poll=poll)
        Poll.objects.filter(pk=poll.pk).update(event_target=None)  # as after a write that was lost
        assert polls.make_event(by=cast.alice, poll=poll) == entry
        assert Entry.objects.count() == 1
        remove_entry(by=cast.alice, rights=open_spaces(cast.alice), entry=entry)
    page = cast.client("alice").get(f"/s/la-fabrique/sondages/{poll.pk}/").content.decode()
    assert "En faire un événement" in page
    with scope(cast.fabrique):
        assert polls.make_event(by=cast.alice, poll=poll).pk != entry.pk


def test_hours_are_those_of_the_poll_and_an_hour_long_without_an_end(cast: "Cast") -> None:
    day = timezone.localdate() + timedelta(days=9)
    with scope(cast.fabrique):
        drafts = [Draft(day=day, start=time(18, 30)), Draft(day=day, start=time(20))]
        entry = polls.make_event(by=cast.alice, poll=decided(cast, drafts=drafts, timezone="Indian/Reunion"))
        assert entry.first.astimezone(timezone.get_fixed_timezone(240)).time() == time(18, 30)
        assert entry.last - entry.first == timedelta(hours=1)
        assert "TZID=Indian/Reunion" in entry.data


def test_the_calendar_is_chosen_on_the_page_of_the_poll(cast: "Cast") -> None:
    alice = cast.client("alice")
    with scope(cast.fabrique):
        poll, other = decided(cast), another(cast.alice, "Réunions")
    page = alice.get(f"/s/la-fabrique/sondages/{poll.pk}/").content.decode()
    assert f'<option value="{other.pk}">' in page
    alice.post(f"/s/la-fabrique/sondages/{poll.pk}/evenement/", {"calendar": other.pk})
    with scope(cast.fabrique):
        assert Entry.objects.get().calendar == other


def test_the_calendar_of_the_group_that_is_asked_comes_first(cast: "Cast") -> None:
    with scope(cast.fabrique):
        group = create_group(by=cast.alice, name="Comité")
        for one in (cast.alice, cast.bob, cast.manon):
            add_to_group(by=cast.alice, group=group, person=one)
        poll = decided(cast, electorate="group", group=group)
        entry = polls.make_event(by=cast.alice, poll=poll)
        assert entry.calendar.parent.group == group


def test_a_calendar_in_which_one_may_not_write_is_refused(cast: "Cast") -> None:
    with scope(cast.fabrique):
        open_spaces(cast.bob)
        of_bob = Item.objects.get(parent__owner=cast.bob, nature=Nature.CALENDAR)
        poll = decided(cast)
        assert of_bob.pk not in dict(calendars(cast.alice))
        with pytest.raises(NotAllowed):
            polls.make_event(by=cast.alice, poll=poll, calendar=of_bob.pk)
    with scope(cast.atelier):
        elsewhere = calendar(cast.charlie)
    with scope(cast.fabrique), pytest.raises(NotAllowed):
        polls.make_event(by=cast.alice, poll=poll, calendar=elsewhere.pk)


def test_where_names_are_not_shown_the_guests_do_not_tell_who_said_yes(cast: "Cast") -> None:
    with scope(cast.fabrique):
        entry = polls.make_event(by=cast.alice, poll=decided(cast, names=Names.KEEPERS))
        guests = {one.person_id: one.status for one in entry.attendees.all()}
        assert guests == dict.fromkeys((cast.alice.pk, cast.bob.pk, cast.manon.pk), "NEEDS-ACTION")


def test_who_cannot_write_anywhere_is_told_so(cast: "Cast") -> None:
    from tilios.tools.agenda.capabilities import create_event

    with scope(cast.fabrique):
        poll = decided(cast)
        values = {"title": "R", "description": "", "day": poll.chosen.day, "starts_at": None, "ends_at": None}
        with pytest.raises(Conflict):
            create_event(by=cast.gus, timezone="Europe/Paris", people=[], source=poll, **values)
