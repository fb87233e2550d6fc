"""A text drawn for reading: HTML, plain text, outline, words. Pure: files are given by the caller."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from html import escape
from typing import Any

from django.utils.translation import gettext

from tilios.core.documents import formulas, tree
from tilios.core.documents.access import COLOURS
from tilios.core.documents.schema import schema
from tilios.core.documents.tree import Node, Run
from tilios.kit.text import fold

Files = Mapping[int, tuple[str, str, str]]  # number of the attachment: name, address, media type
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_CAPITAL = re.compile(r"[A-Z]")
_KIND = re.compile(r"[a-z_]+\.[a-z_]+")
_NO_ID = re.compile(r"[^a-z0-9]+")
_BARE = {"bold": "strong", "italic": "em", "underline": "u", "strike": "s", "code": "code"}
_BARE |= {"superscript": "sup", "subscript": "sub"}
#: From the outermost to the innermost.
_ORDER = ("added", "removed", "link", "highlight", *_BARE)


@dataclass
class Drawn:
    """`outline` holds {"level", "title", "id"} of each heading, in order; `words` counts what is read aloud."""

    html: str = ""
    text: str = ""
    outline: list[dict[str, Any]] = field(default_factory=list)
    words: int = 0


def draw(state: bytes, files: Files) -> Drawn:
    """The text of a Yjs state. Never fails on what it holds: unknown nodes are left out."""
    return draw_tree(tree.read(state), files)


def draw_tree(doc: Node, files: Files) -> Drawn:
    """The same, of a tree."""
    pen = Pen(files)
    html = pen.blocks(doc) + pen.notes_drawn()
    text = "\n".join(line for line in pen.lines if line).strip()
    return Drawn(html, text, pen.outline, len(_WORD.findall(text)))


def plain(node: Node) -> str:
    """The characters of `node` as they stand: what is suggested is left out, what is to be removed is not."""
    said = []
    for child in node.children:
        if isinstance(child, Node):
            said.append(_said_by(child))
        elif "added" not in child.marks:
            said.append(child.text)
    return "".join(said)


def _said_by(node: Node) -> str:
    if node.kind == "hardBreak":
        return "\n"
    if node.kind == "mention":
        return f"@{node.attributes['label']}"
    if node.kind == "math":
        return str(node.attributes["tex"])
    return f" ({plain(node)})"  # a note


class Pen:
    """Draws one text: keeps the outline, the lines and the notes as it goes."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.outline: list[dict[str, Any]] = []
        self.lines: list[str] = []
        self.notes: list[str] = []
        self._ids: set[str] = set()

    def blocks(self, node: Node) -> str:
        return "".join(getattr(self, _method(child.kind))(child) for child in node.nodes())

    # Blocks ---------------------------------------------------------------------------------------------------------

    def _paragraph(self, node: Node) -> str:
        self.lines.append(plain(node))
        return f"<p{_aligned(node)}>{self.inline(node) or '<br>'}</p>"

    def _heading(self, node: Node) -> str:
        level, title = node.attributes["level"], plain(node).strip()
        anchor = self._anchor(title)
        self.outline.append({"level": level, "title": title, "id": anchor})
        self.lines.append(title)
        # The page has the h1.
        return f'<h{level + 1} id="{anchor}"{_aligned(node)}>{self.inline(node)}</h{level + 1}>'

    def _anchor(self, title: str) -> str:
        base = "t-" + (_NO_ID.sub("-", fold(title)).strip("-")[:60] or "titre")
        anchor, count = base, 2
        while anchor in self._ids:
            anchor, count = f"{base}-{count}", count + 1
        self._ids.add(anchor)
        return anchor

    def _blockquote(self, node: Node) -> str:
        return f"<blockquote>{self.blocks(node)}</blockquote>"

    def _callout(self, node: Node) -> str:
        tone = node.attributes["tone"]
        return f'<aside class="callout callout--{tone}" data-tone="{tone}">{self.blocks(node)}</aside>'

    def _code_block(self, node: Node) -> str:
        self.lines.append(node.words())
        return f"<pre><code>{escape(node.words())}</code></pre>"

    def _bullet_list(self, node: Node) -> str:
        return f"<ul>{self.blocks(node)}</ul>"

    def _ordered_list(self, node: Node) -> str:
        start = node.attributes["start"]
        begins = "" if start == 1 else f' start="{start}"'
        return f"<ol{begins}>{self.blocks(node)}</ol>"

    def _list_item(self, node: Node) -> str:
        return f"<li>{self.blocks(node)}</li>"

    def _task_list(self, node: Node) -> str:
        return f'<ul class="tasks" data-type="taskList">{self.blocks(node)}</ul>'

    def _task_item(self, node: Node) -> str:
        done = node.attributes["checked"]
        box = f'<input type="checkbox" disabled{" checked" if done else ""}>'
        return f'<li data-checked="{"true" if done else "false"}">{box}<div>{self.blocks(node)}</div></li>'

    def _table(self, node: Node) -> str:
        return f'<div class="table-frame"><table>{self.blocks(node)}</table></div>'

    def _table_row(self, node: Node) -> str:
        return f"<tr>{self.blocks(node)}</tr>"

    def _table_cell(self, node: Node) -> str:
        return f"<td{_spans(node)}>{self.blocks(node)}</td>"

    def _table_header(self, node: Node) -> str:
        return f"<th{_spans(node)}>{self.blocks(node)}</th>"

    def _horizontal_rule(self, _node: Node) -> str:
        return "<hr>"

    def _page_break(self, _node: Node) -> str:
        return '<hr class="page-break" data-page-break>'

    def _image(self, node: Node) -> str:
        known = self.files.get(node.attributes["file"])
        alt, caption = node.attributes["alt"], node.attributes["caption"]
        self.lines.append(caption or alt)
        if known is None or not known[2].startswith("image/"):
            return f"<p>{escape(alt or caption)}</p>" if alt or caption else ""
        width = node.attributes["width"]
        size = f' width="{width}"' if isinstance(width, int) and 0 < width < 5000 else ""
        legend = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
        picture = f'<img src="{escape(known[1])}" alt="{escape(alt)}" loading="lazy"{size}>'
        return f'<figure data-file="{node.attributes["file"]}">{picture}{legend}</figure>'

    def _file(self, node: Node) -> str:
        known = self.files.get(node.attributes["file"])
        name = node.attributes["name"] or (known[0] if known else "")
        self.lines.append(name)
        if known is None:
            return f"<p>{escape(name)}</p>"
        number = node.attributes["file"]
        return f'<p><a class="attached" data-file="{number}" href="{escape(known[1])}">{escape(name)}</a></p>'

    def _embed(self, node: Node) -> str:
        kind, target, label = (node.attributes[name] for name in ("kind", "target", "label"))
        self.lines.append(label)
        said = escape(label)
        # The address leads whoever may see the thing to its page, and nobody else.
        if _KIND.fullmatch(kind):
            said = f'<a href="embeds/{kind}/{target}">{said}</a>'
        return f'<div class="embed" data-embed="{escape(kind)}" data-target="{target}">{said}</div>'

    def _math_block(self, node: Node) -> str:
        tex = node.attributes["tex"]
        self.lines.append(tex)
        return f'<div class="math" data-math="{escape(tex)}">{formulas.drawn(tex, display=True)}</div>'

    # Inside a line --------------------------------------------------------------------------------------------------

    def inline(self, node: Node) -> str:
        """The runs and small nodes of a block; tags that follow one another are opened once."""
        parts: list[str] = []
        opened: list[tuple[str, dict[str, Any]]] = []
        for child in node.children:
            marks = _sorted(child) if isinstance(child, Run) else []
            same = 0
            while same < min(len(opened), len(marks)) and opened[same] == marks[same]:
                same += 1
            parts += [_closing(name) for name, _ in reversed(opened[same:])]
            parts += [_opening(name, values) for name, values in marks[same:]]
            opened = marks
            parts.append(escape(child.text) if isinstance(child, Run) else self._small(child))
        parts += [_closing(name) for name, _ in reversed(opened)]
        return "".join(parts)

    def _small(self, node: Node) -> str:
        match node.kind:
            case "hardBreak":
                return "<br>"
            case "mention":
                label = escape(node.attributes["label"])
                return f'<span class="mention" data-mention="{node.attributes["person"]}">@{label}</span>'
            case "math":
                tex = node.attributes["tex"]
                return f'<span class="math" data-math="{escape(tex)}">{formulas.drawn(tex, display=False)}</span>'
            case "footnote":
                self.notes.append(self.inline(node))
                number = len(self.notes)
                return f'<sup class="note-call"><a id="appel-{number}" href="#note-{number}">{number}</a></sup>'
        return ""

    def notes_drawn(self) -> str:
        if not self.notes:
            return ""
        lines = "".join(
            f'<li id="note-{number}">{note} <a class="note-back" href="#appel-{number}">↩</a></li>'
            for number, note in enumerate(self.notes, 1)
        )
        return f'<section class="notes" role="doc-endnotes"><hr><ol>{lines}</ol></section>'


