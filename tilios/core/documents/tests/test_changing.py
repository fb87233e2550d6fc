"""A text changed in a form: what was not touched is left as it is, whoever wrote meanwhile."""

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tilios.core.documents import actions, changing, queries, tree, yjs
from tilios.core.documents.access import Writer
from tilios.core.documents.building import from_html
from tilios.core.documents.changing import reading
from tilios.core.documents.changing.drawing import form_of
from tilios.core.documents.changing.signs import shape
from tilios.core.documents.changing.updating import update
from tilios.core.documents.drawing import draw
from tilios.core.documents.models import Author, Document, Update
from tilios.core.documents.schema import schema
from tilios.core.documents.tree import Node, Run
from tilios.core.errors import Invalid, NotAllowed

if TYPE_CHECKING:
    from tests.cast import Cast

FILES = {3: ("plan.png", "files/3", "image/png")}

WHOLE = """
<h2>Ordre du jour</h2>
<p>Un <strong>mot</strong> de <em>Zoé</em>, <a href="https://tilios.example/">le lien</a><br>H<sub>2</sub>O</p>
<ul><li><p>un</p><ol start="3"><li><p>trois</p></li></ol></li><li><p>deux</p></li></ul>
<ul data-type="taskList"><li data-checked="true"><p>fait</p></li><li data-checked="false"><p>reste</p></li></ul>
<blockquote><p>dit-elle</p><p>encore</p></blockquote>
<aside data-tone="warning"><p>Attention</p></aside>
<table><tr><th>Poste</th><th>Montant</th></tr><tr><td>Loyer</td><td>300 €</td></tr></table>
<pre>a = 1

b = 2</pre><hr>
<figure data-file="3"><img src="files/3" alt="Un plan"><figcaption>Le plan</figcaption></figure>
<p>Voir <span data-mention="7">@Bob Lambert</span><span data-footnote>La source.</span>.</p>
"""
FORM = """# Ordre du jour

Un **mot** de *Zoé*, [le lien](https://tilios.example/)
H<sub>2</sub>O

- un
  3. trois
- deux

- [x] fait
- [ ] reste

> dit-elle
>
> encore

> [!warning]
> Attention

| Poste | Montant |
|---|---|
| Loyer | 300 € |

```
a = 1

b = 2
```

---

[[IMAGE]]

Voir [[PERSON]]^[La source.]."""


def after(state: bytes, form: str) -> bytes:
    """The Yjs state `state` once its form was sent back as `form`."""
    before, kept = form_of(tree.read(state))
    data = update(state, *(reading.blocks(one.split("\n"), kept) for one in (before, form)), [])
    return yjs.summed([state, data]) if data != yjs.NOTHING else state


def form(state: bytes) -> str:
    return form_of(tree.read(state))[0]


def html(state: bytes) -> str:
    return draw(state, FILES).html


def test_the_form_is_a_markdown_that_anybody_reads() -> None:
    said = form(from_html(WHOLE))
    kept = [line for line in said.split("\n") if line.startswith("[[")]
    assert "Le plan" in kept[0]
    assert "@" not in kept[0]
    shown = said.replace(kept[0], "[[IMAGE]]")
    begins = shown.index("[[", shown.index("Voir"))
    assert "Bob Lambert" in shown[begins:]
    assert shown[:begins] + "[[PERSON]]" + shown[shown.index("]]", begins) + 2 :] == FORM


@pytest.mark.parametrize("line", FORM.split("\n"))
def test_one_line_changed_changes_that_line(line: str) -> None:
    state = from_html(WHOLE)
    said = form(state)
    if not line or line not in said or line.startswith(("|-", "```", "---")) or line == ">":
        changed = said + "\n\nFin."
    else:
        changed = said.replace(line, line.replace("warning", "info") if "[!" in line else f"{line} ici", 1)
    again = after(state, changed)
    assert form(again) == changed or "| ici" in changed
    assert html(again) != html(state)


