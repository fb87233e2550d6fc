"""Pads of Etherpad come in with their authors, their history and their chat.

`samples/reunion.etherpad` was written by Etherpad 1.8.14 itself (ep_etherpad-lite on npm): Zoé and Bob type in turn,
make a heading and lists, a link, take back what they wrote; one revision is saved under a name.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pycrdt
import pytest
from hypothesis import given
from hypothesis import strategies as some

from tilios.core.documents import actions, queries, tree, yjs
from tilios.core.documents.access import Writer
from tilios.core.documents.comparing import compare
from tilios.core.documents.converting import bring_in
from tilios.core.documents.converting.brought import Brought
from tilios.core.documents.converting.etherpad import changesets
from tilios.core.documents.drawing import draw, draw_tree
from tilios.core.documents.models import Document, Revision, Saying, Update
from tilios.core.documents.tree import Node
from tilios.core.errors import NotAllowed
from tilios.kit.documents.problems import Unreadable

if TYPE_CHECKING:
    from tests.cast import Cast

PAD = Path(__file__).with_name("samples") / "reunion.etherpad"
HTML = (
    '<h2 id="t-reunion-du-mardi">Réunion du 🌻 mardi</h2>'
    '<p>Bonsoir à tous, voici le <a href="https://tilios.example/" rel="noopener noreferrer nofollow">lien</a>.</p>'
    "<ul><li><p>un</p><ul><li><p>un un</p></li></ul></li><li><p>deux</p></li></ul>"
    "<ol><li><p>premier</p></li><li><p>second</p></li></ol>"
    "<p><s>La </s>Fin <em><u>écrite</u></em> par Bob</p>"
)


@pytest.fixture
def pad() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(PAD.read_text("utf-8"))
    return read


def brought(pad: dict[str, Any]) -> Brought:
    return bring_in(json.dumps(pad).encode(), "reunion.etherpad")


def html(nodes: list[Node]) -> str:
    return draw_tree(Node("doc", {}, [*nodes]), {}).html


def test_a_pad_keeps_its_structure(pad: dict[str, Any]) -> None:
    given = brought(pad)
    assert given.title == "reunion"
    assert html(given.nodes) == HTML
    assert draw(yjs.summed([moment.data for moment in given.moments]), {}).html == HTML


def test_what_each_wrote_stays_theirs(pad: dict[str, Any]) -> None:
    given = brought(pad)
    assert sorted(given.authors.values()) == ["Bob", "Zoé"]
    bob = next(client for client, name in given.authors.items() if name == "Bob")
    zoe = next(client for client, name in given.authors.items() if name == "Zoé")
    said = {client: said_by(given, client) for client in (bob, zoe)}
    assert "Bonsoir" in said[bob]
    assert "tous" in said[bob]  # Bob made it bold: Etherpad gives it to him
    assert " par Bob" in said[bob]
    assert "Bonsoir" not in said[zoe]
    assert "premier" in said[zoe]


def said_by(given: Brought, client: int) -> str:
    """What one Yjs client brings: the update for somebody who has all of the others already."""
    whole = yjs.summed([moment.data for moment in given.moments], keeps_deleted=True)
    known = {other: clock for other, clock in yjs.clocks(pycrdt.get_state(whole)).items() if other != client}
    vector = yjs.write_number(len(known))
    for other, clock in known.items():
        vector += yjs.write_number(other) + yjs.write_number(clock)
    return pycrdt.get_update(whole, vector).decode("utf-8", "replace")


def test_each_saved_moment_and_each_pause_is_kept(pad: dict[str, Any]) -> None:
    day = 86_400_000
    for number in range(17):
        pad[f"pad:reunion:revs:{number}"]["meta"]["timestamp"] = 1_700_000_000_000 + (day if number > 5 else 0)
    given = brought(pad)
    assert [moment.name for moment in given.moments] == ["", "Avant la fin", ""]
    states = [yjs.summed(one.data for one in given.moments[: count + 1]) for count in range(3)]
    assert "deux" in draw(states[0], {}).text
    assert "La" not in draw(states[1], {}).text
    assert "<ins>" in compare(states[1], states[2])
    assert draw(states[2], {}).html == HTML


def test_a_history_that_cannot_be_followed_leaves_the_text(pad: dict[str, Any]) -> None:
    for broken in ("Z:1>2|1+k$x", "", "Z:zz>1+1$a", "nonsense", "Z:l>1+9999999$x"):
        pad["pad:reunion:revs:1"]["changeset"] = broken
        assert html(brought(pad).nodes) == HTML
    del pad["pad:reunion:revs:1"]
    given = brought(pad)
    assert html(given.nodes) == HTML
    assert len(given.moments) == 1


def test_text_that_nobody_signed_and_half_pairs_come_in(pad: dict[str, Any]) -> None:
    pad["pad:reunion"]["atext"] = {"text": "a 🌻 b\ud83c\n\nhttps://a.example/x).\n", "attribs": "|3+s"}
    given = brought(pad)
    assert html(given.nodes).startswith('<p>a 🌻 b\ufffd</p><p><a href="https://a.example/x"')


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{}", b"[]", b"null", b'{"pad:a": 1}', b'{"pad:a": {"pool": {}}}', b"\xff\xfe", b"[" * 100_000,
        b'{"pad:a": {"pool": {"numToAttrib": {"0": ["a"]}}, "atext": {"text": "a", "attribs": ""}}}',
        b'{"pad:a": {"pool": {"numToAttrib": {}}, "atext": {"text": "a", "attribs": "+zz"}}}',
        b'{"pad:a": {"pool": {"numToAttrib": {}}, "atext": {"text": 3, "attribs": ""}}}',
    ],
)  # fmt: skip
def test_what_is_no_pad_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        bring_in(data, "a.etherpad")


@given(some.text(max_size=60), some.text(max_size=60))
def test_units_are_those_of_javascript(one: str, other: str) -> None:
    assert changesets.joined(changesets.units(one) + changesets.units(other)) == one + other
    assert len(changesets.units(one)) == len(one.encode("utf-16-le")) // 2


def test_changesets_do_what_etherpad_says() -> None:
    pool = {0: ("author", "a.x"), 1: ("bold", "true"), 2: ("bold", "")}
    found = changesets.Pad(pool)
    found.apply("Z:1>6*0|1+6$salut\n")
    found.apply("Z:7>0=1*1=3$")
    found.apply("Z:7<1=1*2=1-1$")
    assert "".join(found.text) == "saut\n\n"
    assert found.attributes == [(0,), (0,), (0, 1), (0,), (0,), ()]


def test_a_long_history_is_read_in_time() -> None:
    typed = 20_000
    pad: dict[str, Any] = {"pad:a": {"head": typed, "pool": {"numToAttrib": {"0": ["author", "a.x"]}}}}
    length = 1
    for number in range(typed + 1):
        pad[f"pad:a:revs:{number}"] = {
            "changeset": f"Z:{in_36(length)}>1*0+1$x",
            "meta": {"author": "a.x", "timestamp": 1_700_000_000_000 + number * 60_000 * 6},
        }
        length += 1
    pad["pad:a"]["atext"] = {"text": "x" * (typed + 1) + "\n", "attribs": f"*0+{in_36(typed + 1)}|1+1"}
    assert 20 < len(brought(pad).moments) <= 62


def in_36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits or "0"


# In the database ------------------------------------------------------------------------------------------------------


def test_a_pad_brought_in_has_its_authors_its_moments_and_its_chat(
    fabrique: "Cast", document: Document, pad: dict[str, Any]
) -> None:
    actions.bring(document=document, by=Writer(person=fabrique.bob), brought=brought(pad))
    assert draw(queries.state(document), {}).html == HTML
    authors = queries.authors(document)
    assert sorted(one["name"] for one in authors.values()) == ["Bob", "Zoé"]
    assert all(one["person"] is None for one in authors.values())
    assert [(row.name, row.number) for row in Revision.objects.all()] == [("Avant la fin", 1)]
    assert Update.objects.order_by("number")[0].made_at.year == 2026
    assert [row.body for row in Saying.objects.all()] == ["Zoé\u00a0: Bonjour, on commence ?"]
    assert Saying.objects.get().made_at.year == 2023


def test_a_file_goes_after_what_is_written(fabrique: "Cast", document: Document) -> None:
    by = Writer(person=fabrique.bob)
    first = bring_in(b"# Un\n\n![Plan](data:image/png;base64,iVBORw0KGgo=)\n", "a.md")
    actions.bring(document=document, by=by, brought=first)
    second = bring_in(b"Deux\n\n> ![Plan](data:image/png;base64,iVBORw0KGgoA)\n", "b.md")
    actions.bring(document=document, by=by, brought=second)
    nodes = list(tree.read(queries.state(document)).nodes())
    assert [node.kind for node in nodes] == ["image", "paragraph", "blockquote"]
    numbers = [node.attributes["file"] for node in walk(nodes) if node.kind == "image"]
    assert numbers == [1, 2]
    assert {queries.attachment(document, number) is not None for number in numbers} == {True}


def walk(nodes: list[Node]) -> list[Node]:
    return [found for node in nodes for found in (node, *walk(list(node.nodes())))]


def test_a_guest_brings_nothing_in(fabrique: "Cast", document: Document, pad: dict[str, Any]) -> None:
    with pytest.raises(NotAllowed):
        actions.bring(document=document, by=Writer(person=fabrique.gus), brought=brought(pad))