@cache
def _method(kind: str) -> str:
    """The method of `Pen` that draws this kind of block: `taskItem` is drawn by `_task_item`."""
    return "_" + _CAPITAL.sub(lambda found: "_" + found[0].lower(), kind)


def _sorted(run: Run) -> list[tuple[str, dict[str, Any]]]:
    return sorted(run.marks.items(), key=lambda mark: _ORDER.index(mark[0]))


def _opening(name: str, values: dict[str, Any]) -> str:
    match name:
        case "link":
            href = values["href"] if schema().is_safe(values["href"]) else "#"
            return f'<a href="{escape(href)}" rel="noopener noreferrer nofollow">'
        case "highlight":
            return f'<mark data-colour="{values["colour"]}">'
        case "added":
            return f"<ins{_suggested(values, gettext('suggested addition:'))}>"
        case "removed":
            return f"<del{_suggested(values, gettext('suggested removal:'))}>"
    return f"<{_BARE[name]}>"


def _suggested(values: dict[str, Any], said: str) -> str:
    """Whose suggestion, and what a screen reader says before it: the style sheet of texts reads it out of the line."""
    number = "".join(letter for letter in values["by"] if letter.isascii() and letter.isdigit())[:18]
    colour = int(number or "0") % COLOURS
    suggestion = escape(values["suggestion"])
    return f' data-suggestion="{suggestion}" data-said="{escape(said)}" class="text-colour-{colour}"'


def _closing(name: str) -> str:
    return f"</{ {'link': 'a', 'highlight': 'mark', 'added': 'ins', 'removed': 'del'}.get(name) or _BARE[name] }>"


def _aligned(node: Node) -> str:
    align = node.attributes["align"]
    return f' data-align="{align}"' if align else ""


def _spans(node: Node) -> str:
    spans = ""
    for name in ("colspan", "rowspan"):
        value = node.attributes[name]
        if 1 < value <= 1000:
            spans += f' {name}="{value}"'
    return spans + _aligned(node)