def test_what_the_form_does_not_say_stays() -> None:
    state = from_html(
        '<p data-align="center">au milieu</p>'
        '<p>un <mark data-colour="pink">deux</mark> <ins data-suggestion="a">x</ins></p>'
        '<table><tr><td rowspan="2">1</td><td>2</td></tr><tr><td>3</td></tr></table>'
    )
    again = after(state, form(state).replace("au milieu", "plus au milieu").replace("un ", "Un "))
    expected = html(state).replace("au milieu", "plus au milieu").replace(">un ", ">Un ")
    assert html(again) == expected


SIGNS = r"""- pas une liste|# non|1. non|2) non|> non|---|```|*a*|**|a * b * c|`x`|~~a~~|[x] a|[ ] a|[a](https://b.example)
[[00000 x]]|^[n]|<b>a</b>|<br>|a\|\*| a |  |_a_|[!info]|snake_case|5 < 6|é🌻é|+ a|a  b|***""".replace("\n", "|")


@pytest.mark.parametrize("text", [*SIGNS.split("|"), "| a |", "\ta"])
def test_signs_that_are_characters_stay_characters(text: str) -> None:
    for kind in ("paragraph", "heading"):
        doc = Node("doc", {}, [Node(kind, {}, [Run(text)])])
        said, kept = form_of(doc)
        assert [shape(one) for one in reading.blocks(said.split("\n"), kept)] == [shape(one) for one in doc.nodes()]
        assert not said.startswith("[["), said


# Random texts --------------------------------------------------------------------------------------------------------

marks = some.dictionaries(some.sampled_from(sorted(schema().marks)), some.just({}), max_size=3).map(
    lambda names: {name: _mark(name) for name in names}
)
texts = some.text(
    some.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029"), min_size=1, max_size=6
) | some.text("ab -#>|*_`~[](){}<>\\^!1.x", min_size=1, max_size=6)
runs = some.builds(Run, texts, marks)
small = some.builds(
    Node, some.just("footnote"), some.just({}), some.lists(some.builds(Run, texts), max_size=2)
) | some.sampled_from([Node("hardBreak"), Node("mention", {"person": 7, "label": "Bob"}), Node("math", {"tex": "x^2"})])
line = some.lists(runs | small, max_size=4)
leaves = (
    some.builds(
        lambda inside, align: Node("paragraph", {"align": align}, inside), line, some.sampled_from([None, "center"])
    )
    | some.builds(lambda inside, level: Node("heading", {"level": level}, inside), line, some.integers(1, 4))
    | some.builds(lambda text: Node("codeBlock", {}, [Run(text)]), some.text("ab `\n", min_size=1, max_size=9))
    | some.sampled_from([Node("horizontalRule"), Node("pageBreak"), Node("image", {"file": 3, "alt": "Plan"})])
)


def _mark(name: str) -> dict[str, Any]:
    given = {"link": {"href": "https://a.example/b_(c)"}, "highlight": {"colour": "green"}}
    return given.get(name, {"suggestion": "s1", "by": "", "at": ""} if name in ("added", "removed") else {})


def _holding(inner: Any) -> Any:
    held = some.lists(inner, min_size=1, max_size=3)
    items = some.lists(held.map(lambda inside: [Node("paragraph", {}, [Run("x")]), *inside]), min_size=1, max_size=3)
    return (
        held.map(lambda inside: Node("blockquote", {}, inside))
        | held.map(lambda inside: Node("callout", {"tone": "danger"}, inside))
        | items.map(lambda all_: Node("bulletList", {}, [Node("listItem", {}, one) for one in all_]))
        | items.map(lambda all_: Node("orderedList", {"start": 9}, [Node("listItem", {}, one) for one in all_]))
        | items.map(lambda all_: Node("taskList", {}, [Node("taskItem", {"checked": True}, one) for one in all_]))
        | some.lists(some.lists(held, min_size=2, max_size=2), min_size=1, max_size=2).map(_table)
    )


def _table(rows: list[Any]) -> Node:
    cells = [[Node("tableCell", {}, cell) for cell in row] for row in rows]
    return Node("table", {}, [Node("tableRow", {}, [*row]) for row in cells])


documents = some.lists(some.recursive(leaves, _holding, max_leaves=6), min_size=1, max_size=5)


