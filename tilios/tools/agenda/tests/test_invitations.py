"""Invitations: who is written to and what, the page of a guest, calendars of people, answers."""

import email
import email.policy
import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from tests.cast import Cast
from tilios.core.access.sharing import links_to
from tilios.core.errors import Conflict
from tilios.core.jobs.worker import run_all
from tilios.core.notify.models import Mail, Notification
from tilios.core.people.models import Person
from tilios.core.structures.scope import no_scope, scope
from tilios.kit import ical
from tilios.tools.agenda.actions import answering, writing
from tilios.tools.agenda.actions.entries import put_entry
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import Attendee, Entry, Item, Nature
from tilios.tools.agenda.tests import writing as typed
from tilios.tools.agenda.tests.contract import calendar

ADA = "ada@example.org"


@pytest.fixture(autouse=True)
def outbox(settings: Any) -> None:
    """Letters go to the real outbox, in the transaction that writes them."""
    settings.EMAIL_BACKEND = "tilios.core.notify.outbox.Backend"


def mails() -> list[EmailMessage]:
    """What left since the last look, oldest first."""
    rows = list(Mail.objects.order_by("pk"))
    Mail.objects.all().delete()
    return [email.message_from_bytes(bytes(row.message), policy=email.policy.default) for row in rows]  # type: ignore[misc]


def jobs() -> None:
    with no_scope():
        run_all()


def calendar_part(mail: EmailMessage) -> tuple[str, str]:
    """METHOD as the part says it, and the calendar, its lines whole."""
    part = next(one for one in mail.walk() if one.get_content_type() == "text/calendar")
    text = part.get_content().replace("\r\n", "\n").replace("\n ", "")
    return str(part["Content-Type"].params["method"]), text


def plain(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def draft(*guests: str, by: Person, days: int = 7, **fields: Any) -> ical.Draft:
    start = (datetime.now() + timedelta(days=days)).replace(hour=18, minute=30, second=0, microsecond=0)
    return ical.Draft(
        uid=writing.new_uid(),
        start=start,
        end=start + timedelta(hours=1),
        tzid="Europe/Paris",
        organizer=by.email,
        organizer_name=by.display_name,
        attendees=tuple(ical.Attendee(one, is_rsvp=True) for one in guests),
        **({"summary": "Réunion", "location": "Salle bleue"} | fields),
    )


def own_calendar(person: Person) -> Item:
    open_spaces(person)
    return Item.objects.get(parent__owner=person, nature=Nature.CALENDAR)


def invite(by: Person, *guests: str, into: Item | None = None, **fields: Any) -> Entry:
    rights = open_spaces(by)
    into = into or own_calendar(by)
    return writing.add_event(by=by, rights=rights, calendar=into, draft=draft(*guests, by=by, **fields), tells=True)


def change(by: Person, entry: Entry, scope: Any = "all", recurrence_id: str = "", **fields: Any) -> Entry:
    return writing.change_event(
        by=by, rights=open_spaces(by), entry=Entry.objects.get(pk=entry.pk), fields=fields, scope=scope,
        recurrence_id=recurrence_id, tells=True,
    )  # fmt: skip


def remove(by: Person, entry: Entry, scope: Any = "all", recurrence_id: str = "") -> None:
    writing.remove_event(
        by=by, rights=open_spaces(by), entry=entry, scope=scope, recurrence_id=recurrence_id, tells=True
    )


def guest(entry: Entry, address: str = ADA) -> Attendee:
    return Attendee.objects.get(entry=entry, email=address)


def later(entry: Entry, hours: int) -> dict[str, Any]:
    assert entry.first
    start = entry.first + timedelta(hours=hours)
    return {"start": start, "end": start + timedelta(hours=1), "tzid": "Europe/Paris", "is_all_day": False}


# Letters ------------------------------------------------------------------------------------------------------------


def test_a_guest_is_written_to_with_words_buttons_and_a_calendar(fabrique: Cast) -> None:
    entry = invite(fabrique.bob, ADA)

    (mail,) = mails()

    assert mail["To"].addresses[0].addr_spec == ADA
    assert mail["From"].addresses[0].display_name == "Bob Lambert via La Fabrique"
    assert mail["Reply-To"].addresses[0].addr_spec == fabrique.bob.email
    assert mail["Auto-Submitted"] == "auto-generated"
    assert str(mail["Subject"]).strip().startswith("Invitation : Réunion, ")
    assert "Salle bleue" in plain(mail)
    assert re.search(r"Oui\s?: http\S+\?reponse=oui", plain(mail))
    html = mail.get_body(("html",))
    assert html is not None
    assert "?reponse=peut-etre" in html.get_content()
    method, text = calendar_part(mail)
    assert method == "REQUEST"
    assert "METHOD:REQUEST" in text
    assert f"UID:{entry.uid}" in text
    assert f"ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:{ADA}" in text
    (file,) = list(mail.iter_attachments())
    assert file.get_filename() == "invite.ics"


def test_the_parts_stand_as_google_and_outlook_expect_them(fabrique: Cast) -> None:
    invite(fabrique.bob, ADA)
    (mail,) = mails()
    kinds = [one.get_content_type() for one in mail.walk()]
    assert kinds == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar", "application/ics",
    ]  # fmt: skip


