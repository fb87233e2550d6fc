"""Invitations land in the calendars of people of the structure, once, and their answers come back (RFC 6638)."""

from typing import TYPE_CHECKING, Any

import pytest
from django_tasks_db.models import DBTaskResult

from tests.cast import Cast
from tests.harness.webdav import Client
from tilios.core.people.models import Person
from tilios.core.structures.scope import no_scope, scope
from tilios.kit import ical
from tilios.tools.agenda.actions import answering, delivering, writing
from tilios.tools.agenda.actions.entries import move_entry, put_entry, remove_entry
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import Attendee, Entry
from tilios.tools.agenda.tests import writing as typed
from tilios.tools.agenda.tests.contract import another, calendar
from tilios.tools.agenda.tests.inviting import (
    ADA,
    address_of,
    calendar_part,
    change,
    guest,
    invite,
    jobs,
    later,
    made_door,
    mails,
    own_calendar,
    remove,
)

if TYPE_CHECKING:
    from types import SimpleNamespace


def landed(person: Person) -> list[Entry]:
    return list(Entry.objects.filter(calendar=own_calendar(person)))


def invited(cast: Cast, **fields: Any) -> Entry:
    """Bob invites Manon to something in his own calendar; it has landed in hers."""
    entry = invite(cast.bob, cast.manon.email, **fields)
    jobs()
    return entry


def test_an_invitation_lands_in_the_calendar_of_who_is_invited(fabrique: Cast) -> None:
    entry = invited(fabrique, alarms=((10, "start"),))
    (copy,) = landed(fabrique.manon)
    assert copy.uid == entry.uid
    assert "PARTSTAT" not in copy.data or "NEEDS-ACTION" in copy.data
    assert "VALARM" not in copy.data  # the organizer's own
    assert guest(entry, fabrique.manon.email).copy == copy


def test_who_sees_the_event_already_is_not_shown_it_twice(fabrique: Cast) -> None:
    entry = invite(fabrique.bob, fabrique.manon.email, into=calendar(fabrique.bob))
    jobs()
    assert landed(fabrique.manon) == []
    assert guest(entry, fabrique.manon.email).copy is None


def test_changes_follow_and_keep_the_alarms_of_the_guest(fabrique: Cast) -> None:
    entry = invited(fabrique)
    (copy,) = landed(fabrique.manon)
    writing.change_event(
        by=fabrique.manon, rights=open_spaces(fabrique.manon), entry=copy, fields={"alarms": ((30, "start"),)}
    )
    jobs()
    change(fabrique.bob, entry, location="Dehors")
    jobs()
    copy.refresh_from_db()
    assert copy.location == "Dehors"
    assert "TRIGGER:-PT30M" in copy.data
    entry.refresh_from_db()
    assert "PT30M" not in entry.data


def test_a_cancelled_event_and_a_guest_taken_off_leave_the_calendar(fabrique: Cast) -> None:
    first, second, third = (invited(fabrique, summary=name) for name in ("Un", "Deux", "Trois"))
    assert len(landed(fabrique.manon)) == 3
    remove(fabrique.bob, first)
    change(fabrique.bob, second, attendees=())
    change(fabrique.bob, third, status="CANCELLED")
    jobs()
    assert landed(fabrique.manon) == []


def test_an_answer_on_the_page_is_seen_on_the_phone(fabrique: Cast) -> None:
    entry = invited(fabrique)
    answering.answer(guest=guest(entry, fabrique.manon.email), status="ACCEPTED", by=fabrique.manon)
    jobs()
    (copy,) = landed(fabrique.manon)
    assert ical.statuses(copy.data.encode(), fabrique.manon.email) == {"": "ACCEPTED"}


def put(person: Person, entry: Entry, data: str) -> None:
    put_entry(by=person, rights=open_spaces(person), calendar=entry.calendar, name=entry.name, data=data.encode())
    jobs()


