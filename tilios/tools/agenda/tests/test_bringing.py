"""Files of calendars and contacts brought in: told first, done, undone; nothing there is changed."""

import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tilios.core.structures.scope import scope
from tilios.tools.agenda.models import Attendee, Card, Entry, Item, Nature
from tilios.tools.agenda.tests import writing
from tilios.tools.agenda.tests.contract import calendar, card, event

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
BRING = "/s/la-fabrique/agenda/apporter/"


@pytest.fixture
def alice(cast: "Cast") -> Client:
    return cast.client("alice")


def places(cast: "Cast") -> dict[str, int]:
    with scope(cast.fabrique):
        return {"agenda": calendar(cast.alice).pk, "carnet": calendar(cast.alice, Nature.BOOK).pk}


def sent(name: str, text: str | bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)


def tried(client: Client, where: dict[str, Any], *files: SimpleUploadedFile) -> Any:
    return client.post(BRING, {**where, "file": list(files)})


def done(client: Client, where: dict[str, Any], trial: Any) -> Any:
    return client.post(BRING, {**where, "held": trial.context["held"], "confirm": "1"})


def test_a_trial_counts_and_keeps_nothing_then_it_is_done(cast: "Cast", alice: Client) -> None:
    where = places(cast)
    files = [sent("a.ics", writing.event("un", "Chorale")), sent("b.vcf", writing.card("deux", "Ada Lovelace"))]
    trial = tried(alice, where, *files)
    assert trial.status_code == 200
    assert "Nouveaux événements" in trial.content.decode()
    with scope(cast.fabrique):
        assert not Entry.objects.exists()
    assert done(alice, where, trial).status_code == 302
    with scope(cast.fabrique):
        assert [one.summary for one in Entry.objects.all()] == ["Chorale"]
        assert [one.full_name for one in Card.objects.all()] == ["Ada Lovelace"]


def test_what_is_there_already_stays_as_it_is(cast: "Cast", alice: Client) -> None:
    where = places(cast)
    with scope(cast.fabrique):
        there, known = event(cast.alice, "Chez nous"), card(cast.alice, "Zoé Durand")
    files = (
        sent("a.ics", writing.event(there.uid, "D'ailleurs") + writing.event("neuf", "Neuf")),
        sent("b.vcf", writing.card(known.uid, "Une Autre")),
    )
    trial = tried(alice, where, *files)
    assert (trial.context["plan"].events_there, trial.context["plan"].cards_there) == (1, 1)
    done(alice, where, trial)
    with scope(cast.fabrique):
        assert sorted(Entry.objects.values_list("summary", flat=True)) == ["Chez nous", "Neuf"]
        assert [one.full_name for one in Card.objects.all()] == ["Zoé Durand"]


def test_an_archive_of_files_is_read(cast: "Cast", alice: Client) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("Takeout/Agenda/moi.ics", writing.event("un") + writing.event("deux"))
        archive.writestr("Takeout/Contacts/tous.vcf", writing.card("trois") + writing.card("quatre", "Ada"))
        archive.writestr("Takeout/lisez-moi.html", "<p>rien</p>")
    where = places(cast)
    trial = tried(alice, where, sent("takeout.zip", out.getvalue()))
    assert (len(trial.context["plan"].events), len(trial.context["plan"].cards)) == (2, 2)


def test_what_cannot_be_read_is_told_with_its_line_and_the_rest_is_taken(cast: "Cast", alice: Client) -> None:
    broken = writing.event("cassé").replace("DTSTART:20261201T090000Z", "DTSTART:jamais")
    where = places(cast)
    trial = tried(alice, where, sent("a.ics", writing.event("bon") + broken), sent("photo.png", b"\x89PNG"))
    faults = trial.context["faults"]
    assert {one.file for one in faults} == {"a.ics", "photo.png"}
    assert next(one.line for one in faults if one.file == "a.ics") > 10
    assert len(trial.context["plan"].events) == 1


@pytest.mark.parametrize("content", [b"", b"n'importe quoi", b"PK\x03\x04 abime", b"BEGIN:VCALENDAR"])
def test_a_file_with_nothing_in_it_is_refused_with_a_sentence(cast: "Cast", alice: Client, content: bytes) -> None:
    answer = tried(alice, places(cast), sent("a.ics", content or b"\n"))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_undo_takes_out_what_was_brought_and_nobody_changed(cast: "Cast", alice: Client) -> None:
    where = places(cast)
    trial = tried(alice, where, sent("a.ics", writing.event("un") + writing.event("deux")))
    page = alice.get(done(alice, where, trial).headers["Location"])
    with scope(cast.fabrique):
        Entry.objects.filter(uid="deux").update(editor=cast.bob)
    undo = page.context["shell"].undo
    alice.post(undo["url"], {"token": undo["token"]})
    with scope(cast.fabrique):
        assert list(Entry.objects.values_list("uid", flat=True)) == ["deux"]


def test_who_is_invited_is_kept(cast: "Cast", alice: Client) -> None:
    where = places(cast)
    more = "ATTENDEE;CN=Bob:mailto:bob.lambert@example.org\r\n"
    done(alice, where, tried(alice, where, sent("a.ics", writing.event("un", more=more))))
    with scope(cast.fabrique):
        assert Attendee.objects.get().person_id == cast.bob.pk


def test_phones_are_told_of_what_was_brought_in(cast: "Cast", alice: Client) -> None:
    where = places(cast)
    with scope(cast.fabrique):
        before = Item.objects.get(pk=where["agenda"]).number
    done(alice, where, tried(alice, where, sent("a.ics", writing.event("un"))))
    with scope(cast.fabrique):
        after = Item.objects.get(pk=where["agenda"]).number
        assert after > before
        assert Entry.objects.get().number == after


def test_files_of_somebody_elses_trial_are_not_read(cast: "Cast", alice: Client) -> None:
    where = places(cast)
    trial = tried(alice, where, sent("a.ics", writing.event("un")))
    assert done(cast.client("manon"), where, trial).status_code == 422
    forged = {**where, "held": "1:abc:def", "confirm": "1"}
    assert alice.post(BRING, forged).status_code == 422
    with scope(cast.fabrique):
        assert not Entry.objects.exists()


def test_nothing_enters_a_calendar_where_one_may_not_add(cast: "Cast", alice: Client) -> None:
    where = places(cast)
    answer = tried(cast.client("gus"), where, sent("a.ics", writing.event("un")))
    assert answer.status_code == 422
    with scope(cast.fabrique):
        assert not Entry.objects.exists()
