"""Framadate's CSV: read in any language and encoding, tried, imported, undone."""

from contextlib import suppress
from datetime import date, time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import Cast
from tilios.core.errors import Invalid
from tilios.core.journal.models import Entry
from tilios.core.structures.scope import scope
from tilios.kit.refusals import Refusal
from tilios.tools.polls import actions, framadate, queries
from tilios.tools.polls.models import Ballot, Origin, Poll

URL = "/s/la-fabrique/sondages/importer/"

DATES = """,vendredi 12 juin 2026,vendredi 12 juin 2026,"samedi 13 juin 2026",\r
,18h-20h,20h30,matin,\r
"Alice Martin",Oui,Si nécessaire,Non,\r
Bob,Non,Oui,Inconnu,\r
"""
CHOICE = ",Rouge,Bleu,\r\nAlice,Yes,No,\r\nBob,Ifneedbe,Yes,\r\n"


def test_a_date_poll_has_its_days_hours_and_votes() -> None:
    reading = framadate.read(DATES.encode())
    assert reading.is_dates
    assert not reading.faults
    assert [(draft.day, draft.start, draft.end, draft.label) for draft in reading.drafts] == [
        (date(2026, 6, 12), time(18), time(20), ""),
        (date(2026, 6, 12), time(20, 30), None, ""),
        (date(2026, 6, 13), None, None, "matin"),
    ]
    assert [(voter.name, voter.marks) for voter in reading.voters] == [
        ("Alice Martin", {0: 2, 1: 1, 2: 0}), ("Bob", {0: 0, 1: 2}),
    ]  # fmt: skip


def test_a_date_poll_without_hours_has_no_second_line_to_lose() -> None:
    reading = framadate.read(b",2026-06-12,2026-06-13,\n,,,\nAlice,Oui,Non,\n")
    assert [draft.day for draft in reading.drafts] == [date(2026, 6, 12), date(2026, 6, 13)]
    assert len(reading.voters) == 1


def test_a_choice_poll_in_english() -> None:
    reading = framadate.read(CHOICE.encode())
    assert not reading.is_dates
    assert [draft.label for draft in reading.drafts] == ["Rouge", "Bleu"]
    assert [voter.marks for voter in reading.voters] == [{0: 2, 1: 0}, {0: 1, 1: 2}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";"])
def test_any_encoding_and_separator(encoding: str, separator: str) -> None:
    text = "\r\n".join([",Été,Hiver", "Zoé,Oui,Si nécessaire", "Éric,Non,Oui"]).replace(",", separator)
    reading = framadate.read(text.encode(encoding))
    assert [voter.name for voter in reading.voters] == ["Zoé", "Éric"]
    assert reading.voters[0].marks == {0: 2, 1: 1}


@pytest.mark.parametrize(
    ("yes", "maybe", "no"),
    [("Oui", "Si nécessaire", "Non"), ("Yes", "Ifneedbe", "No"), ("Yes", "Under reserve", "No"),
     ("Ja", "Wenn notwendig", "Nein"), ("Sí", "Si es necesario", "No"), ("Sì", "Se necessario", "No")],
)  # fmt: skip
def test_the_words_of_each_language(yes: str, maybe: str, no: str) -> None:
    reading = framadate.read(f",A,B,C\nZoé,{yes},{maybe},{no}\n".encode())
    assert reading.voters[0].marks == {0: 2, 1: 1, 2: 0}


def test_each_fault_is_said_with_its_line_and_the_others_are_read() -> None:
    text = ",Rouge,Bleu\nAlice,Oui,Peut être bien\n,Oui,Non\nBob,Oui,Non\nbob,Non,Non\nZoé,Oui,Non,Oui\n"
    reading = framadate.read(text.encode())
    assert [fault.line for fault in reading.faults] == [2, 3, 5, 6]
    assert [voter.name for voter in reading.voters] == ["Bob"]
    assert "Peut être bien" in reading.faults[0].message


@pytest.mark.parametrize("content", [b"", b"\n\n", b"nom\nAlice\n", b"%PDF-1.4 rien"])
def test_what_is_no_framadate_file_is_refused(content: bytes) -> None:
    with pytest.raises(Refusal):
        framadate.read(content)


