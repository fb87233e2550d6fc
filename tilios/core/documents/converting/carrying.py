"""What pandoc has no word for is carried through it by signs of the private use area, put in the text of the document.

They are put in before pandoc reads (`carrying_odt`, `carrying_docx`), and become nodes and marks of our tree after.
"""

import colorsys
import re
from collections.abc import Iterator
from typing import Any

from tilios.core.documents.building.runs import tidy
from tilios.core.documents.tree import Marks, Node, Run

ALIGNS = {"center": "\ue7c0", "right": "\ue7c1", "justify": "\ue7c2"}
TONES = {"info": "\ue7c4", "success": "\ue7c5", "warning": "\ue7c6", "danger": "\ue7c7"}
COLOURS = {"yellow": "\ue7c8", "green": "\ue7c9", "blue": "\ue7ca", "pink": "\ue7cb"}
UNDERLINE, END = "\ue7cc", "\ue7cd"  # an end closes what was opened last
PAGE, RULE, CODE, SPACE = "\ue7ce", "\ue7cf", "\ue7d0", "\ue7d1"
MATH, DISPLAY, MATH_END = "\ue7d2", "\ue7d3", "\ue7d4"
ALT, CAPTION = "\ue7d5", "\ue7d6"  # words of a picture, up to MATH_END; a paragraph below one
SIGNS = re.compile("[\ue7c0-\ue7d6]")
_FORMULA = re.compile(f"[{MATH}{DISPLAY}]([^{MATH_END}]*){MATH_END}")
_ALT = re.compile(f"{ALT}([^{MATH_END}]*){MATH_END}")
_OPENS: dict[str, Marks] = {sign: {"highlight": {"colour": colour}} for colour, sign in COLOURS.items()}
_OPENS[UNDERLINE] = {"underline": {}}
_PARTS = re.compile(f"({_FORMULA.pattern.replace('(', '(?:')}|[\ue7c0-\ue7d6])")

#: The hue of each of our colours, from 0 to 1: what is highlighted otherwise takes the nearest.
_HUES = {"yellow": 0.15, "green": 0.34, "blue": 0.57, "pink": 0.92}


def nearest(colour: str) -> str | None:
    """The name of our colour nearest to RRGGBB; None for white, grey and black, which mark nothing."""
    if not re.fullmatch("[0-9a-fA-F]{6}", colour):
        return None
    red, green, blue = (int(colour[at : at + 2], 16) for at in (0, 2, 4))
    if max(red, green, blue) - min(red, green, blue) < 20:
        return None
    hue = colorsys.rgb_to_hsv(red / 255, green / 255, blue / 255)[0]
    return min(_HUES, key=lambda name: min(abs(hue - _HUES[name]), 1 - abs(hue - _HUES[name])))


def restored(nodes: list[Node]) -> list[Node]:
    """`nodes`, in which the signs are what they stand for. No sign stays."""
    found: list[Node] = []
    words: list[str] = []  # of pictures to come
    for node in nodes:
        if node.kind != "image":  # the pictures of a paragraph follow it at once
            words = _taken(node)
            if words and node.kind == "paragraph" and not node.words().strip() and not any(node.nodes()):
                continue
        for made in _restored(node):
            last = found[-1] if found else None
            if made.kind == "image" and words:
                made.attributes["alt"] = made.attributes["alt"] or words.pop(0)
            if made.kind == "paragraph" and made.words().startswith(CAPTION):
                said = made.words().removeprefix(CAPTION).strip()
                if last and last.kind == "image":
                    last.attributes["caption"] = said
                    continue
                made.children = tidy(list(_children(made)))
            # Lines of code, or paragraphs of a box, that follow one another are one block.
            if last and made.kind == last.kind == "codeBlock" and node.kind == "paragraph":
                last.children = [Run(f"{last.words()}\n{made.words()}")]
            elif last and made.kind == last.kind == "callout" and made.attributes == last.attributes:
                last.children += made.children
            else:
                found.append(made)
    return found