@settings(max_examples=100, deadline=None)
@given(documents)
def test_a_form_sent_back_untouched_writes_nothing(nodes: list[Node]) -> None:
    state = tree.update_of(nodes)
    said, kept = form_of(tree.read(state))
    before = reading.blocks(said.split("\n"), kept)
    shown = [one for one in tree.read(state).nodes() if one.kind != "paragraph" or one.children]
    assert [shape(one) for one in before] == [shape(one) for one in shown]
    assert after(state, said) == state


@settings(max_examples=100, deadline=None)
@given(documents, documents, texts)
def test_a_paragraph_put_in_leaves_the_pieces_of_the_others_alone(
    above: list[Node], below: list[Node], text: str
) -> None:
    nodes = [*above, Node("paragraph", {}, [Run("ici")]), *below]
    state = tree.update_of(nodes)
    added, _kept = form_of(Node("doc", {}, [Node("paragraph", {}, [Run(f"neuf {text}")])]))
    again = after(state, form(state).replace("\nici\n", f"\nici\n\n{added}\n", 1) if above and below else added)
    doc = yjs.new_doc(state)
    seen = doc.get_state()
    doc.apply_update(again)
    added_since = doc.get_update(seen)
    if "\nici\n" in form(state):
        assert added_since.endswith(b"\x00"), "something was deleted"  # the deletions come last: of no client
        assert added_since[0] == 1, "more than one client wrote"
        whole = list(tree.read(again).nodes())
        place = next(index for index, one in enumerate(whole) if one.kind == "paragraph" and one.words() == "ici")
        assert whole[place + 1].words() == f"neuf {text}"
        del whole[place + 1]
        assert [shape(one) for one in whole] == [shape(one) for one in tree.read(state).nodes()]


@settings(max_examples=100, deadline=None)
@given(some.text(max_size=300) | some.text("ab -#>|*_`~[](){}<>\\^!1.x\n", max_size=200))
def test_whatever_is_sent_gives_a_text(sent: str) -> None:
    state = from_html(WHOLE)
    again = after(state, sent)
    assert list(tree.read(again).nodes())
    html(again)


