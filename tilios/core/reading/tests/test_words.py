"""The words of documents of every kind, as the programs that people use make them."""

from collections.abc import Callable

import pytest

from tilios.core import reading
from tilios.core.blobs.models import Blob
from tilios.core.reading.tests import samples
from tilios.kit.documents.texts import MOST

Put = Callable[[bytes, str], Blob]


@pytest.mark.parametrize("form", ["docx", "odt", "epub", "pptx", "html"])
def test_a_document_by_pandoc_gives_its_words(put: Put, form: str) -> None:
    name = f"compte-rendu.{form}"
    found = " ".join(reading.text_of(put(samples.written(form), name), name=name).split())
    for words in samples.WORDS:
        assert words in found


@pytest.mark.parametrize("form", ["docx", "odt", "rtf"])
def test_a_document_by_libreoffice_gives_its_words(put: Put, form: str) -> None:
    made = samples.converted(samples.written("odt"), "odt", form) if form != "odt" else samples.written("odt")
    found = " ".join(reading.text_of(put(made, f"lettre.{form}"), name=f"lettre.{form}").split())
    assert "L’été à La Fabrique" in found
    assert "un four à pain" in found


def test_slides_by_libreoffice_give_their_words_slide_by_slide(put: Put) -> None:
    made = samples.converted(samples.written("pptx"), "pptx", "odp")
    assert "un four à pain" in reading.text_of(put(made, "diapos.odp"), name="diapos.odp")


@pytest.mark.parametrize("form", ["csv", "xlsx", "ods"])
def test_a_sheet_gives_the_words_of_its_cells(put: Put, form: str) -> None:
    name = f"liste.{form}"
    found = reading.text_of(put(samples.sheet(form, 30), name), name=name)
    assert "Personne 29 Lyon" in found


def test_a_pdf_gives_the_words_of_all_its_pages(put: Put) -> None:
    found = reading.text_of(put(samples.pdf(3), "livre.pdf"), name="livre.pdf")
    assert "Chapitre 1" in found
    assert "Chapitre 3" in found
    assert "Le fournil ouvre à sept heures." in found


def test_a_message_gives_who_wrote_what_and_the_names_of_what_is_attached(put: Put) -> None:
    found = reading.text_of(put(samples.message(), "message.eml"), name="message.eml")
    for words in ("Alice Moreau", "Réunion d’été", "Voici le compte rendu.", "compte rendu.odt"):
        assert words in found
    assert "alert" not in found


def test_a_page_gives_its_words_and_none_of_its_scripts(put: Put) -> None:
    page = "<html><title>Le four</title><style>p{}</style><script>var x</script><p>ouvre &agrave; 7 h</p></html>"
    assert reading.text_of(put(page.encode(), "page.html"), name="page.html") == "Le four\nouvre à 7 h"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_a_text_is_read_whatever_its_encoding(put: Put, encoding: str) -> None:
    text = "L’été à Dijon : « cœur », 12 €\r\nDeuxième ligne\r\n"
    found = reading.text_of(put(text.encode(encoding), "poème.md"), name="poème.md")
    assert found in (text.replace("\r\n", "\n"), "")  # without its mark, UTF-16 is bytes like others to the sniffer
    assert found or encoding == "utf-16-le"


def test_words_are_composed_and_not_more_than_a_million_characters(put: Put) -> None:
    found = reading.text_of(put(("e\u0301te\u0301 " * 400_000).encode(), "long.txt"), name="long.txt")
    assert found.startswith("été été")
    assert len(found) <= MOST


@pytest.mark.parametrize("name", ["photo.png", "inconnu.bin"])
def test_what_has_no_words_gives_none(put: Put, name: str) -> None:
    assert reading.text_of(put(b"\x89PNG\r\n\x1a\n" + bytes(200), name), name=name) == ""


def test_what_is_not_what_its_name_says_gives_none(put: Put) -> None:
    assert reading.text_of(put(b"%PDF-1.7\nrien du tout", "faux.pdf"), name="faux.pdf") == ""