def test_an_update_says_from_when_to_when_and_asks_again(fabrique: Cast) -> None:
    entry = invite(fabrique.bob, ADA)
    answering.answer(guest=guest(entry), status="ACCEPTED")
    mails()

    change(fabrique.bob, entry, **later(entry, 2))

    (mail,) = mails()
    assert str(mail["Subject"]).strip().startswith("Changement : Réunion")
    assert "Déplacé : " in plain(mail)
    method, text = calendar_part(mail)
    assert method == "REQUEST"
    assert "SEQUENCE:1" in text
    assert guest(entry).status == "NEEDS-ACTION"


def test_an_answer_stays_when_only_the_place_changes(fabrique: Cast) -> None:
    entry = invite(fabrique.bob, ADA)
    answering.answer(guest=guest(entry), status="ACCEPTED")
    mails()

    change(fabrique.bob, entry, location="Salle rouge")

    (mail,) = mails()
    assert "Salle rouge" in plain(mail)
    assert "Salle bleue" in plain(mail)
    assert guest(entry).status == "ACCEPTED"


@pytest.mark.parametrize(
    "fields", [{"alarms": ((10, "start"),)}, {"categories": ("Bureau",)}, {"is_transparent": True}]
)
def test_nobody_is_written_to_for_what_concerns_the_organizer_alone(fabrique: Cast, fields: dict[str, Any]) -> None:
    entry = invite(fabrique.bob, ADA)
    mails()
    change(fabrique.bob, entry, **fields)
    assert mails() == []


def test_who_comes_and_who_goes_are_written_to_and_the_others_are_not(fabrique: Cast) -> None:
    entry = invite(fabrique.bob, ADA, "charles@example.net")
    mails()

    kept = tuple(ical.Attendee(one, is_rsvp=True) for one in (ADA, "grace@example.net"))
    change(fabrique.bob, entry, attendees=kept)

    found = {mail["To"].addresses[0].addr_spec: calendar_part(mail)[0] for mail in mails()}
    assert found == {"charles@example.net": "CANCEL", "grace@example.net": "REQUEST"}


def test_removing_an_event_cancels_it_for_its_guests(fabrique: Cast) -> None:
    entry = invite(fabrique.bob, ADA)
    mails()
    remove(fabrique.bob, entry)
    (mail,) = mails()
    method, text = calendar_part(mail)
    assert method == "CANCEL"
    assert "STATUS:CANCELLED" in text
    assert "SEQUENCE:1" in text
    assert str(mail["Subject"]).strip().startswith("Annulation : Réunion")


