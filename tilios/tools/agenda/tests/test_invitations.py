"""Invitations: who is written to, when, and what."""

import re
from datetime import UTC, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from tests.cast import Cast
from tilios.core.structures.scope import scope
from tilios.kit import ical
from tilios.tools.agenda.actions import answering, writing
from tilios.tools.agenda.actions.entries import put_entry
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import Entry
from tilios.tools.agenda.tests import writing as typed
from tilios.tools.agenda.tests.inviting import (
    ADA,
    calendar_part,
    change,
    draft,
    guest,
    invite,
    jobs,
    later,
    mails,
    own_calendar,
    plain,
    remove,
)


@pytest.fixture(autouse=True)
def outbox(settings: Any) -> None:
    """Letters go to the real outbox, in the transaction that writes them."""
    settings.EMAIL_BACKEND = "tilios.core.notify.outbox.Backend"


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


def test_what_is_put_back_is_told_again_later_than_its_cancellation(cast: Cast) -> None:
    with scope(cast.fabrique):
        entry = invite(cast.bob, ADA)
    mails()
    url = f"/s/la-fabrique/agenda/evenements/{entry.pk}/supprimer/"
    page = cast.client("bob").post(url, {"tells": "on"}, follow=True).content.decode()
    (cancelled,) = mails()
    found = re.search(r'action="([^"]*)">(?:(?!</form>).)*?name="token" value="([^"]+)"', page, re.DOTALL)
    assert found
    cast.client("bob").post(found[1], {"token": found[2]})
    (again,) = mails()
    sequences = [int(re.search(r"SEQUENCE:(\d+)", calendar_part(one)[1])[1]) for one in (cancelled, again)]  # type: ignore[index]
    assert sequences[1] > sequences[0]


def test_what_was_over_and_is_held_again_is_told(fabrique: Cast) -> None:
    entry = invite(fabrique.bob, ADA, days=-3)
    assert mails() == []
    change(fabrique.bob, entry, **later(entry, 24 * 10))
    (mail,) = mails()
    assert calendar_part(mail)[0] == "REQUEST"


def test_an_address_that_is_none_stops_nothing(fabrique: Cast) -> None:
    invite(fabrique.bob, "pas une adresse", ADA)
    assert [mail["To"].addresses[0].addr_spec for mail in mails()] == [ADA]


def test_the_form_leaves_the_guests_of_another_organizer_alone(cast: Cast) -> None:
    with scope(cast.fabrique):
        entry = invite(cast.bob, cast.manon.email, ADA)
        jobs()
        copy = Entry.objects.filter(uid=entry.uid).exclude(pk=entry.pk).get()
    page = cast.client("manon").get(f"/s/la-fabrique/agenda/evenements/{copy.pk}/modifier/").content.decode()
    assert "organise ceci" in page
    assert 'name="addresses"' not in page
    assert 'name="tells"' not in page


def test_somebody_is_invited_to_one_date_alone_and_answers_for_it(fabrique: Cast) -> None:
    entry = invite(fabrique.bob, ADA, rrule="FREQ=WEEKLY")
    mails()
    found = list(ical.occurrences(entry.times, timezone.now(), timezone.now() + timedelta(days=60), zone=UTC))  # type: ignore[arg-type]
    second = found[1].recurrence_id
    both = (ical.Attendee(ADA, is_rsvp=True), ical.Attendee("grace@example.net", is_rsvp=True))

    change(fabrique.bob, entry, "this", second, attendees=both)

    (mail,) = mails()
    assert mail["To"].addresses[0].addr_spec == "grace@example.net"
    assert calendar_part(mail)[1].count("BEGIN:VEVENT") == 1
    answering.answer(guest=guest(entry, "grace@example.net"), status="ACCEPTED")
    entry.refresh_from_db()
    assert ical.statuses(entry.data.encode(), "grace@example.net") == {second.rstrip("Z"): "ACCEPTED"}
    assert guest(entry).status == "NEEDS-ACTION"
