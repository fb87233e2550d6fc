"""Reminders: told once, at their time, to those whom the event concerns and to whoever asked."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from allauth.usersessions.models import UserSession
from django.utils import timezone

from tests.harness.push import Browser
from tilios.core.errors import NotAllowed
from tilios.core.notify import devices
from tilios.core.notify.models import Notification, Push
from tilios.core.people.models import Person
from tilios.core.shelves.actions import rights as lists
from tilios.core.shelves.levels import Level
from tilios.core.structures.scope import scope
from tilios.tools.agenda.actions.alarms import remind_me
from tilios.tools.agenda.actions.entries import put_entry, remove_entry
from tilios.tools.agenda.actions.reminding import ring_due
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.actions.trash import throw_away
from tilios.tools.agenda.actions.writing import remove_event
from tilios.tools.agenda.models import Alarm, Entry
from tilios.tools.agenda.tests.contract import another, event
from tilios.tools.agenda.tests.writing import event as written

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


def before(minutes: int, related: str = "") -> str:
    return f"BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER{related}:-PT{minutes}M\r\nDESCRIPTION:.\r\nEND:VALARM\r\n"


def at(minutes: float) -> datetime:
    """So many minutes from now."""
    return timezone.now() + timedelta(minutes=minutes)


def stamp(minutes: float) -> str:
    return f"{at(minutes):%Y%m%dT%H%M%SZ}"


def told(person: Person) -> list[str]:
    return list(Notification.objects.filter(notice="agenda.reminder", person=person).values_list("text", flat=True))


def test_who_wrote_an_event_and_who_is_invited_are_told_once(cast: "Cast") -> None:
    assert cast.bob.account
    guests = (
        f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{cast.bob.account.email}\r\n"
        f"ATTENDEE;PARTSTAT=DECLINED:mailto:{cast.manon.email}\r\n"
    )
    with scope(cast.fabrique):
        event(cast.alice, "Chorale", stamp(30), more=f"LOCATION:Salle bleue\r\n{guests}{before(10)}")
        assert ring_due(at(15)) == 0
        assert ring_due(at(21)) == 2
        assert ring_due(at(22)) == 0
        assert told(cast.manon) == []
        assert told(cast.alice) == told(cast.bob)
        assert len(told(cast.bob)) == 1
        assert "Chorale" in told(cast.bob)[0]
        assert "Salle bleue" in told(cast.bob)[0]


def test_a_reminder_reaches_a_device_until_the_event_is_over(cast: "Cast") -> None:
    assert cast.alice.account
    session = UserSession.objects.create(user=cast.alice.account, session_key="telephone", ip="127.0.0.1")
    devices.register(session=session, **Browser("https://push.example.org/alice").values)
    with scope(cast.fabrique):
        entry = event(cast.alice, "Chorale", stamp(30), more=before(10))
        assert entry.last
        ring_due(at(21))
        push = Push.objects.get()
        assert push.expires_at == entry.last
        assert push.is_urgent
        assert push.payload["title"] == "La Fabrique · Agenda"
        assert push.payload["url"].endswith(f"/agenda/evenements/{entry.pk}/")
        assert "Chorale" in push.payload["body"]


def test_what_comes_back_rings_each_time_and_not_where_it_was_cancelled(cast: "Cast") -> None:
    with scope(cast.fabrique):
        entry = event(cast.alice, "Marché", stamp(60), more="RRULE:FREQ=DAILY;COUNT=4\r\n" + before(30))
        day = 24 * 60
        assert entry.first
        second = f"{entry.first + timedelta(days=1):%Y%m%dT%H%M%SZ}"
        remove_event(by=cast.alice, rights=open_spaces(cast.alice), entry=entry, scope="this", recurrence_id=second)
        rung = [ring_due(at(number * day + 31)) for number in range(5)]
        assert rung == [1, 0, 1, 1, 0]
        assert Alarm.objects.get().next_at is None


def test_a_server_that_was_down_tells_of_what_still_matters_and_only_once(cast: "Cast") -> None:
    with scope(cast.fabrique):
        event(cast.alice, "Passé", stamp(30), more=before(10))  # over at 90
        event(cast.alice, "Chaque heure", stamp(30), more="RRULE:FREQ=HOURLY;COUNT=9\r\n" + before(10))
        assert ring_due(at(203)) == 1  # for what begins at 210; 30, 90 and 150 are past
        assert ring_due(at(204)) == 0
        assert len(told(cast.alice)) == 1
        assert "Chaque heure" in told(cast.alice)[0]


def test_an_event_that_moves_takes_its_reminders_along(cast: "Cast") -> None:
    with scope(cast.fabrique):
        entry = event(cast.alice, "Atelier", stamp(30), more=before(10))
        remind_me(rights=open_spaces(cast.bob), entry=entry, minutes=[10])
        put(cast.alice, entry, written(entry.uid, "Atelier", stamp(300), more=before(20)))
        assert ring_due(at(21)) == 0
        assert ring_due(at(281)) == 1  # the event's own, twenty minutes before now
        assert ring_due(at(291)) == 1
        assert len(told(cast.bob)) == 1


def test_one_who_may_not_change_an_event_is_reminded_by_their_own_choice(cast: "Cast") -> None:
    with scope(cast.fabrique):
        entry = event(cast.alice, "Réunion", stamp(120))
        rights = open_spaces(cast.bob)
        remind_me(rights=rights, entry=entry, minutes=[60, 10])
        remind_me(rights=rights, entry=entry, minutes=[10])
        assert ring_due(at(61)) == 0
        assert ring_due(at(111)) == 1
        assert told(cast.alice) == []
        remind_me(rights=rights, entry=entry, minutes=[])
        assert not Alarm.objects.exists()


def test_before_the_end_and_at_the_start(cast: "Cast") -> None:
    with scope(cast.fabrique):
        event(cast.alice, "Four", stamp(30), more=before(5, ";RELATED=END") + before(0))  # from 30 to 90
        assert [ring_due(at(minute)) for minute in (29, 31, 84, 86, 95)] == [0, 1, 0, 1, 0]


def test_nobody_is_told_of_what_they_see_no_more(cast: "Cast") -> None:
    with scope(cast.fabrique):
        closed = another(cast.alice, "Bureau")
        entry = event(cast.alice, "Budget", stamp(30), into=closed)
        remind_me(rights=open_spaces(cast.bob), entry=entry, minutes=[10])
        lists.give_own_list(by=cast.alice, rights=open_spaces(cast.alice), folder=closed)
        mine = lists.set_line(
            by=cast.alice, rights=open_spaces(cast.alice), folder=closed, to=cast.alice, level=Level.MANAGE
        )
        for line in closed.grants.exclude(pk=mine.pk):
            lists.remove_line(by=cast.alice, rights=open_spaces(cast.alice), folder=closed, line=line, is_sure=True)
        assert ring_due(at(21)) == 0
        with pytest.raises(NotAllowed):
            remind_me(rights=open_spaces(cast.bob), entry=Entry.objects.get(pk=entry.pk), minutes=[10])


def test_a_thrown_calendar_and_a_removed_event_are_silent(cast: "Cast") -> None:
    with scope(cast.fabrique):
        thrown = another(cast.alice, "Vieux")
        event(cast.alice, "Ancien", stamp(30), more=before(10), into=thrown)
        gone = event(cast.alice, "Ôté", stamp(30), more=before(10))
        throw_away(by=cast.alice, rights=open_spaces(cast.alice), item=thrown)
        remove_entry(by=cast.alice, rights=open_spaces(cast.alice), entry=gone)
        assert ring_due(at(21)) == 0


def test_the_page_of_an_event_says_and_takes_reminders(cast: "Cast") -> None:
    with scope(cast.fabrique):
        entry = event(cast.alice, "Réunion", stamp(300), more=before(60))
    client = cast.client("bob")
    page = f"/s/la-fabrique/agenda/evenements/{entry.pk}/"
    assert "1 heure avant" in client.get(page).content.decode()
    answer = client.post(f"{page}rappels/", {"reminders": ["10", "1440"]}, follow=True)
    assert "Vos rappels sont enregistrés." in answer.content.decode()
    with scope(cast.fabrique):
        assert sorted(Alarm.objects.filter(person=cast.bob).values_list("minutes", flat=True)) == [10, 1440]
    assert client.post(f"{page}rappels/", {"reminders": ["99999999"]}).status_code == 422
    assert cast.client("charlie").post(f"/s/l-atelier/agenda/evenements/{entry.pk}/rappels/").status_code == 404


def put(by: Person, entry: Entry, text: str) -> None:
    put_entry(by=by, rights=open_spaces(by), calendar=entry.calendar, name=entry.name, data=text.encode())