def test_removing_one_date_cancels_that_date(fabrique: Cast) -> None:
    entry = invite(fabrique.bob, ADA, rrule="FREQ=WEEKLY")
    mails()
    first = ical.occurrences(entry.times, timezone.now(), timezone.now() + timedelta(days=60), zone=UTC)  # type: ignore[arg-type]
    second = list(first)[1].recurrence_id

    remove(fabrique.bob, entry, "this", second)

    (mail,) = mails()
    method, text = calendar_part(mail)
    assert method == "CANCEL"
    assert re.search(rf"RECURRENCE-ID[^:]*:{second}", text)


def test_changing_one_date_is_told_of_that_date(fabrique: Cast) -> None:
    entry = invite(fabrique.bob, ADA, rrule="FREQ=WEEKLY")
    mails()
    found = list(ical.occurrences(entry.times, timezone.now(), timezone.now() + timedelta(days=60), zone=UTC))  # type: ignore[arg-type]

    change(fabrique.bob, entry, "this", found[1].recurrence_id, location="Dehors")

    (mail,) = mails()
    method, text = calendar_part(mail)
    assert method == "REQUEST"
    assert text.count("BEGIN:VEVENT") == 1
    assert "FREQ=WEEKLY" not in text
    assert f"?le={found[1].recurrence_id}" in plain(mail)


def test_cutting_a_series_tells_of_both_parts(fabrique: Cast) -> None:
    entry = invite(fabrique.bob, ADA, rrule="FREQ=WEEKLY")
    mails()
    found = list(ical.occurrences(entry.times, timezone.now(), timezone.now() + timedelta(days=60), zone=UTC))  # type: ignore[arg-type]

    made = change(fabrique.bob, entry, "following", found[2].recurrence_id, summary="Autre réunion")

    told = [calendar_part(mail)[1] for mail in mails()]
    assert len(told) == 2
    assert "UNTIL=" in told[0]
    assert f"UID:{made.uid}" in told[1]


def test_nobody_writes_to_themselves_nor_for_what_is_past(fabrique: Cast) -> None:
    invite(fabrique.bob, fabrique.bob.email)
    invite(fabrique.bob, ADA, days=-7)
    assert mails() == []


def test_nobody_is_invited_in_the_name_of_somebody_else(fabrique: Cast) -> None:
    rights, into = open_spaces(fabrique.bob), own_calendar(fabrique.bob)
    forged = draft(ADA, fabrique.manon.email, by=fabrique.alice)
    entry = writing.add_event(by=fabrique.bob, rights=rights, calendar=into, draft=forged, tells=True)
    jobs()
    assert mails() == []
    assert Entry.objects.filter(uid=entry.uid).count() == 1


def test_guests_that_a_program_looks_after_are_left_to_it(fabrique: Cast) -> None:
    more = (
        f"ORGANIZER:mailto:{fabrique.bob.email}\r\nATTENDEE;SCHEDULE-AGENT=CLIENT:mailto:{fabrique.manon.email}\r\n"
        f"ATTENDEE;SCHEDULE-AGENT=NONE:mailto:{ADA}\r\n"
    )
    data = typed.event("client@test", start="20301201T090000Z", more=more)
    rights = open_spaces(fabrique.bob)
    entry, _new = put_entry(
        by=fabrique.bob, rights=rights, calendar=own_calendar(fabrique.bob), name="client.ics", data=data.encode()
    )
    jobs()
    change(fabrique.bob, entry, summary="Autre")
    jobs()
    assert mails() == []
    assert Entry.objects.filter(uid=entry.uid).count() == 1