def _taken(node: Node) -> list[str]:
    """The words of the pictures of a paragraph, taken out of it: pictures are blocks that come after it."""
    if node.kind != "paragraph" or ALT not in node.words():
        return []
    words = _ALT.findall(node.words())
    for child in node.children:
        if isinstance(child, Run):
            child.text = _ALT.sub("", child.text)
    return words


def _restored(node: Node) -> Iterator[Node]:
    if any(isinstance(child, Run) for child in node.children) or node.kind in ("paragraph", "heading"):
        yield from _line(node)
        return
    node.children = [*restored(list(node.nodes()))]
    inside = list(node.nodes())
    if node.kind in ("tableCell", "tableHeader"):
        aligned = {one.attributes.get("align") for one in inside}
        if len(aligned) == 1 and None not in aligned:  # all of a cell is the cell
            node.attributes["align"] = aligned.pop()
            for one in inside:
                one.attributes["align"] = None
    elif node.kind in ("listItem", "taskItem") and (not inside or inside[0].kind != "paragraph"):
        node.children.insert(0, Node("paragraph"))
    if node.kind == "blockquote" and len(inside) == 1 and inside[0].kind in ("callout", "codeBlock"):
        yield inside[0]  # what is indented is a quotation for pandoc
    else:
        yield node


def _line(node: Node) -> Iterator[Node]:
    said = "".join(SIGNS.findall(node.words()))
    if not said:
        yield node
        return
    plain = SIGNS.sub("", node.words())
    if CAPTION in said and node.kind == "paragraph":
        yield node
        return
    first, _signs, rest = node.words().partition(PAGE)
    ends = PAGE in said and bool(SIGNS.sub("", first).strip()) and not SIGNS.sub("", rest).strip()
    if ends:
        yield from _line(_without(node, PAGE))
        yield Node("pageBreak")
        return
    if CODE in said:
        yield Node("codeBlock", {}, [Run(_code(node))] if plain or SPACE in said else [])
        return
    if RULE in said and not plain.strip():
        yield Node("horizontalRule")
        return
    formula = _FORMULA.fullmatch(node.words().strip())
    if formula and DISPLAY in said:
        yield Node("mathBlock", {"tex": formula[1].strip()})
        return
    yield from [Node("pageBreak")] * said.count(PAGE)
    align = next((name for name, sign in ALIGNS.items() if sign in said), None)
    node.children = tidy(list(_children(node)))
    if align and node.kind in ("paragraph", "heading"):
        node.attributes["align"] = align
    tone = next((name for name, sign in TONES.items() if sign in said), None)
    if tone and node.kind == "paragraph":
        yield Node("callout", {"tone": tone}, [node])
    elif node.children or PAGE not in said:
        yield node


def _without(node: Node, sign: str) -> Node:
    for child in node.children:
        if isinstance(child, Run):
            child.text = child.text.replace(sign, "")
    return node


def _code(node: Node) -> str:
    lines = (
        child.text if isinstance(child, Run) else "\n" if child.kind == "hardBreak" else "" for child in node.children
    )
    return SIGNS.sub("", "".join(lines).replace(SPACE, " "))


def _children(node: Node) -> Iterator[Node | Run]:
    opened: list[Marks] = []
    for child in node.children:
        if isinstance(child, Node):
            if child.kind == "footnote":
                child.children = [
                    Run(SIGNS.sub("", one.text), one.marks) for one in child.children if isinstance(one, Run)
                ]
            yield child
            continue
        for part in _PARTS.split(child.text):
            formula = _FORMULA.fullmatch(part)
            if formula:
                yield Node("math", {"tex": formula[1].strip()})
            elif part in _OPENS:
                opened.append(_OPENS[part])
            elif part == END:
                opened = opened[:-1]
            elif part and not SIGNS.fullmatch(part):
                marks: dict[str, Any] = dict(child.marks)
                for one in opened:
                    marks |= one
                yield Run(part, marks)