def test_an_answer_on_the_phone_comes_back_to_the_organizer(fabrique: Cast) -> None:
    entry = invited(fabrique, rrule="FREQ=WEEKLY")
    (copy,) = landed(fabrique.manon)
    second = f"{later(entry, 24 * 7)['start']:%Y%m%dT%H%M%SZ}"
    answered = ical.with_answer(copy.data.encode(), fabrique.manon.email, "ACCEPTED")
    answered = ical.with_answer(answered, fabrique.manon.email, "DECLINED", second)

    put(fabrique.manon, copy, answered.decode())

    entry.refresh_from_db()
    said = ical.statuses(entry.data.encode(), fabrique.manon.email)
    assert said.pop("") == "ACCEPTED"
    assert list(said.values()) == ["DECLINED"]
    assert guest(entry, fabrique.manon.email).status == "ACCEPTED"


def test_who_removes_their_copy_declines(fabrique: Cast) -> None:
    entry = invited(fabrique)
    (copy,) = landed(fabrique.manon)
    remove_entry(by=fabrique.manon, rights=open_spaces(fabrique.manon), entry=copy)
    jobs()
    assert guest(entry, fabrique.manon.email).status == "DECLINED"
    change(fabrique.bob, entry, location="Dehors")
    jobs()
    assert landed(fabrique.manon) == []  # it does not come back by itself
    change(fabrique.bob, Entry.objects.get(pk=entry.pk), **later(entry, 3))
    jobs()
    assert len(landed(fabrique.manon)) == 1  # another time is another question


def test_a_copy_put_in_another_calendar_stays_the_copy(fabrique: Cast) -> None:
    entry = invited(fabrique)
    (copy,) = landed(fabrique.manon)
    rights = open_spaces(fabrique.manon)
    move_entry(by=fabrique.manon, rights=rights, entry=copy, to=another(fabrique.manon), name=copy.name)
    change(fabrique.bob, entry, location="Dehors")
    jobs()
    found = Entry.objects.filter(uid=entry.uid).exclude(pk=entry.pk)
    assert [one.location for one in found] == ["Dehors"]
    assert guest(entry, fabrique.manon.email).status == "NEEDS-ACTION"


def test_an_event_put_in_another_calendar_keeps_its_answers_and_its_links(cast: Cast) -> None:
    door = made_door(cast)
    door.client.post(door.url, {"reponse": "oui", "commentaire": "Oui !"})
    with scope(cast.fabrique):
        moved = writing.change_event(
            by=cast.bob, rights=open_spaces(cast.bob), entry=Entry.objects.get(pk=door.entry.pk), fields={},
            to=calendar(cast.bob),
        )  # fmt: skip
        assert guest(moved, ADA).comment == "Oui !"
    assert address_of(cast, moved) == door.url
    assert "Oui !" in door.client.get(door.url).content.decode()


def test_nothing_of_ours_is_written_over_by_who_knows_its_name(fabrique: Cast) -> None:
    mine = typed.event("secret@test", "Rendez-vous", "20301201T090000Z")
    put_entry(
        by=fabrique.manon, rights=open_spaces(fabrique.manon), calendar=own_calendar(fabrique.manon), name="s.ics",
        data=mine.encode(),
    )  # fmt: skip
    more = f"ORGANIZER:mailto:{fabrique.bob.email}\r\nATTENDEE:mailto:{fabrique.manon.email}\r\n"
    put_entry(
        by=fabrique.bob, rights=open_spaces(fabrique.bob), calendar=own_calendar(fabrique.bob), name="x.ics",
        data=typed.event("secret@test", "Piège", "20301202T090000Z", more=more).encode(),
    )  # fmt: skip
    jobs()
    assert [one.summary for one in landed(fabrique.manon)] == ["Rendez-vous"]