def test_a_letter_and_the_change_it_tells_of_are_kept_together_or_not_at_all(
    fabrique: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = invite(fabrique.bob, ADA)
    mails()

    class PowerCut(Exception):
        pass

    def cut() -> None:
        with transaction.atomic():
            change(fabrique.bob, entry, summary="Jamais")
            raise PowerCut

    with pytest.raises(PowerCut):
        cut()
    entry.refresh_from_db()
    assert entry.summary == "Réunion"
    assert mails() == []


# The page of a guest -------------------------------------------------------------------------------------------------


def address_of(cast: Cast, entry: Entry, address: str = ADA) -> str:
    with scope(cast.fabrique):
        link = links_to(entry).get()
        return f"/l/{link.token}/{guest(entry, address).token}/"


def status_of(cast: Cast, entry: Entry, address: str = ADA) -> str:
    with no_scope(), scope(cast.fabrique):
        return guest(entry, address).status


def made_door(cast: Cast, **fields: Any) -> SimpleNamespace:
    with scope(cast.fabrique):
        entry = invite(cast.bob, ADA, **fields)
        mails()
    return SimpleNamespace(entry=entry, url=address_of(cast, entry), client=Client())


def test_opening_a_button_of_the_letter_records_nothing(cast: Cast) -> None:
    door = made_door(cast)
    page = door.client.get(door.url + "?reponse=oui").content.decode()
    assert re.search(r'value="oui" required checked', page)
    assert status_of(cast, door.entry) == "NEEDS-ACTION"


def test_a_guest_answers_changes_their_mind_and_finds_it_again(cast: Cast) -> None:
    door = made_door(cast)
    answered = door.client.post(door.url, {"reponse": "oui", "commentaire": "Avec plaisir"})
    assert answered.status_code == 302
    assert status_of(cast, door.entry) == "ACCEPTED"
    page = door.client.get(door.url).content.decode()
    assert re.search(r'value="oui" required checked', page)
    assert "Avec plaisir" in page
    door.client.post(door.url, {"reponse": "non", "commentaire": ""})
    assert status_of(cast, door.entry) == "DECLINED"
    with scope(cast.fabrique):
        told = [row.text for row in Notification.objects.filter(person=cast.bob).order_by("pk")]
        entry = Entry.objects.get(pk=door.entry.pk)
    assert told == ["ada@example.org vient à « Réunion » – Avec plaisir", "ada@example.org ne vient pas à « Réunion »"]
    assert "PARTSTAT=DECLINED" in entry.data


def test_an_answer_without_a_choice_is_asked_again(cast: Cast) -> None:
    door = made_door(cast)
    answer = door.client.post(door.url, {"commentaire": "peut-être bien"})
    assert answer.status_code == 422
    assert "peut-être bien" in answer.content.decode()


def test_the_organizer_reads_the_answers_on_the_page_of_the_event(cast: Cast) -> None:
    door = made_door(cast)
    door.client.post(door.url, {"reponse": "peut-etre", "commentaire": "Si le train roule"})
    page = cast.client("bob").get(f"/s/la-fabrique/agenda/evenements/{door.entry.pk}/").content.decode()
    assert "1 peut-être" in page
    assert "Si le train roule" in page


def test_the_hours_are_those_of_the_reader(cast: Cast) -> None:
    door = made_door(cast)
    assert "18:30" in door.client.get(door.url).content.decode()
    page = door.client.get(door.url + "?fuseau=Asia/Kolkata").content.decode()
    assert "18:30" not in page
    assert "Kolkata (UTC+05:30)" in page


def test_a_guest_takes_the_event_home(cast: Cast) -> None:
    door = made_door(cast)
    answer = door.client.get(door.url + "evenement.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert f"UID:{door.entry.uid}" in answer.content.decode()
    assert "METHOD" not in answer.content.decode()


def test_another_time_is_proposed_and_taken_in_one_click(cast: Cast) -> None:
    door = made_door(cast)
    day = (datetime.now() + timedelta(days=9)).date()
    sent = door.client.post(
        door.url + "proposer/", {"day": day.isoformat(), "clock": "20:15", "comment": "Je finis tard"}
    )
    assert sent.status_code == 302, sent.content.decode()
    page_url = f"/s/la-fabrique/agenda/evenements/{door.entry.pk}/"
    page = cast.client("bob").get(page_url).content.decode()
    assert "20:15" in page
    with scope(cast.fabrique):
        row = guest(door.entry)
        assert Entry.objects.get(pk=door.entry.pk).first == door.entry.first
    taken = cast.client("bob").post(
        f"{page_url}horaires/{row.pk}/",
        {"decision": "prendre"},
    )
    assert taken.status_code == 302
    with scope(cast.fabrique):
        moved = Entry.objects.get(pk=door.entry.pk)
        assert moved.first is not None
        assert moved.last is not None
        assert moved.last - moved.first == timedelta(hours=1)
        assert guest(moved).proposed_start is None
        (mail,) = mails()
    assert "20:15" in plain(mail)


def test_a_moment_past_is_no_proposal(cast: Cast) -> None:
    door = made_door(cast)
    sent = door.client.post(door.url + "proposer/", {"day": "2020-01-01", "clock": "20:15", "comment": "Hier"})
    assert sent.status_code == 422
    assert "Hier" in sent.content.decode()


def test_what_is_over_takes_no_answer(fabrique: Cast) -> None:
    entry = invite(fabrique.bob, ADA, days=-2)
    with pytest.raises(Conflict):
        answering.answer(guest=guest(entry), status="ACCEPTED")


def test_a_wrong_or_old_token_opens_nothing(cast: Cast) -> None:
    door = made_door(cast)
    head, token = door.url.rstrip("/").rsplit("/", 1)
    other = made_door(cast)
    assert door.client.get(f"{head}/").status_code == 404
    assert door.client.get(f"{head}/{'0' * 32}/").status_code == 404
    assert door.client.get(f"{head}/{other.url.rstrip('/').rsplit('/', 1)[1]}/").status_code == 404
    assert door.client.post(f"{head}/{token}x/", {"reponse": "oui"}).status_code == 404
    with scope(cast.fabrique):
        remove(cast.bob, door.entry)
    assert door.client.get(door.url).status_code == 404


def test_who_guesses_tokens_waits(cast: Cast) -> None:
    door = made_door(cast)
    head = door.url.rstrip("/").rsplit("/", 1)[0]
    statuses = {door.client.get(f"{head}/{number:032x}/").status_code for number in range(40)}
    assert statuses == {404, 429}


def test_a_person_with_a_login_answers_on_the_page_of_the_event(cast: Cast) -> None:
    with scope(cast.fabrique):
        entry = invite(cast.bob, cast.manon.email, into=calendar(cast.bob))
    url = f"/s/la-fabrique/agenda/evenements/{entry.pk}/"
    assert "reponse" in cast.client("manon").get(url).content.decode()
    assert "reponse" not in cast.client("alice").get(url).content.decode()
    cast.client("manon").post(url + "repondre/", {"reponse": "oui", "commentaire": ""})
    assert status_of(cast, entry, cast.manon.email) == "ACCEPTED"
    cast.client("alice").post(url + "repondre/", {"reponse": "non"})
    assert status_of(cast, entry, cast.manon.email) == "ACCEPTED"


def test_another_structure_answers_nothing_here(cast: Cast) -> None:
    with scope(cast.fabrique):
        entry = invite(cast.bob, ADA)
        row = guest(entry)
    url = f"/s/l-atelier/agenda/evenements/{entry.pk}/"
    assert cast.client("charlie").post(url + "repondre/", {"reponse": "oui"}).status_code == 404
    assert cast.client("charlie").post(f"{url}horaires/{row.pk}/", {"decision": "prendre"}).status_code == 404
    assert status_of(cast, entry) == "NEEDS-ACTION"


def test_the_form_writes_to_guests_unless_told_not_to(cast: Cast) -> None:
    with scope(cast.fabrique):
        into = own_calendar(cast.bob)
    day = (datetime.now() + timedelta(days=3)).date().isoformat()
    form = {
        "summary": "Atelier", "calendar": into.pk, "start_day": day, "start_time": "10:00", "end_time": "11:00",
        "interval": "1", "addresses": f"Ada <{ADA}>",
    }  # fmt: skip
    url = "/s/la-fabrique/agenda/nouveau/"
    assert cast.client("bob").post(url, form).status_code == 302
    assert mails() == []
    assert cast.client("bob").post(url, form | {"tells": "on"}).status_code == 302
    assert [mail["To"].addresses[0].addr_spec for mail in mails()] == [ADA]
