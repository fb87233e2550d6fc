"""Texts go out as files and come back the same, pictures and tables included."""

import io
import json
import subprocess
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from tests.harness import programs
from tilios.core.documents.building import build
from tilios.core.documents.converting import FORMATS, bring_in, export
from tilios.core.documents.converting.writing import to_pandoc
from tilios.core.documents.drawing import draw_tree
from tilios.core.documents.tree import Node, Run
from tilios.kit.documents.problems import Unreadable

FILES = {1: ("plan.png", "files/1", "image/png")}

WHOLE = """
<h2>Ordre du jour</h2>
<p>Voir « ceci » : <strong>gras</strong>, <em>italique</em>, <s>barré</s>, H<sub>2</sub>O, x<sup>2</sup>,
<a href="https://tilios.example/">le lien</a>, l’été<span data-footnote>Une note <em>en bas</em>.</span>.</p>
<ul><li><p>un</p><ol><li><p>deux</p></li><li><p>trois</p></li></ol></li><li><p>quatre</p></li></ul>
<ul data-type="taskList"><li data-checked="true"><p>fait</p></li><li data-checked="false"><p>reste</p></li></ul>
<blockquote><p>cité</p></blockquote>
<table><tr><th>A</th><th colspan="2">B</th></tr><tr><td rowspan="2">1</td><td>2</td><td>3</td></tr>
<tr><td>4</td><td>5</td></tr></table>
<h3>Suite</h3><p>Fin.</p>
"""


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (96, 48), "teal").save(file, "PNG")
    return file.getvalue()


def out(nodes: list[Node], form: str) -> bytes:
    doc = Node("doc", {}, [*nodes])
    data = picture()
    return export(doc, form, title="Conseil", author="Alice", picture=lambda _n: (data, "image/png")).data


def html(nodes: list[Node]) -> str:
    return draw_tree(Node("doc", {}, [*nodes]), FILES).html


@pytest.mark.parametrize("form", ["odt", "docx"])
def test_a_text_goes_out_and_comes_back_with_the_same_structure(form: str) -> None:
    brought = bring_in(out(build(WHOLE), form), f"conseil.{form}")
    assert brought.title == "Conseil"
    assert html(brought.nodes) == html(build(WHOLE))


def test_markdown_keeps_all_but_merged_cells() -> None:
    text = WHOLE.replace(' colspan="2"', "").replace(' rowspan="2"', "").replace("<th>B</th>", "<th>B</th><th>C</th>")
    text = text.replace("<tr><td>4</td><td>5</td></tr>", "")
    marked = (
        text + "<p><u>souligné</u> <mark data-colour='green'>vu</mark> <code>x</code></p><pre><code>a = 1</code></pre>"
    )
    assert html(bring_in(out(build(marked), "md"), "conseil.md").nodes) == html(build(marked))


@pytest.mark.parametrize("form", ["odt", "docx", "md"])
def test_pictures_go_out_and_come_back(form: str) -> None:
    image = Node("image", {"file": 1, "alt": "Un plan", "caption": "Le plan"})
    brought = bring_in(out([Node("paragraph", {}, [Run("Voir :")]), image], form), f"a.{form}")
    assert [content for _name, content in brought.pictures.values()] == [picture()]
    assert "image" in [node.kind for node in brought.nodes]
    assert "Le plan" in html(brought.nodes)
    assert brought.missing == 0


@pytest.mark.parametrize("form", ["docx", "epub"])
def test_word_and_electronic_books_hold_what_is_underlined_and_formulas(form: str) -> None:
    data = out(build('<p><u>souligné</u> <span data-math="x^2"></span></p><hr data-page-break>'), form)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        inside = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "ignore")
    assert "souligné" in inside
    assert "<w:u " in inside or "<u>" in inside
    assert "oMath" in inside or "<math" in inside


def test_what_is_only_suggested_does_not_go_out() -> None:
    mark = {"suggestion": "s", "by": "", "at": ""}
    nodes = [Node("paragraph", {}, [Run("dit"), Run(" peut-être", {"added": mark}), Run(" non", {"removed": mark})])]
    for form in FORMATS:
        if form in ("txt", "md"):
            assert "peut-être" not in out(nodes, form).decode()
            assert "dit non" in out(nodes, form).decode()


def test_a_page_of_the_web_stands_alone() -> None:
    page = out([*build(WHOLE), Node("image", {"file": 1, "alt": "Un plan"})], "html").decode()
    assert '<html lang="fr">' in page
    assert 'src="data:image/png;base64,' in page
    assert html(bring_in(page.encode(), "page.html").nodes).startswith(html(build(WHOLE))[:200])