def test_an_event_without_guests_starts_no_job(fabrique: Cast) -> None:
    rights, into = open_spaces(fabrique.bob), own_calendar(fabrique.bob)
    put_entry(by=fabrique.bob, rights=rights, calendar=into, name="seul.ics", data=typed.event("seul@test").encode())
    assert not DBTaskResult.objects.filter(task_path__contains="agenda").exists()
    assert not Attendee.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_phone_invites_a_person_and_theirs_answers(dav: "SimpleNamespace") -> None:
    """Programs: Bob's puts an event with Manon's colleague Alice; Alice's finds it, accepts, Bob's reads it."""
    cast = dav.cast
    with scope(cast.fabrique):
        places = {name: own_calendar(getattr(cast, name)).address for name in ("bob", "alice")}
    bob: Client = dav.client("bob", f"calendars/la-fabrique/{places['bob']}/")
    alice: Client = dav.client("alice", f"calendars/la-fabrique/{places['alice']}/")
    more = f"ORGANIZER:mailto:{cast.bob.email}\r\nATTENDEE;RSVP=TRUE:mailto:{cast.alice.email}\r\n"
    assert bob.put("e.ics", typed.event("phone@test", start="20301201T090000Z", more=more).encode()).status == 201
    jobs()
    with scope(cast.fabrique):
        (copy,) = landed(cast.alice)
    got = alice.ask("GET", copy.name)
    assert got.status == 200
    answered = ical.with_answer(got.content, cast.alice.email, "ACCEPTED")
    assert alice.put(copy.name, answered).status == 204
    jobs()
    assert b"PARTSTAT=ACCEPTED" in bob.ask("GET", "e.ics").content.replace(b"\r\n ", b"")


@pytest.mark.django_db(transaction=True)
def test_programs_are_told_where_invitations_land_and_who_they_are(dav: "SimpleNamespace") -> None:
    cast = dav.cast
    body = (
        '<D:propfind xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop>'
        "<C:schedule-default-calendar-URL/><C:calendar-user-address-set/></D:prop></D:propfind>"
    )
    with scope(cast.fabrique):
        place = own_calendar(cast.bob).address
        Person.objects.filter(pk=cast.bob.pk).update(email="bob@fabrique.example")
    home = dav.client("bob").ask("PROPFIND", "/dav/calendars/la-fabrique/", body, Depth="0")
    assert f"/dav/calendars/la-fabrique/{place}/" in home.paths
    me = dav.client("bob").ask("PROPFIND", f"/dav/principals/{cast.bob.account.pk}/", body, Depth="0")
    assert {"mailto:bob@fabrique.example", f"mailto:{cast.bob.account.email}"} <= set(me.paths)


def test_a_job_that_is_taken_again_lands_nothing_twice(fabrique: Cast) -> None:
    entry = invited(fabrique)
    (copy,) = landed(fabrique.manon)
    for _time in range(2):
        with no_scope():
            delivering.deliver.call(fabrique.fabrique.pk, entry.pk)
    (again,) = landed(fabrique.manon)
    assert (again.pk, again.etag) == (copy.pk, copy.etag)


def test_who_is_invited_answers_on_the_page_of_their_copy(cast: Cast) -> None:
    with scope(cast.fabrique):
        entry = invited(cast)
        (copy,) = landed(cast.manon)
    url = f"/s/la-fabrique/agenda/evenements/{copy.pk}/"
    page = cast.client("manon").get(url).content.decode()
    assert "Venez-vous" in page
    cast.client("manon").post(url + "repondre/", {"reponse": "peut-etre", "commentaire": "Je vois"})
    jobs()
    with scope(cast.fabrique):
        row = guest(entry, cast.manon.email)
        assert (row.status, row.comment) == ("TENTATIVE", "Je vois")
        copy.refresh_from_db()
        assert "PARTSTAT=TENTATIVE" in copy.data
    assert cast.client("alice").get(url).status_code == 404  # her own calendar is nobody else's


def test_a_person_invited_under_the_address_of_their_record_is_found(fabrique: Cast) -> None:
    Person.objects.filter(pk=fabrique.manon.pk).update(email="manon@fabrique.example")
    entry = invite(fabrique.bob, "manon@fabrique.example")
    jobs()
    (copy,) = landed(Person.objects.get(pk=fabrique.manon.pk))
    assert copy.uid == entry.uid


