"""What comes in is bounded: it is read in time, or refused with a reason."""

import io
import re
import time
import zipfile
from collections.abc import Callable

import pytest

from tilios.core.documents.converting import bring_in, bringing, carrying_odt, export
from tilios.core.documents.tree import Node, Run
from tilios.kit.documents.problems import Problem, Unreadable

ODT, DOCX = "<text:p>Quelques mots.</text:p>", "<w:p><w:r><w:t>Quelques mots.</w:t></w:r></w:p>"


def office(form: str, body: str) -> bytes:
    """A document of ours whose text is `body`."""
    name, pattern = {
        "odt": ("content.xml", r"(<office:text>).*(</office:text>)"),
        "docx": ("word/document.xml", r"(<w:body>).*(<w:sectPr)"),
    }[form]
    made = io.BytesIO()
    doc = Node("doc", {}, [Node("paragraph", {}, [Run("x")])])
    whole = export(doc, form, title="T", picture=lambda _number: None).data
    with zipfile.ZipFile(io.BytesIO(whole)) as before, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.infolist():
            content = before.read(part)
            if part.filename == name:
                text = re.sub(pattern, lambda found: found[1] + body + found[2], content.decode(), flags=re.DOTALL)
                content = text.encode()
            after.writestr(part.filename, content)
    return made.getvalue()


def lists(depth: int) -> str:
    return "<text:list><text:list-item>" * depth + ODT + "</text:list-item></text:list>" * depth


def bomb(name: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, b"<a>" + b" " * (70 * 2**20) + b"</a>")
    return made.getvalue()


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: office("odt", lists(400)), "a.odt"),
        (lambda: office("odt", lists(60)), "a.odt"),
        (lambda: office("odt", ODT * (carrying_odt.MOST_PARAGRAPHS + 1)), "a.odt"),
        (lambda: office("docx", "<w:tbl><w:tr><w:tc>" * 400 + DOCX + "</w:tc></w:tr></w:tbl>" * 400), "a.docx"),
        (lambda: bomb("content.xml"), "a.odt"),
        (lambda: bomb("word/document.xml"), "a.docx"),
        (lambda: b"".join(b"  " * depth + b"- a\n" for depth in range(400)), "a.md"),
        (lambda: b"<ul><li>" * 400, "a.html"),
        (lambda: b"<blockquote>" * 100_000, "a.html"),
    ],
    ids=["lists", "some lists", "paragraphs", "tables", "odt bomb", "docx bomb", "md", "html lists", "html quotes"],
)
def test_what_would_take_for_ever_is_refused_at_once(make: Callable[[], bytes], name: str) -> None:
    data = make()
    begun = time.monotonic()
    with pytest.raises(Unreadable) as refused:
        bring_in(data, name)
    assert refused.value.problem == Problem.TOO_HEAVY
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize("name", ["a.html", "a.txt"])
def test_a_text_too_long_is_refused_rather_than_cut(name: str) -> None:
    with pytest.raises(Unreadable) as refused:
        bring_in(b"<p>Quelques mots.</p>\n\n" * 900_000, name)
    assert refused.value.problem == Problem.TOO_LARGE
    whole = b"<p>mots</p>\n\n" * 100_000
    assert 1_000_000 < len(whole) < bringing.MOST_CHARACTERS
    assert len(bring_in(whole, name).nodes) == 100_000


@pytest.mark.parametrize("form", sorted(bringing.READS))
def test_no_file_is_larger_than_is_read(form: str) -> None:
    with pytest.raises(Unreadable) as refused:
        bring_in(bytes(bringing.MOST_BYTES + 1), f"a.{form}")
    assert refused.value.problem == Problem.TOO_LARGE


def test_a_document_of_a_hundred_thousand_paragraphs_comes_in() -> None:
    assert len(bring_in(office("docx", DOCX * 100_000), "a.docx").nodes) == 100_000


def test_lists_as_deep_as_libreoffice_makes_them_come_in() -> None:
    node = bring_in(office("odt", lists(10)), "a.odt").nodes[0]
    depth = 0
    while node.kind != "paragraph":
        depth += node.kind in ("bulletList", "orderedList")
        node = list(node.nodes())[-1]
    assert depth == 10
