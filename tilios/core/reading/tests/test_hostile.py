"""Documents that mean harm cost a bounded time, are said to be what they are, and show nothing of the server."""

import time
from collections.abc import Callable

import pytest

from tilios.core.blobs.models import Blob
from tilios.core.reading import jailing
from tilios.core.reading.tests import hostile, samples
from tilios.kit.documents import kinds
from tilios.kit.documents.problems import Problem, Unreadable

Put = Callable[[bytes, str], Blob]


def read(blob: Blob, name: str) -> str:
    """Its words, or why there are none."""
    kind, form = kinds.kind_of(blob.media_type, name), kinds.format_of(blob.media_type, name)
    try:
        return str(jailing.read(blob, kind, form)["text"])
    except Unreadable as unreadable:
        return unreadable.problem


@pytest.mark.parametrize(
    ("name", "make", "expected"),
    [
        ("bombe.docx", hostile.zip_bomb, {Problem.TOO_HEAVY}),
        ("menteur.docx", hostile.lying_bomb, {Problem.TOO_HEAVY, Problem.DAMAGED}),
        ("rires.docx", hostile.laughing_docx, {Problem.TOO_HEAVY, Problem.DAMAGED}),
        ("rires.pptx", hostile.laughing_pptx, {Problem.DAMAGED}),
        ("sans-fin.xlsx", hostile.endless_xlsx, {Problem.TOO_HEAVY}),
        ("profond.eml", hostile.deep_message, {Problem.DAMAGED, Problem.TOO_HEAVY}),
    ],
)
def test_what_would_unfold_without_end_is_refused_in_time(
    put: Put, name: str, make: Callable[[], bytes], expected: set[Problem]
) -> None:
    blob = put(make(), name)
    started = time.monotonic()
    found = read(blob, name)
    assert time.monotonic() - started < jailing.READING.wall_s + 10
    assert found in expected or (name == "profond.eml" and "profond" in found), found[:200]


@pytest.mark.parametrize(("name", "make"), [("profond.html", hostile.deep_html), ("profond.md", hostile.deep_markdown)])
def test_what_is_nested_without_end_ends(put: Put, name: str, make: Callable[[], bytes]) -> None:
    blob = put(make(), name)
    started = time.monotonic()
    found = read(blob, name)
    assert time.monotonic() - started < jailing.READING.wall_s + 10
    assert "au fond" in found or found in set(Problem)


def test_of_ten_thousand_pages_the_first_are_read(put: Put) -> None:
    blob = put(hostile.long_pdf(10_000), "annuaire.pdf")
    started = time.monotonic()
    found = jailing.read(blob, kinds.Kind.PDF, "pdf")
    assert time.monotonic() - started < jailing.READING.wall_s
    assert found["pages"] == 10_000
    assert "Le fournil de la cooperative" in found["text"]
    assert len(found["text"]) <= 1_000_000


def test_a_document_that_asks_for_a_file_of_the_server_is_not_given_it(put: Put) -> None:
    blob = put(hostile.prying_odt(), "curieux.odt")
    made = jailing.pdf_of(blob, kinds.Kind.WRITING, "odt")
    words = read(put(made, "curieux.pdf"), "curieux.pdf")
    assert "Avant" in words
    assert "Après" in words
    assert "root:" not in words
    assert "root:" not in read(blob, "curieux.odt")


def test_without_strong_walls_no_office_document_is_converted(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jailing.jail, "walls", lambda: jailing.jail.Walls.NAMESPACES)
    jailing.can_convert.cache_clear()
    try:
        with pytest.raises(Unreadable) as refused:
            jailing.pdf_of(put(samples.written("odt"), "a.odt"), kinds.Kind.WRITING, "odt")
        assert refused.value.problem == Problem.NO_PROGRAM
    finally:
        monkeypatch.undo()
        jailing.can_convert.cache_clear()


def test_a_password_is_said_to_be_one(put: Put) -> None:
    assert read(put(samples.pdf_with_password(), "clos.pdf"), "clos.pdf") == Problem.PASSWORD


def test_bytes_that_are_gone_are_said_to_be(put: Put) -> None:
    from tilios.core.blobs.storage import blob_storage

    blob = put(b"un texte", "texte.txt")
    blob_storage().delete(blob.path)
    assert read(blob, "texte.txt") == Problem.GONE


def test_a_document_larger_than_is_read_is_not(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jailing, "MOST_BYTES", 1000)
    assert read(put(samples.pdf(1), "gros.pdf"), "gros.pdf") == Problem.TOO_LARGE
