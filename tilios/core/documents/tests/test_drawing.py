"""A text drawn for reading: what it says stays, what it must not hold goes."""

import pycrdt
import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as some

from tilios.core.documents import formulas, tree, yjs
from tilios.core.documents.drawing import draw, draw_tree
from tilios.core.documents.schema import schema
from tilios.core.documents.tree import Node, Run

FILES = {3: ("plan.png", "files/3", "image/png"), 4: ("devis.odt", "files/4", "application/odt")}


def drawn(*nodes: Node) -> str:
    return draw(tree.update_of(list(nodes)), FILES).html


def paragraph(*children: Node | Run | str) -> Node:
    return Node("paragraph", {}, [Run(child) if isinstance(child, str) else child for child in children])


def test_every_block_of_the_schema_is_drawn() -> None:
    blocks = [name for name, node in schema().nodes.items() if node.group == "block"]
    values = {"image": {"file": 3, "alt": "Un plan"}, "file": {"file": 4, "name": "devis.odt"}}
    values |= {"embed": {"kind": "polls.poll", "target": 2, "label": "Quel jour ?"}, "mathBlock": {"tex": "x^2"}}
    inside: dict[str, list[Node | Run]] = {
        "blockquote": [paragraph("a")], "callout": [paragraph("a")], "codeBlock": [Run("a = 1")],
        "bulletList": [Node("listItem", {}, [paragraph("a")])], "orderedList": [Node("listItem", {}, [paragraph("a")])],
        "taskList": [Node("taskItem", {"checked": True}, [paragraph("a")])],
        "table": [Node("tableRow", {}, [Node("tableHeader", {}, [paragraph("a")])])],
        "paragraph": [Run("a")], "heading": [Run("a")],
    }  # fmt: skip
    for name in blocks:
        assert drawn(Node(name, values.get(name, {}), inside.get(name, []))), name


def test_marks_are_tags_opened_once() -> None:
    line = paragraph(Run("un ", {"bold": {}}), Run("deux", {"bold": {}, "italic": {}}), " trois")
    assert drawn(line) == "<p><strong>un <em>deux</em></strong> trois</p>"


def test_two_marks_of_one_name_count_as_one() -> None:
    """y-prosemirror writes the second with a sum after its name."""
    doc: pycrdt.Doc = pycrdt.Doc()
    fragment = yjs.root(doc)
    element = fragment.children.append(pycrdt.XmlElement("paragraph"))
    text = element.children.append(pycrdt.XmlText())
    text.insert(0, "mot", {"link--Ab1/x+==": {"href": "https://a.example/"}})
    assert '<a href="https://a.example/"' in draw(doc.get_update(), {}).html


def test_headings_make_the_outline_and_have_addresses_of_their_own() -> None:
    found = draw_tree(
        Node("doc", {}, [Node("heading", {"level": 1}, [Run("Été")]), Node("heading", {"level": 2}, [Run("Été")])]), {}
    )
    assert found.outline == [
        {"level": 1, "title": "Été", "id": "t-ete"},
        {"level": 2, "title": "Été", "id": "t-ete-2"},
    ]
    assert '<h2 id="t-ete">' in found.html


def test_notes_go_to_the_end_and_lead_back() -> None:
    html = drawn(paragraph("Dit", Node("footnote", {}, [Run("La source.")])))
    assert '<a id="appel-1" href="#note-1">1</a>' in html
    assert '<li id="note-1">La source. <a class="note-back" href="#appel-1">' in html


def test_words_are_counted_as_they_are_read() -> None:
    found = draw_tree(Node("doc", {}, [paragraph("Aujourd’hui, l'arc-en-ciel : 3 couleurs.")]), {})
    assert found.words == 4


def test_what_is_suggested_is_shown_and_is_not_yet_said() -> None:
    mark = {"suggestion": "s1", "by": "13", "at": ""}
    doc = Node("doc", {}, [paragraph("oui", Run(" non", {"added": mark}), Run(" peut-être", {"removed": mark}))])
    with override("fr"):
        found = draw_tree(doc, {})
    assert '<ins data-suggestion="s1" data-said="ajout suggéré :" class="text-colour-5"> non</ins>' in found.html
    assert '<del data-suggestion="s1" data-said="suppression suggérée :" class="text-colour-5"> peut-être' in found.html
    assert found.text == "oui peut-être"


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,x", "vbscript:x", "//[bad"]
)
def test_no_link_leads_to_a_script(href: str) -> None:
    assert "<a" not in drawn(paragraph(Run("ici", {"link": {"href": href}})))


def test_html_that_was_typed_is_shown_and_not_run() -> None:
    html = drawn(
        paragraph("<script>alert(1)</script>", Node("mention", {"person": 1, "label": "<b>"})),
        Node("image", {"file": 3, "alt": '"><script>'}),
        Node("embed", {"kind": '"><x', "target": 1, "label": "<i>"}),
        Node("mathBlock", {"tex": r"\text{<script>alert(1)</script>}\href{javascript:alert(1)}{x}"}),
    )
    assert "<script" not in html
    assert "javascript" not in html.replace(
        'data-math="\\text{&lt;script&gt;alert(1)&lt;/script&gt;}\\href{javascript', ""
    )


@pytest.mark.parametrize("tex", [r"\frac{", r"\style{color:red}{x}", r"\class{a}{b}", "x" * 5000, "&lt;img&gt;"])
def test_a_formula_that_cannot_be_read_is_shown_as_it_was_typed(tex: str) -> None:
    html = formulas.drawn(tex, display=False)
    assert "style=" not in html
    assert "class=" not in html
    assert html.startswith(("<code>", "<math"))


names = some.sampled_from([*schema().nodes, "script", "iframe", "paragraph", "unknown"])
attributes = some.dictionaries(
    some.sampled_from(["level", "align", "file", "alt", "href", "tone", "colspan", "checked", "tex", "onclick"]),
    some.one_of(some.text(max_size=8), some.integers(-5, 99), some.booleans(), some.floats(allow_nan=False)),
    max_size=3,
)
trees = some.recursive(
    some.one_of(some.text(max_size=12), some.tuples(names, attributes, some.just([]))),
    lambda inner: some.tuples(names, attributes, some.lists(inner, max_size=4)),
    max_leaves=25,
)


@given(some.lists(trees, max_size=6))
def test_whatever_a_client_sends_it_is_drawn_and_holds_nothing_unknown(found: list) -> None:
    doc: pycrdt.Doc = pycrdt.Doc()
    for one in found:
        _put(yjs.root(doc), one)
    html = draw(doc.get_update(), FILES).html
    assert "<script" not in html
    assert "<iframe" not in html
    assert "onclick" not in html


def _put(parent, one) -> None:
    if isinstance(one, str):
        text = parent.children.append(pycrdt.XmlText())
        if one:
            text.insert(0, one, {"bold": {}, "nonsense": 3})
        return
    name, values, children = one
    element = parent.children.append(pycrdt.XmlElement(name, values))
    for child in children:
        _put(element, child)
