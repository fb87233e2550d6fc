"""Office documents keep what pandoc has no word for, whichever program wrote them, and are good to look at."""

import base64
import io
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from tests.harness import programs
from tilios.core.documents.building import build
from tilios.core.documents.converting import bring_in, carrying, export
from tilios.core.documents.drawing import draw_tree
from tilios.core.documents.tree import Node, Run

FILES = dict.fromkeys((1, 2, 3), ("plan.png", "x", "image/png"))
PAPER = """
<h2>Ordre du jour</h2><p data-align="center">au milieu</p><p data-align="right">à droite</p>
<p data-align="justify">des deux côtés</p>
<p>Un <mark>jaune</mark>, <mark data-colour="green">vert</mark>, <mark data-colour="blue"><strong>bleu</strong></mark>,
<mark data-colour="pink">rose</mark>, <u>souligné</u> <em>et</em> <code>code</code>.</p>
<aside data-tone="info"><p>À savoir.</p></aside><p>Entre deux.</p>
<aside data-tone="warning"><p>Le loyer <strong>monte</strong>.</p><p>En mars.</p></aside>
<aside data-tone="danger"><p>Ne pas toucher.</p></aside><aside data-tone="success"><p>Voté.</p></aside>
<pre>def pain(four):
    return four.cuit()

fin</pre><hr><p>Avant.</p><hr data-page-break><p>Après.</p>
<table><tr><th>Poste</th><th>Montant</th></tr><tr><td>Loyer</td><td data-align="right">300 €</td></tr></table>
<h3>Suite</h3><p>Soit <span data-math="x"></span> la part.</p><div data-math="a + b"></div><p>Fin.</p>
"""


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (96, 48), "teal").save(file, "PNG")
    return file.getvalue()


def out(nodes: list[Node], form: str, **about: str) -> bytes:
    data = picture()
    doc = Node("doc", {}, [*nodes])
    return export(doc, form, title="Conseil", author="Alice", picture=lambda _n: (data, "image/png"), **about).data


def html(nodes: list[Node]) -> str:
    return draw_tree(Node("doc", {}, [*nodes]), FILES).html


@pytest.mark.parametrize("form", ["odt", "docx"])
def test_looks_that_say_something_go_out_and_come_back(form: str) -> None:
    nodes = build(PAPER)
    nodes.append(Node("image", {"file": 1, "alt": "Un plan du lieu", "caption": "Le plan", "width": 192}))
    nodes.append(Node("image", {"file": 1, "alt": "", "caption": "Sans mots", "width": 96}))
    nodes.append(Node("image", {"file": 1, "alt": "Le four", "caption": "", "width": 96}))
    nodes.append(Node("paragraph", {}, [Run("Voilà.")]))
    expected = html(nodes)
    found = html(bring_in(out(nodes, form), f"a.{form}").nodes)
    assert re.sub(r'data-file="\d"', "", found) == re.sub(r'data-file="\d"', "", expected)


@pytest.mark.parametrize("form", ["odt", "docx"])
def test_no_sign_of_ours_stays_or_comes_from_elsewhere(form: str) -> None:
    said = "a" + "".join(map(chr, range(0xE7C0, 0xE7D7))) + "b"
    data = out([Node("paragraph", {}, [Run(said)]), *build(PAPER)], form)
    drawn = html(bring_in(data, f"a.{form}").nodes)
    assert drawn.startswith("<p>ab</p>")
    assert not carrying.SIGNS.search(drawn)


def test_a_colour_takes_the_name_of_the_nearest() -> None:
    assert [carrying.nearest(one) for one in ("FFFF00", "00FF00", "00FFFF", "FF00FF", "FFFFFF", "333333", "", "x")] == [
        *("yellow", "green", "blue", "pink"),
        *(None, None, None, None),
    ]


# What LibreOffice writes, and reads ----------------------------------------------------------------------------------

LETTER = """<?xml version="1.0" encoding="UTF-8"?>
<html lang="fr"><head><meta charset="utf-8"><title>Conseil</title></head><body>
<h1>Compte rendu</h1><p style="text-align: center">Le 12&nbsp;mars</p>
<p>Un mot <span style="background: #ffff00">surligné</span>, un <span style="background: #00ff00">autre</span>, un
<u>souligné</u>, du <b>gras</b>, de l’<i>italique</i>, « Bonjour&nbsp;! » H<sub>2</sub>O.</p>
<h2>Décisions</h2>
<ul><li><p>Premier</p><ul><li><p>dedans</p><ol><li><p>plus bas</p></li></ol></li></ul></li><li><p>Second</p></li></ul>
<table border="1"><tr><th><p>Poste</p></th><th colspan="2"><p>Montant</p></th></tr>
<tr><td rowspan="2"><p>Loyer</p></td><td><p>9&nbsp;600&nbsp;€</p></td>
<td><p style="text-align: right">payé</p></td></tr>
<tr><td><p>3&nbsp;200&nbsp;€</p></td><td><p>dû</p></td></tr></table>
<pre>a = 1
  b = 2</pre>
<p style="page-break-before: always">Page suivante, œuvre et cœur.</p>
<p><img src="PLAN" alt="Un plan" width="96" height="48"></p>
<p>Une note<a class="sdfootnoteanc" name="sdfootnote1anc" href="#sdfootnote1sym"><sup>1</sup></a> ici.</p>
<div id="sdfootnote1"><p class="sdfootnote"><a class="sdfootnotesym" name="sdfootnote1sym" href="#sdfootnote1anc">1</a>
La source.</p></div></body></html>"""