def test_plain_text_comes_in_by_paragraphs() -> None:
    brought = bring_in("Bonjour,\r\nça va ?\r\n\r\nFin.".encode("cp1252"), "lettre.txt")
    assert html(brought.nodes) == "<p>Bonjour,<br>ça va ?</p><p>Fin.</p>"


FLAT = """<?xml version="1.0" encoding="UTF-8"?>
<html><head><meta charset="utf-8"><title>Conseil</title></head><body>
<h1>Compte rendu</h1><p>Présents : Alice, Bob&nbsp;; excusée : Zoé. « Bonjour&nbsp;! », dit-elle.</p>
<h2>Décisions</h2>
<ol><li><p>Premier point<ul><li><p>dedans</p><ul><li><p>plus bas</p></li></ul></li></ul></li>
<li><p>Second point</p></li></ol>
<table border="1"><tr><th><p>Poste</p></th><th colspan="2"><p>Montant</p></th></tr>
<tr><td rowspan="2"><p>Loyer</p></td><td><p>9&nbsp;600&nbsp;€</p></td><td><p>payé</p></td></tr>
<tr><td><p>3&nbsp;200&nbsp;€</p></td><td><p>dû</p></td></tr></table>
<p>Une note<a class="sdfootnoteanc" name="sdfootnote1anc" href="#sdfootnote1sym"><sup>1</sup></a> ici.</p>
<h3>Suite</h3><p>Œuvre, cœur, <b>gras</b> et <i>italique</i>.</p>
<div id="sdfootnote1"><p class="sdfootnote"><a class="sdfootnotesym" name="sdfootnote1sym" href="#sdfootnote1anc">1</a>
La source.</p></div></body></html>"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The same document as LibreOffice writes it in odt and in docx."""
    folder: Path = tmp_path_factory.mktemp("office")
    (folder / "conseil.html").write_text(FLAT, "utf-8")
    made = {}
    soffice = [programs.find("soffice", package="libreoffice-writer"), f"-env:UserInstallation=file://{folder}/profile"]
    for source, form in (("conseil.html", "odt:writer8"), ("conseil.odt", "docx")):
        reads = ["--infilter=HTML (StarWriter)"] if source.endswith("html") else []
        command = [*soffice, "--headless", *reads, "--convert-to", form, "--outdir", str(folder), str(folder / source)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        name = form.partition(":")[0]
        made[name] = (folder / f"conseil.{name}").read_bytes()
    return made


@pytest.mark.parametrize("form", ["odt", "docx"])
def test_a_document_of_libreoffice_comes_in_and_goes_round(office: dict[str, bytes], form: str) -> None:
    first = bring_in(office[form], f"conseil.{form}")
    drawn = html(first.nodes)
    decisions, following = [node.attributes["level"] for node in first.nodes if node.kind == "heading"][-2:]
    assert following == decisions + 1
    for words in (
        "« Bonjour\u00a0! »",
        "9\u00a0600\u00a0€",
        "<strong>gras</strong>",
        "<em>italique</em>",
        "Œuvre",
        "plus bas",
    ):
        assert words in drawn, words
    assert 'colspan="2"' in drawn
    assert 'rowspan="2"' in drawn
    assert "La source." in drawn.partition('<section class="notes"')[2]
    again = bring_in(out(first.nodes, form), f"conseil.{form}")
    assert html(again.nodes) == drawn


@pytest.mark.parametrize("form", ["odt", "docx"])
def test_what_is_no_document_is_refused(form: str) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w") as archive:
        archive.writestr("content.xml", '<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>')
    for data in (b"", b"PK\x03\x04 cut", b"\0" * 1000, bomb.getvalue()):
        with pytest.raises(Unreadable):
            bring_in(data, f"a.{form}")


def test_a_document_reaches_no_file_of_the_server() -> None:
    source = '![a](/etc/hostname)\n\n[b](file:///etc/hostname)\n\n<img src="/etc/hostname">\n'
    brought = bring_in(source.encode(), "a.md")
    assert brought.pictures == {}
    assert "file:" not in html(brought.nodes)


def test_a_title_of_its_own_is_not_said_twice() -> None:
    brought = bring_in(b"# Charte\n\nBonjour\n\n## Un\n", "charte.md")
    assert brought.title == "Charte"
    assert html(brought.nodes) == '<p>Bonjour</p><h2 id="t-un">Un</h2>'


def test_the_tree_given_to_pandoc_is_the_one_it_knows() -> None:

    paper = to_pandoc(
        Node("doc", {}, [*build(WHOLE)]), title="T", author="", language="fr", date="", picture=lambda _n: None
    )
    assert json.loads(json.dumps(paper)) == paper
