"""A text as PDF: its words, its structure for screen readers, its notes at the foot of the page."""

import ctypes
import io
import re
from typing import Any

import pypdfium2
import pypdfium2.raw as raw
import pytest
from PIL import Image

from tilios.core.documents import formulas, printing
from tilios.core.documents.building import build
from tilios.core.documents.converting import FORMATS, export, formats
from tilios.core.documents.tree import Node, Run
from tilios.kit.documents.problems import Problem, Unreadable

HTML = """
<h2>Ouverture</h2><p>Un <strong>mot</strong><span data-footnote>La source de tout.</span>.</p>
<h2>Décisions</h2><ul data-type="taskList"><li data-checked="true"><p>fait</p></li>
<li data-checked="false"><p>reste</p></li></ul>
<h2>Comptes</h2><table><tr><th>Poste</th><th>Montant</th></tr>{rows}</table>
<h3>Formule</h3><p>Soit <span data-math="x^2"></span> <span data-math="\\frac{{"></span>.</p>
<aside data-tone="warning"><p>Le loyer monte.</p></aside><hr data-page-break><h2>Annexe</h2><p>Fin.</p>
"""


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (96, 48), "teal").save(file, "PNG")
    return file.getvalue()


def paged(nodes: list[Node], **about: str) -> bytes:
    data = picture()
    given = {"title": "Conseil d’été", "author": "Alice Moreau", "structure": 'La « Fabrique »"} *{', **about}
    doc = Node("doc", {}, [*nodes])
    return export(doc, "pdf", picture=lambda number: (data, "image/png") if number == 1 else None, **given).data


def pages(data: bytes) -> list[str]:
    """The words of each page."""
    with pypdfium2.PdfDocument(data) as document:
        return [page.get_textpage().get_text_range() for page in document]


@pytest.fixture(scope="module")
def made() -> bytes:
    rows = "".join(f"<tr><td>Loyer {number}</td><td>300 €</td></tr>" for number in range(60))
    image = Node("image", {"file": 1, "alt": "Un plan", "caption": "Le plan", "width": 96})
    return paged([*build(HTML.format(rows=rows)), image, Node("file", {"file": 9, "name": "comptes.ods"})])


def test_pages_are_numbered_and_say_whose_they_are(made: bytes) -> None:
    found = pages(made)
    assert len(found) > 2
    for number, words in enumerate(found, 1):
        assert f"{number} / {len(found)}" in words
        assert ('La « Fabrique »"} *{' in words) == (number > 0)
    with pypdfium2.PdfDocument(made) as document:
        about = document.get_metadata_dict()
    assert (about["Title"], about["Author"]) == ("Conseil d’été", "Alice Moreau")


def test_what_is_written_is_there(made: bytes) -> None:
    words = " ".join(pages(made))
    for said in ("☑", "☐", "Le loyer monte.", "Le plan", "comptes.ods", "Loyer 59"):
        assert said in words
    assert "Attention" in words
    assert "\\frac{" in words  # a formula that cannot be read is shown as it was typed


def test_a_note_stands_at_the_foot_of_its_page(made: bytes) -> None:
    first = pages(made)[0]
    assert first.index("La source de tout.") > first.index("Loyer 1")


def test_a_table_says_its_header_again_on_each_page(made: bytes) -> None:
    assert sum("Poste" in words and "Loyer" in words for words in pages(made)) > 1


def test_what_follows_a_page_break_is_on_another_page(made: bytes) -> None:
    last = pages(made)[-1]
    assert "Annexe" in last
    assert "Le loyer monte." not in last


def test_a_long_text_has_contents_with_the_number_of_the_page(made: bytes) -> None:
    first = pages(made)[0]
    assert "Sommaire" in first
    assert re.search(rf"Annexe[ .]*{len(pages(made))}\b", first)
    assert "Sommaire" not in pages(paged(build("<h2>Un</h2><p>a</p>")))[0]
    assert "Contents" in pages(paged(build("<h2>a</h2>" * 4), language="en"))[0]


def tags(data: bytes) -> list[tuple[str, str]]:
    """Each element of the structure that the PDF says, with what it says of a picture."""
    found: list[tuple[str, str]] = []

    def said(element: Any, ask: Any) -> str:
        buffer = ctypes.create_string_buffer(400)
        size = ask(element, buffer, 400)
        return buffer.raw[: max(size - 2, 0)].decode("utf-16-le")

    def walk(element: Any) -> None:
        found.append((said(element, raw.FPDF_StructElement_GetType), said(element, raw.FPDF_StructElement_GetAltText)))
        for index in range(raw.FPDF_StructElement_CountChildren(element)):
            child = raw.FPDF_StructElement_GetChildAtIndex(element, index)
            if child:
                walk(child)

    with pypdfium2.PdfDocument(data) as document:
        assert raw.FPDFCatalog_IsTagged(document.raw)
        for page in document:
            structure = raw.FPDF_StructTree_GetForPage(page.raw)
            for index in range(raw.FPDF_StructTree_CountChildren(structure)):
                walk(raw.FPDF_StructTree_GetChildAtIndex(structure, index))
            raw.FPDF_StructTree_Close(structure)
    return found


def test_it_has_the_tags_that_screen_readers_follow(made: bytes) -> None:
    found = tags(made)
    assert {"H1", "H2", "H3", "P", "L", "LI", "Table", "TR", "TH", "TD"} <= {name for name, _alt in found}
    assert {"Un plan", "Formule\u00a0: x^2"} <= {alt for _name, alt in found}


def test_a_sign_never_begins_a_line_in_french() -> None:
    words = pages(paged(build("<p>« Bonjour » : voilà ! <code>a : b</code></p>")))[0]
    assert "«\u00a0Bonjour\u00a0»\u00a0: voilà\u00a0! a : b" in words
    assert "a ; b" in pages(paged(build("<p>a ; b</p>"), language="en"))[0]


def test_what_is_only_suggested_is_not_printed() -> None:
    mark = {"suggestion": "s", "by": "", "at": ""}
    nodes = [Node("paragraph", {}, [Run("dit"), Run(" peut-être", {"added": mark}), Run(" non", {"removed": mark})])]
    words = pages(paged(nodes))[0]
    assert "dit non" in words
    assert "peut-être" not in words


def test_a_text_beyond_all_paper_is_refused() -> None:
    with pytest.raises(Unreadable) as refused:
        paged([Node("paragraph", {}, [Run("a" * (printing.LONGEST + 1))])])
    assert refused.value.problem == Problem.TOO_LARGE


def test_formulas_are_pictures_with_their_words() -> None:
    drawn = formulas.picture("x^2", display=False)
    assert drawn is not None
    assert drawn[0].startswith(b"<svg")
    assert 0 < drawn[1] < 3
    for tex in ("", "\\frac{", "a" * (formulas.LONGEST + 1)):
        assert formulas.picture(tex, display=True) is None


def test_every_format_can_be_made_here() -> None:
    assert formats() == list(FORMATS)