def test_signs_that_never_end_take_no_time() -> None:
    for piece in (
        "[",
        "**a ",
        "^[",
        "<b>",
        "`",
        ">",
        "- ",
        "* * ",
        "[](",
        "\\",
        "|",
        "  - a\n",
        ">\n\n",
        "[a](",
        "~~b",
    ):
        reading.blocks((piece * (50_000 // len(piece))).split("\n"), {})


# In the database ------------------------------------------------------------------------------------------------------


@pytest.fixture
def whole(fabrique: "Cast", document: Document) -> Document:
    data = from_html("<p>Le loyer monte 🌻 à Liège.</p><p>Le four est là.</p><ul><li>un</li><li>deux</li></ul>")
    actions.append(document=document, writer=Writer(person=fabrique.alice), data=data)
    return document


def sent(document: Document, who: Any, form: str, number: int, before: str = "") -> int:
    return changing.change(
        document=document, by=Writer(person=who), before=before or form, base_number=number, after=form
    )


def change(document: Document, who: Any, given: tuple[str, int], old: str, new: str) -> int:
    before, number = given
    assert old in before
    return changing.change(
        document=document, by=Writer(person=who), before=before, base_number=number, after=before.replace(old, new)
    )


def opened(document: Document) -> tuple[str, int]:
    said = changing.plain_form(document)
    return said.replace("\n", "\r\n"), document.last_number


def test_an_untouched_form_writes_nothing(fabrique: "Cast", whole: Document) -> None:
    before, number = opened(whole)
    assert sent(whole, fabrique.bob, before, number) == 1
    assert sent(whole, fabrique.bob, before.replace("\r", "") + "\n", number, before) == 1
    assert Update.objects.count() == 1


def test_two_people_who_change_different_paragraphs_both_win(fabrique: "Cast", whole: Document) -> None:
    given = opened(whole)
    assert change(whole, fabrique.bob, given, "monte", "baisse") == 2
    assert change(whole, fabrique.manon, given, "- deux", "- deux\r\n- trois 🌻") == 3
    assert changing.plain_form(whole) == ("Le loyer baisse 🌻 à Liège.\n\nLe four est là.\n\n- un\n- deux\n- trois 🌻")
    assert {row.person for row in Author.objects.all()} == {fabrique.alice, fabrique.bob, fabrique.manon}


def test_in_one_paragraph_both_texts_stay(fabrique: "Cast", whole: Document) -> None:
    given = opened(whole)
    change(whole, fabrique.bob, given, "🌻 à Liège", "🌻 à Liège et Huy")
    change(whole, fabrique.manon, given, "Le loyer", "Hélas, le loyer")
    assert changing.plain_form(whole).startswith("Hélas, le loyer monte 🌻 à Liège et Huy.\n")


def test_a_browser_that_writes_meanwhile_loses_nothing(fabrique: "Cast", whole: Document) -> None:
    given = opened(whole)
    doc = yjs.new_doc(queries.state(whole))
    state = doc.get_state()
    yjs.root(doc).children[0].children[0].insert(0, "🎈🎈 ")
    actions.append(document=whole, writer=Writer(person=fabrique.bob), data=doc.get_update(state))
    change(whole, fabrique.manon, given, "🌻 à Liège", "**à Liège** 🌻")
    assert changing.plain_form(whole).startswith("🎈🎈 Le loyer monte **à Liège** 🌻.\n")


def test_a_paragraph_taken_out_while_it_was_changed_comes_back_as_it_was_changed(
    fabrique: "Cast", whole: Document
) -> None:
    given = opened(whole)
    change(whole, fabrique.bob, given, "Le four est là.\r\n\r\n", "")
    change(whole, fabrique.bob, opened(whole), "Le loyer", "Avant.\r\n\r\nLe loyer")
    change(whole, fabrique.manon, given, "four est là", "four neuf est là")
    assert changing.plain_form(whole) == "Avant.\n\nLe loyer monte 🌻 à Liège.\n\nLe four neuf est là.\n\n- un\n- deux"
    change(whole, fabrique.bob, given, "monte 🌻", "baisse")
    assert "baisse" in changing.plain_form(whole)


def test_what_was_not_touched_keeps_its_author(fabrique: "Cast", whole: Document) -> None:
    change(whole, fabrique.bob, opened(whole), "monte", "**monte** vite")
    written = bytes(Update.objects.get(number=2).data)
    assert b"vite" in written
    for words in ("monte", "loyer", "Liège", "four"):
        assert words.encode() not in written
    assert Author.objects.count() == 2


def test_updates_put_together_since_do_not_mix_up_what_is_sent(fabrique: "Cast", whole: Document) -> None:
    change(whole, fabrique.bob, opened(whole), "monte", "monta")
    given = opened(whole)
    change(whole, fabrique.bob, opened(whole), "four", "fournil")
    actions.compact(whole)
    change(whole, fabrique.manon, given, "- un", "- une")
    change(whole, fabrique.manon, given, "Le four", "Ce four")
    said = changing.plain_form(whole)
    assert "Le loyer monta" in said
    assert "- une\n- deux" in said
    assert "Le fournil est là." in said
    assert "Ce four est là." in said


def test_a_guest_changes_nothing(fabrique: "Cast", whole: Document) -> None:
    with pytest.raises(NotAllowed):
        change(whole, fabrique.gus, opened(whole), "monte", "baisse")


def test_a_form_that_nobody_wrote_by_hand_is_refused(fabrique: "Cast", whole: Document) -> None:
    before, number = opened(whole)
    with pytest.raises(Invalid):
        sent(whole, fabrique.bob, "a" * (changing.LONGEST + 1), number, before)


def test_all_can_be_taken_out_and_written_again(fabrique: "Cast", document: Document) -> None:
    assert changing.plain_form(document) == ""
    sent(document, fabrique.bob, "# Titre\n\nBonjour", 0, " ")
    assert changing.plain_form(document) == "# Titre\n\nBonjour"
    sent(document, fabrique.bob, "", 1, "# Titre\n\nBonjour")
    assert changing.plain_form(document) == ""
    assert [one.kind for one in tree.read(queries.state(document)).nodes()] == ["paragraph"]
