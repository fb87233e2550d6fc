"""A document is read once, in the background, for everybody; a failing one fails once."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from tilios.core import reading
from tilios.core.blobs import actions as blobs
from tilios.core.blobs.models import Blob
from tilios.core.reading import actions, following, jailing, jobs
from tilios.core.reading.models import VERSION, Reading, State
from tilios.core.reading.tests import samples
from tilios.kit.documents.problems import Problem

Put = Callable[[bytes, str], Blob]
Work = Callable[[], int]


@pytest.fixture
def heard() -> Iterator[list[Blob]]:
    """The blobs that a follower was told about."""
    found: list[Blob] = []
    follower = found.append
    reading.follow(follower)
    yield found
    following._callbacks.remove(follower)


def test_asked_twice_it_is_read_once_and_who_follows_is_told(put: Put, work: Work, heard: list[Blob]) -> None:
    blob = put("Le four à pain".encode(), "four.txt")
    assert not reading.ask(blob, name="four.txt")
    assert not reading.ask(blob, name="autre nom.txt")
    assert reading.text(blob) == ""
    assert work() == 1
    assert reading.text(blob) == "Le four à pain"
    assert heard == [blob]
    assert reading.ask(blob, name="four.txt")
    assert work() == 0


def test_a_follower_reads_the_words_when_it_is_told(put: Put, work: Work) -> None:
    words = []
    follower = lambda blob: words.append(reading.text(blob))  # noqa: E731
    reading.follow(follower)
    try:
        reading.ask(put(b"le four", "four.txt"), name="four.txt")
        work()
    finally:
        following._callbacks.remove(follower)
    assert words == ["le four"]


def test_a_follower_that_fails_keeps_nobody_from_the_words(put: Put, work: Work, heard: list[Blob]) -> None:
    def fail(blob: Blob) -> None:
        Reading.objects.filter(blob=blob).update(text="écrasé")
        raise RuntimeError("a fault of a tool")

    following._callbacks.insert(0, fail)
    try:
        blob = put(b"le four", "four.txt")
        reading.ask(blob, name="four.txt")
        work()
    finally:
        following._callbacks.remove(fail)
    assert reading.text(blob) == "le four"
    assert heard == [blob]


def test_what_is_rolled_back_was_never_asked(put: Put, work: Work) -> None:
    blob = put(b"le four", "four.txt")
    with transaction.atomic():
        reading.ask(blob, name="four.txt")
        transaction.set_rollback(True)
    assert work() == 0
    assert not Reading.objects.exists()


def test_what_has_no_words_is_not_read(put: Put, work: Work) -> None:
    assert reading.ask(put(bytes(300), "inconnu.bin"), name="inconnu.bin")
    assert work() == 0


def test_a_document_that_fails_says_why_and_fails_once(put: Put, work: Work, heard: list[Blob]) -> None:
    blob = put(b"%PDF-1.7 rien", "faux.pdf")
    reading.ask(blob, name="faux.pdf")
    work()
    row = Reading.objects.get(blob=blob)
    assert (row.state, row.problem) == (State.FAILED, Problem.DAMAGED)
    assert row.get_problem_display()
    assert not reading.ask(blob, name="faux.pdf")
    assert work() == 0
    assert heard == []


def test_a_document_that_ends_the_server_twice_is_left_alone(put: Put, work: Work, monkeypatch: Any) -> None:
    blob = put(b"le four", "four.txt")
    reading.ask(blob, name="four.txt")

    def end(*_arguments: Any) -> None:
        raise SystemExit

    monkeypatch.setattr(jailing, "read", end)
    for _time in range(jobs.MOST_TRIES):
        with pytest.raises(SystemExit):
            jobs.read_blob.call(blob.pk)
    jobs.read_blob.call(blob.pk)
    assert Reading.objects.get(blob=blob).problem == Problem.TOO_HEAVY


def test_what_lacked_a_program_is_read_when_it_is_there(put: Put, work: Work) -> None:
    blob = put(samples.written("docx"), "lettre.docx")
    Reading.objects.create(blob=blob, kind="writing", form="docx", state=State.FAILED, problem=Problem.NO_PROGRAM)
    assert not reading.ask(blob, name="lettre.docx")
    work()
    assert "four à pain" in reading.text(blob)


def test_what_was_read_less_well_is_read_again(put: Put, work: Work) -> None:
    blob = put(b"le four", "four.txt")
    Reading.objects.create(blob=blob, kind="text", form="txt", state=State.DONE, version=VERSION - 1)
    assert not reading.ask(blob, name="four.txt")
    work()
    assert reading.text(blob) == "le four"


def test_reading_waits_behind_what_people_wait_for(put: Put) -> None:
    reading.ask(put(b"le four", "four.txt"), name="four.txt")
    actions.ask_for_pdf(put(samples.written("odt"), "lettre.odt"), name="lettre.odt")
    tasks = [row.task_path.rpartition(".")[2] for row in DBTaskResult.objects.ready()]
    assert tasks[0] == "convert_blob"


def test_it_goes_when_the_blob_goes_with_all_that_was_made_of_it(put: Put, work: Work) -> None:
    from datetime import timedelta

    blob = put(samples.pdf(1), "livre.pdf")
    reading.ask(blob, name="livre.pdf")
    work()
    assert Reading.objects.get(blob=blob).cover is not None
    for _time in range(3):  # what is derived is an orphan once what it derives from is gone
        blobs.collect(older_than=timedelta(0))
    assert not Blob.objects.exists()
    assert not Reading.objects.exists()


def test_an_old_office_document_is_read_through_its_pdf(put: Put, work: Work) -> None:
    blob = put(samples.converted(samples.written("odt"), "odt", "doc"), "lettre.doc")
    reading.ask(blob, name="lettre.doc")
    work()
    row = Reading.objects.get(blob=blob)
    assert "un four à pain" in row.text
    assert row.pdf is not None
    assert row.pdf_state == State.DONE
