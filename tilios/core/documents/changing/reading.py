"""The plain form read back. Whatever somebody writes gives a text: there is no mistake to make."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from tilios.core.documents.changing.signs import (
    BEGINS,
    BOX,
    FENCE,
    HEADING,
    ITEM,
    RULE,
    TONE,
    Kept,
)  # fmt: skip
from tilios.core.documents.changing.spans import line
from tilios.core.documents.schema import schema
from tilios.core.documents.tree import Node, Run

DEEPEST = 40  # blocks inside one another
#: What stands for a node that has no form is called by its name.
NAMES = {
    "image": _("picture"), "file": _("file"), "embed": _("element"), "mathBlock": _("formula"), "math": _("formula"),
    "mention": _("person"), "pageBreak": _("page break"), "table": _("table"), "footnote": _("note"),
}  # fmt: skip
_CELLS = re.compile(r"((?:\\.|[^|\\])*)(?:\||$)")
_SEPARATOR = re.compile(r"\|?(?: *:?-{3,}:? *\|)+(?: *:?-{3,}:?)? *$")


def blocks(lines: list[str], kept: Kept, depth: int = 0) -> list[Node]:
    """The blocks that `lines` say."""
    found: list[Node] = []
    at = 0
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        made, at = _block(lines, at, kept, depth)
        found += made
    return found


def _block(lines: list[str], at: int, kept: Kept, depth: int) -> tuple[list[Node], int]:
    text = lines[at]
    fence, heading = FENCE.match(text), HEADING.match(text)
    if fence:
        return _code(lines, at, fence)
    if heading:
        return [Node("heading", {"level": len(heading[1])}, line(heading[2] or "", kept))], at + 1
    if RULE.match(text):
        return [Node("horizontalRule")], at + 1
    if depth < DEEPEST and text.startswith(">"):
        return _quote(lines, at, kept, depth)
    if depth < DEEPEST and ITEM.match(text):
        return _list(lines, at, kept, depth)
    if text.startswith("|"):
        return _table(lines, at, kept)
    end = at + 1
    while end < len(lines) and lines[end].strip() and not BEGINS.match(lines[end]):
        end += 1
    return _paragraph("\n".join(lines[at:end]), kept), end


def _code(lines: list[str], at: int, fence: re.Match[str]) -> tuple[list[Node], int]:
    end = at + 1
    while end < len(lines) and lines[end].rstrip() != fence[1]:
        end += 1
    text = "\n".join(lines[at + 1 : end])
    return [Node("codeBlock", {"language": fence[2] or None}, [Run(text)] if end > at + 1 else [])], end + 1


def _quote(lines: list[str], at: int, kept: Kept, depth: int) -> tuple[list[Node], int]:
    end = at
    while end < len(lines) and lines[end].startswith(">"):
        end += 1
    inside = [one[1:].removeprefix(" ") for one in lines[at:end]]
    tone = TONE.match(inside[0])
    held = blocks(inside[1:] if tone else inside, kept, depth + 1) or [Node("paragraph")]
    return [Node("callout", {"tone": tone[1]}, [*held]) if tone else Node("blockquote", {}, [*held])], end


def _list(lines: list[str], at: int, kept: Kept, depth: int) -> tuple[list[Node], int]:
    """The items that follow one another, whichever kind of list they are of: each change of kind begins another."""
    found: list[Node] = []
    while at < len(lines) and (sign := ITEM.match(lines[at])) and not RULE.match(lines[at]):
        inside, at = _item(lines, at, len(sign[0].rstrip(" ")) + 1)
        box = BOX.match(inside[0]) if not sign[2] else None
        if box:
            inside[0] = inside[0][len(box[0]) :]
        held: list[Any] = blocks(inside, kept, depth + 1)
        if not held or held[0].kind != "paragraph":
            held.insert(0, Node("paragraph"))
        kind = "taskList" if box else "orderedList" if sign[2] else "bulletList"
        item = Node("taskItem", {"checked": box[1] != " "}, held) if box else Node("listItem", {}, held)
        if not found or found[-1].kind != kind:
            found.append(Node(kind, {"start": int(sign[2])} if kind == "orderedList" else {}))
        found[-1].children.append(item)
    return found, at


def _item(lines: list[str], at: int, width: int) -> tuple[list[str], int]:
    """The lines of one item without their margin, and where the next begins."""
    inside, end = [lines[at][width:]], at + 1
    while end < len(lines):
        after = end
        while after < len(lines) and not lines[after].strip():
            after += 1
        margin = len(lines[after]) - len(lines[after].lstrip(" ")) if after < len(lines) else 0
        if margin < min(width, 2):
            break
        inside += [""] * (after - end)
        inside.append(lines[after][min(margin, width) :])
        end = after + 1
    return inside, end


def _table(lines: list[str], at: int, kept: Kept) -> tuple[list[Node], int]:
    end, rows = at, []
    while end < len(lines) and lines[end].startswith("|"):
        if not (end == at + 1 and _SEPARATOR.match(lines[end])):
            kind = (
                "tableHeader" if end == at and at + 1 < len(lines) and _SEPARATOR.match(lines[at + 1]) else "tableCell"
            )
            rows.append(Node("tableRow", {}, [_cell(one, kind, kept) for one in _split(lines[end])]))
        end += 1
    return [Node("table", {}, [*rows])], end


def _split(text: str) -> list[str]:
    cells = [found[1] for found in _CELLS.finditer(text.strip().removeprefix("|"))]
    return cells[:-1] if len(cells) > 1 and not cells[-1].strip() else cells


def _cell(text: str, kind: str, kept: Kept) -> Node:
    inside = re.sub(r"\\(.)", lambda found: "|" if found[1] == "|" else found[0], text.strip())
    return Node(kind, {}, [Node("paragraph", {}, line(inside, kept))])


def _paragraph(text: str, kept: Kept) -> list[Node]:
    """A paragraph; blocks that are named in it, which cannot stand in a line, come after it."""
    named: list[Node] = []
    children: list[Node | Run] = []
    for child in line(text, kept):
        aside = isinstance(child, Node) and schema().nodes[child.kind].group == "block"
        (named if aside else children).append(child)  # type: ignore[arg-type]
    return [*([Node("paragraph", {}, children)] if children or not named else []), *named]
