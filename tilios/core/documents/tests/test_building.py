"""HTML becomes a text of ours, wherever it was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tilios.core.documents import tree
from tilios.core.documents.building import build, cleaning, from_html
from tilios.core.documents.drawing import draw, draw_tree
from tilios.core.documents.tree import Node

FILES = {3: ("plan.png", "files/3", "image/png")}


def again(html: str, pictures: dict[str, int] | None = None) -> str:
    """`html` once it has been a text."""
    return draw(from_html(html, (pictures or {}).get), FILES).html


@pytest.mark.parametrize(
    "html",
    [
        "<p>Un <strong>mot</strong>, un <em>autre</em>, H<sub>2</sub>O, <code>x</code></p>",
        '<p><a href="https://tilios.example/" rel="noopener noreferrer nofollow">le lien</a></p>',
        '<p><mark data-colour="green">vu</mark> <s>non</s> <u>oui</u></p>',
        "<ul><li><p>un</p><ul><li><p>deux</p></li></ul></li><li><p>trois</p></li></ul>",
        '<ol start="3"><li><p>trois</p></li></ol>',
        (
            '<ul class="tasks" data-type="taskList"><li data-checked="true"><input type="checkbox" disabled checked>'
            "<div><p>fait</p></div></li></ul>"
        ),
        (
            '<div class="table-frame"><table><tr><th><p>A</p></th><th colspan="2"><p>B</p></th></tr>'
            '<tr><td rowspan="2"><p>1</p></td><td><p>2</p></td><td><p>3</p></td></tr></table></div>'
        ),
        '<aside class="callout callout--warning" data-tone="warning"><p>Attention</p></aside>',
        "<blockquote><p>dit-elle</p></blockquote>",
        "<pre><code>a = 1\n  b = 2</code></pre>",
        '<hr><hr class="page-break" data-page-break>',
        '<figure data-file="3"><img src="files/3" alt="Un plan" loading="lazy"><figcaption>Plan</figcaption></figure>',
        '<p data-align="center">au milieu</p>',
        '<div class="embed" data-embed="polls.poll" data-target="4"><a href="embeds/polls.poll/4">Jour ?</a></div>',
        '<p>Avec <span class="mention" data-mention="7">@Bob Lambert</span></p>',
        "<p>une<br>deux</p>",
        '<p><ins data-suggestion="a1" data-said="ajout suggéré :" class="text-colour-0">plus</ins> oui</p>',
    ],
)
def test_what_we_draw_comes_back_the_same(html: str) -> None:
    assert again(html) == html


def test_notes_come_back_in_their_place() -> None:
    html = draw_tree(Node("doc", {}, [*build(_with_a_note())]), {}).html
    assert html.count('id="note-1"') == 1
    assert "La source." in html
    assert again(html) == html


def _with_a_note() -> str:
    """As pandoc writes one."""
    return (
        '<p>Dit<a href="#fn1" class="footnote-ref" id="fnref1" role="doc-noteref"><sup>1</sup></a> ici.</p>'
        '<section id="footnotes" class="footnotes" role="doc-endnotes"><hr /><ol><li id="fn1"><p>La <em>source</em>.'
        '<a href="#fnref1" class="footnote-back" role="doc-backlink">↩︎</a></p></li></ol></section>'
    ).replace("<em>source</em>", "source")


def test_google_docs_wraps_everything_in_bold_that_is_none() -> None:
    html = (
        '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr">'
        '<span style="font-size:11pt;font-weight:400;">normal </span><span style="font-weight:700;">gras</span></p>'
        '<ul><li dir="ltr"><p><span style="font-style:italic">point</span></p></li></ul></b>'
    )
    assert again(html) == "<p>normal <strong>gras</strong></p><ul><li><p><em>point</em></p></li></ul>"


def test_the_lists_of_word_are_lists() -> None:
    html = (
        "<p class=MsoListParagraphCxSpFirst style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·<span>   "
        "</span></span>un</p><p style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>1.<span> </span></span>"
        "dedans</p><p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·</span>deux</p><p>après</p>"
    )
    assert again(html) == ("<ul><li><p>un</p><ol><li><p>dedans</p></li></ol></li><li><p>deux</p></li></ul><p>après</p>")


def test_a_list_beside_its_item_goes_inside_it() -> None:
    assert again("<ul><li>un</li><ul><li>deux</li></ul></ul>") == (
        "<ul><li><p>un</p><ul><li><p>deux</p></li></ul></li></ul>"
    )


def test_boxes_to_tick_make_a_list_of_tasks() -> None:
    html = (
        '<ul class="task-list"><li><label><input type="checkbox" checked>fait</label></li>'
        '<li><input type="checkbox">reste</li></ul>'
    )
    assert [one.attributes["checked"] for one in build(html)[0].nodes()] == [True, False]


def test_pictures_are_found_by_their_address() -> None:
    found = build(
        '<p>Voir <img src="media/a.png" alt="Plan" width="300"> ici</p><img src="b.png">', {"media/a.png": 3}.get
    )
    assert [one.kind for one in found] == ["paragraph", "image"]
    assert found[1].attributes == {"file": 3, "alt": "Plan", "decorative": False, "caption": "", "width": 300}


def test_headings_begin_at_the_first_level_whatever_page_they_come_from() -> None:
    assert [one.attributes["level"] for one in build("<h2>a</h2><h3>b</h3><h6>c</h6>")] == [1, 2, 4]


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script><p>x</p>",
        '<p onclick="alert(1)">x</p>',
        '<iframe src="https://a.example"></iframe><p>x</p>',
        '<p><a href="javascript:alert(1)">x</a></p>',
        "<style>p{}</style><p>x</p>",
        "<svg><script>alert(1)</script></svg><p>x</p>",
    ],
)
def test_nothing_active_comes_in(html: str) -> None:
    assert again(html) == "<p>x</p>"


@pytest.mark.parametrize(
    "piece", ["<blockquote>", "<blockquote></p>", "<ul><li>", "<div><table><td></div>", "<font></i>"]
)
def test_html_nested_too_deeply_is_refused_whatever_its_tags_say(piece: str) -> None:
    with pytest.raises(cleaning.TooMuch):
        build(piece * 100_000)


@pytest.mark.parametrize(
    "html", ["", "   ", "<!-- rien -->", "\0", "\x01", "<", "&", "<?xml version='1.0' encoding='utf-16'?>"]
)
def test_whatever_is_given_it_gives_a_text(html: str) -> None:
    assert build(html)


@given(some.text(max_size=200))
def test_any_characters_give_a_text(html: str) -> None:
    assert build(html)


def test_an_empty_page_is_an_empty_paragraph() -> None:
    assert [one.kind for one in tree.read(from_html("")).nodes()] == ["paragraph"]