def test_the_views_tell_what_is_to_be_answered_and_what_was_declined(cast: Cast) -> None:
    with scope(cast.fabrique):
        entry = invited(cast)
        assert entry.first is not None
    day = f"?jour={entry.first:%Y-%m-%d}"
    manon = cast.client("manon")
    for view in ("mois", "semaine", "jour", "liste"):
        page = manon.get(f"/s/la-fabrique/agenda/{view}/{day}").content.decode()
        assert "is-unanswered" in page, view
    assert "is-unanswered" not in cast.client("bob").get(f"/s/la-fabrique/agenda/liste/{day}").content.decode()
    with scope(cast.fabrique):
        answering.answer(guest=guest(entry, cast.manon.email), status="DECLINED", by=cast.manon)
        jobs()
        (copy,) = landed(cast.manon)
        assert copy.is_transparent
    page = manon.get(f"/s/la-fabrique/agenda/liste/{day}").content.decode()
    assert "is-declined" in page
    assert "is-unanswered" not in page


def test_who_brings_their_copy_back_has_it_follow_again(fabrique: Cast) -> None:
    entry = invited(fabrique)
    (copy,) = landed(fabrique.manon)
    remove_entry(by=fabrique.manon, rights=open_spaces(fabrique.manon), entry=copy)
    jobs()
    answered = ical.with_answer(copy.data.encode(), fabrique.manon.email, "ACCEPTED").decode()
    put(fabrique.manon, copy, answered)
    assert guest(entry, fabrique.manon.email).status == "ACCEPTED"
    change(fabrique.bob, Entry.objects.get(pk=entry.pk), location="Dehors")
    jobs()
    assert [one.location for one in landed(fabrique.manon)] == ["Dehors"]


def test_a_program_of_mail_that_keeps_the_invitation_here_keeps_the_copy(fabrique: Cast, settings: Any) -> None:
    """Thunderbird puts what came by mail in the calendar one chooses, with the address for answers as organizer."""
    settings.TILIOS_MAIL_DOMAIN = "courrier.example"
    settings.EMAIL_BACKEND = "tilios.core.notify.outbox.Backend"
    mails()
    entry = invite(fabrique.bob, fabrique.manon.email)
    (mail,) = mails()
    jobs()
    (copy,) = landed(fabrique.manon)
    remove_entry(by=fabrique.manon, rights=open_spaces(fabrique.manon), entry=copy)
    came = calendar_part(mail)[1].replace("METHOD:REQUEST\n", "").replace("\n", "\r\n")
    put(fabrique.manon, copy, ical.with_answer(came.encode(), fabrique.manon.email, "TENTATIVE").decode())
    assert guest(entry, fabrique.manon.email).status == "TENTATIVE"
    (again,) = landed(fabrique.manon)
    assert again.organizer == fabrique.bob.email


def test_moving_ones_copy_asks_nobody_again(fabrique: Cast) -> None:
    entry = invited(fabrique)
    answering.answer(guest=guest(entry, fabrique.manon.email), status="ACCEPTED", by=fabrique.manon)
    jobs()
    (copy,) = landed(fabrique.manon)
    change(fabrique.manon, copy, **later(entry, 2))
    jobs()
    assert guest(entry, fabrique.manon.email).status == "ACCEPTED"
    entry.refresh_from_db()
    assert ical.statuses(entry.data.encode(), fabrique.manon.email) == {"": "ACCEPTED"}


def test_a_copy_concerns_the_one_in_whose_calendar_it_lies(fabrique: Cast) -> None:
    entry = invite(fabrique.bob, fabrique.manon.email, fabrique.alice.email)
    jobs()
    for person in (fabrique.manon, fabrique.alice):
        (copy,) = landed(person)
        assert {row.person for row in copy.attendees.all()} == {None, person}
    assert {row.person for row in entry.attendees.all()} == {fabrique.manon, fabrique.alice}
