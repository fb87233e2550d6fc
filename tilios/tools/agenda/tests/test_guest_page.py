"""The page of a guest, who has no account; the buttons of people who have one; the form of the organizer."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.cast import Cast
from tilios.core.errors import Conflict
from tilios.core.notify.models import Notification
from tilios.core.structures.scope import scope
from tilios.tools.agenda.actions import answering
from tilios.tools.agenda.models import Entry
from tilios.tools.agenda.tests.contract import calendar
from tilios.tools.agenda.tests.inviting import (
    ADA,
    guest,
    invite,
    made_door,
    mails,
    own_calendar,
    plain,
    remove,
    status_of,
)


@pytest.fixture(autouse=True)
def outbox(settings: Any) -> None:
    """Letters go to the real outbox, in the transaction that writes them."""
    settings.EMAIL_BACKEND = "tilios.core.notify.outbox.Backend"


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
    assert "Kolkata (UTC+5:30)" in page


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
