"""Documents as PDF: they hold what was written, and ask nothing of anybody."""

import io
import re

import pypdfium2
import pytest
from django.template import engines
from fontTools.ttLib import TTFont

from tilios.ui import pdf

PAGE = """{% extends "ui/print.html" %}{% block heading %}{{ title }}{% endblock %}
{% block content %}<p>{{ words }}</p>{{ more|safe }}{% endblock %}"""


@pytest.fixture
def render(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        pdf, "render_to_string", lambda _name, context: engines["django"].from_string(PAGE).render(context)
    )
    return lambda **context: pdf.render("page", context)


def test_a_document_is_a_pdf_with_our_letters(render) -> None:
    assert pdf.is_available()
    made = render(title="Procès-verbal", words="À l’unanimité, œuvrons.")
    assert made.startswith(b"%PDF-")


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/x.png", "file:///etc/passwd", "tilios-font:../../icons.json"])
def test_words_of_people_make_it_fetch_nothing(render, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    fetcher = pdf._fetcher()
    monkeypatch.setattr(pdf, "_fetcher", lambda _pictures: fetcher)
    real = fetcher.fetch
    monkeypatch.setattr(type(fetcher), "fetch", lambda self, url, headers=None: (asked.append(url), real(url))[1])
    made = render(title="x", words="y", more=f'<img src="{address}">')
    assert made.startswith(b"%PDF-")
    assert address in asked
    with pytest.raises(ValueError, match="not fetched"):
        real(address)


def test_signs_said_to_be_in_our_letters_are_there() -> None:
    """A sign that the font lacks is printed as an empty box, instead of being taken from another font."""
    page = (pdf.FOLDER / "templates/ui/print.html").read_text("utf-8")
    latin = next(rule for rule in page.split("@font-face") if "next-latin-wght" in rule)
    ranges = re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", latin)
    letters = TTFont(pdf.FONTS / "atkinson-hyperlegible-next-latin-wght-normal.woff2").getBestCmap()
    said = {code for first, last in ranges for code in range(int(first, 16), int(last or first, 16) + 1)}
    assert ord("é") in said
    assert {hex(code) for code in said if code >= 0x20A0 and code not in letters} == set()


def test_writing_one_does_not_make_cut_images_welcome(render) -> None:
    from PIL import ImageFile

    render(title="x", words="y")
    assert not ImageFile.LOAD_TRUNCATED_IMAGES


def test_parts_follow_one_another_in_one_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        pdf, "render_to_string", lambda _name, context: engines["django"].from_string(PAGE).render(context)
    )
    laid: list[int] = []
    parts = (({"title": f"Partie {number}", "words": "Œuvrons."}, {}) for number in range(3))
    made = pdf.render_parts("page", parts, laid_out=laid.append)
    with pypdfium2.PdfDocument(io.BytesIO(made)) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    assert laid == [1, 2, 3]
    assert [f"Partie {number}" in page for number, page in enumerate(pages)] == [True] * 3