@given(st.binary(max_size=400))
def test_no_bytes_make_it_fail_otherwise(content: bytes) -> None:
    with suppress(Refusal):
        framadate.read(content)


# Importing


def test_an_import_makes_the_poll_with_its_votes_and_tells_nobody(fabrique: Cast) -> None:
    poll = actions.import_poll(
        by=fabrique.alice, reading=framadate.read(DATES.encode()), title="Importé", timezone="Europe/Paris"
    )
    assert poll.options.count() == 3
    assert {ballot.name: ballot.origin for ballot in Ballot.objects.all()} == {
        "Alice Martin": Origin.IMPORTED, "Bob": Origin.IMPORTED,
    }  # fmt: skip
    count = queries.result_of(poll, queries.options_of(poll))
    assert [row.counts for row in count.rows] == [(1, 0, 1), (1, 1, 0), (0, 0, 1)]
    assert Entry.objects.order_by("-pk")[0].data == {"ballots": 2, "left_out": 0}


def test_faults_refuse_the_whole_unless_they_are_left_out(fabrique: Cast) -> None:
    reading = framadate.read((CHOICE + "Zoé,Peut-être pas,Oui\n").encode())
    given = {"by": fabrique.alice, "reading": reading, "title": "Importé", "timezone": "Europe/Paris"}
    with pytest.raises(Invalid):
        actions.import_poll(**given)
    assert not Poll.objects.exists()
    poll = actions.import_poll(**given, anyway=True, closed=True)
    assert not poll.is_open
    assert poll.ballots.count() == 2


def test_a_column_with_no_date_is_left_out_with_its_answers(fabrique: Cast) -> None:
    text = ",2026-06-12,bientôt,2026-06-13\nAlice,Oui,Oui,Non\n"
    reading = framadate.read(text.encode())
    poll = actions.import_poll(
        by=fabrique.alice, reading=reading, title="Importé", timezone="Europe/Paris", anyway=True
    )
    assert [option.day for option in poll.options.all()] == [date(2026, 6, 12), date(2026, 6, 13)]
    assert sorted(Ballot.objects.get().marks.values_list("value", flat=True)) == [0, 2]


def test_columns_that_say_the_same_become_one_option(fabrique: Cast) -> None:
    reading = framadate.read(b",Rouge,rouge\nAlice,Oui,Non\n")
    poll = actions.import_poll(by=fabrique.alice, reading=reading, title="Importé", timezone="Europe/Paris")
    assert poll.options.count() == 1
    assert Ballot.objects.get().marks.get().value == 2


def test_the_page_tries_then_imports_then_undoes(cast: Cast) -> None:
    client = cast.client("bob")
    sent = {"title": "Importé", "timezone": "Europe/Paris"}
    assert client.post(URL, sent).status_code == 422
    wrong = client.post(URL, sent | {"file": SimpleUploadedFile("x.csv", b"%PDF-1.4")})
    assert wrong.status_code == 422
    file = SimpleUploadedFile("x.csv", (CHOICE + "Zoé,Oui,Bof\n").encode())
    trial = client.post(URL, sent | {"file": file}).content.decode()
    assert "Bof" in trial
    with scope(cast.fabrique):
        assert not Poll.objects.exists()
    content = trial.split('name="content" value="')[1].split('"')[0]
    again = sent | {"content": content, "import": "1"}
    assert client.post(URL, again).status_code == 422
    done = client.post(URL, again | {"anyway": "on"}, follow=True).content.decode()
    with scope(cast.fabrique):
        assert Poll.objects.get().ballots.count() == 2
        assert Entry.objects.filter(verb="polls.imported").get().door == "import"
    token = done.split('name="token" value="')[1].split('"')[0]
    action = done.split('name="token"')[0].rsplit('action="', 1)[1].split('"')[0]
    client.post(action, {"token": token})
    with scope(cast.fabrique):
        assert not queries.visible_polls(cast.bob).exists()
    assert client.post(URL, sent | {"content": "pas du base64", "import": "1"}).status_code == 422
