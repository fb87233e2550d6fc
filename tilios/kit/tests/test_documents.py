"""What documents may put on a page, what kind they are, how their text is told: rules, for any bytes."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilios.kit.documents import cleaning, texts
from tilios.kit.documents.kinds import CONVERTED, READ, Kind, kind_of

PIECES = st.sampled_from(
    [
        *(
            "<script>",
            "</script>",
            "<img src=x onerror=alert(1)>",
            "<iframe src=//evil>",
            "<style>",
            "</style>",
            "<svg>",
        ),
        *("<a href='javascript:alert(1)'>", "<a href=https://example.org>", "</a>", "<p class=button id=main>", "</p>"),
        *("<form action=/>", "<input>", "<math>", "<b onclick=x()>", "</b>", "<table>", "<td>", "<!--", "-->", "<h1>"),
        *("<template>", "<noscript>", "texte", "&lt;script&gt;", "<meta http-equiv=refresh>", "<base href=//evil>"),
    ]
)


@given(st.lists(PIECES, max_size=20).map("".join))
def test_nothing_that_acts_comes_out_of_cleaning(source: str) -> None:
    clean = cleaning.clean(cleaning.lowered(source)).lower()
    tags = "".join(re.findall("<[^>]*>", clean))  # beside them is text, which may say anything
    for forbidden in ("<script", "<img", "<iframe", "<style", "<svg", "<form", "<input", "<base", "<meta", "<h1"):
        assert forbidden not in clean
    for attribute in (" onerror", " onclick", " class=", " id=", " style=", '"javascript:'):
        assert attribute not in tags


@given(st.lists(PIECES, max_size=20).map("".join))
def test_what_is_clean_is_well_formed_and_stays_as_it_is(source: str) -> None:
    clean = cleaning.clean(source)
    assert cleaning.is_shallow(clean)
    assert cleaning.clean(clean) == clean


@pytest.mark.parametrize("html", ["<ul>" * 200 + "</ul>" * 200, "<ul></b><ul></b>", "<p>", "a < b", '<a href="<p>">'])
def test_what_is_deep_or_ill_formed_is_told(html: str) -> None:
    assert not cleaning.is_shallow(html)


def test_code_keeps_the_classes_of_its_colours_and_no_other() -> None:
    made = cleaning.clean_code('<span class="hl-k button">def</span> <b class="hl-k">x</b><script>y</script>')
    assert made == '<span class="hl-k">def</span> x'


@given(st.binary(max_size=300))
def test_any_bytes_are_some_text_that_a_database_takes(raw: bytes) -> None:
    text = texts.decode(raw)
    assert "\0" not in text
    assert text == unicodedata.normalize("NFC", text)
    text.encode("utf-8")


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), max_size=200))
def test_utf_8_comes_out_as_it_went_in(text: str) -> None:
    assert texts.decode(text.encode("utf-8-sig")) == unicodedata.normalize("NFC", text).removeprefix("\ufeff")


@pytest.mark.parametrize(
    ("media_type", "name", "kind"),
    [
        ("text/plain", "notes.txt", Kind.TEXT),
        ("text/plain", "notes", Kind.TEXT),
        ("text/plain", "Notes.MD", Kind.MARKDOWN),
        ("text/plain", "main.py", Kind.CODE),
        ("text/plain", "Makefile", Kind.CODE),
        ("text/calendar", "agenda.ics", Kind.TEXT),
        ("application/pdf", "photo.png", Kind.PDF),
        ("image/svg+xml", "logo.svg", Kind.CODE),
        ("image/png", "a.pdf", Kind.IMAGE),
        ("image/tiff", "a.tiff", Kind.OTHER),
        ("application/msword", "a.doc", Kind.OFFICE),
        ("application/octet-stream", "a.docx", Kind.OTHER),
    ],
)
def test_bytes_tell_the_kind_and_names_only_tell_texts_apart(media_type: str, name: str, kind: Kind) -> None:
    assert kind_of(media_type, name) == kind


def test_all_that_is_converted_is_read() -> None:
    assert CONVERTED < READ