def office(folder: Path, source: str, form: str, *options: str) -> Path:
    soffice = [programs.find("soffice", package="libreoffice-writer"), f"-env:UserInstallation=file://{folder}/profile"]
    command = [*soffice, "--headless", *options, "--convert-to", form, "--outdir", str(folder), str(folder / source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / source).with_suffix(f".{form.partition(':')[0]}")


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The same letter as LibreOffice writes it in odt and in docx."""
    folder = tmp_path_factory.mktemp("office")
    address = f"data:image/png;base64,{base64.b64encode(picture()).decode()}"
    (folder / "letter.html").write_text(LETTER.replace("PLAN", address), "utf-8")
    odt = office(folder, "letter.html", "odt:writer8", "--infilter=HTML (StarWriter)")
    return {"odt": odt.read_bytes(), "docx": office(folder, "letter.odt", "docx").read_bytes()}


def alternative(letter: bytes) -> str:
    """What the picture shows, as the letter says it: some builds of LibreOffice leave it out of a docx."""
    with zipfile.ZipFile(io.BytesIO(letter)) as parts:
        inside = b"".join(parts.read(name) for name in parts.namelist() if name.endswith(".xml")).decode()
    assert "Un plan" in inside or 'descr=""' in inside
    return "Un plan" if "Un plan" in inside else ""


@pytest.mark.parametrize("form", ["odt", "docx"])
def test_a_letter_of_libreoffice_keeps_its_looks(letters: dict[str, bytes], form: str) -> None:
    first = bring_in(letters[form], f"letter.{form}")
    drawn = html(first.nodes)
    for said in (
        '<p data-align="center">Le 12\u00a0mars</p>',
        '<mark data-colour="yellow">surligné</mark>',
        '<mark data-colour="green">autre</mark>',
        "<u>souligné</u>",
        "<strong>gras</strong>",
        "<em>italique</em>",
        "H<sub>2</sub>O",
        "« Bonjour\u00a0! »",
        'colspan="2"',
        'rowspan="2"',
        "<ol><li><p>plus bas</p></li></ol>",
        '<hr class="page-break" data-page-break><p>Page suivante',
        f'alt="{alternative(letters[form])}"',
    ):
        assert said in drawn, said
    assert "La source." in drawn.partition('<section class="notes"')[2]
    assert len(first.pictures) == 1
    assert '<td data-align="right"><p>payé</p></td>' in drawn
    assert "<pre><code>a = 1\n  b = 2</code></pre>" in drawn
    # What is read is what goes round: the parsed structure is the same, whichever format it goes through.
    for other in ("odt", "docx"):
        again = bring_in(out(first.nodes, other), f"letter.{other}")
        assert html(again.nodes) == drawn


def test_both_formats_of_one_letter_give_one_text(letters: dict[str, bytes]) -> None:
    one, other = (bring_in(letters[form], f"letter.{form}") for form in ("odt", "docx"))
    # LibreOffice keeps the title of an odt for itself: the lone heading at the top of the docx is its title.
    assert (one.title, other.title) == ("Conseil", "Compte rendu")
    assert [node.kind for node in one.nodes[1:]] == [node.kind for node in other.nodes]
    assert [node.words() for node in one.nodes[1:]] == [node.words() for node in other.nodes]


@pytest.mark.parametrize("form", ["odt", "docx"])
def test_what_we_write_opens_in_libreoffice_with_its_pages_numbered(tmp_path: Path, form: str) -> None:
    (tmp_path / f"paper.{form}").write_bytes(out(build(PAPER), form, language="fr"))
    with pypdfium2.PdfDocument(office(tmp_path, f"paper.{form}", "pdf").read_bytes()) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
        assert document[0].get_size() == pytest.approx((595, 842), abs=1)  # A4
    assert len(pages) == 2
    assert "1 / 2" in pages[0]
    assert "2 / 2" in pages[1]
    assert "Après." in pages[1]


def parts(data: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_language_is_said_to_whoever_corrects_spelling() -> None:
    assert b'w:val="fr' in parts(out(build("<p>a</p>"), "docx", language="fr"))["word/styles.xml"]
    assert b'fo:language="fr"' in parts(out(build("<p>a</p>"), "odt", language="fr"))["styles.xml"]


def test_an_odt_begins_with_its_kind_unpacked() -> None:
    data = out(build("<p>a</p>"), "odt")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        first = archive.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
