"""The signs of the plain form, which both those that write it and those that read it know."""

import hashlib
import json
import re
from typing import Any

from tilios.core.documents.schema import schema
from tilios.core.documents.tree import Marks, Node

#: From the outermost to the innermost.
ORDER = (
    *("added", "removed", "link", "highlight", "bold", "italic", "underline", "strike", "superscript", "subscript"),
    "code",
)
SIGNS = {"bold": "**", "italic": "*", "strike": "~~"}
TAGS = {"bold": "b", "italic": "i", "strike": "s", "underline": "u", "superscript": "sup", "subscript": "sub"}
TAGS |= {"code": "code", "highlight": "mark", "added": "ins", "removed": "del"}
CODE = "[0-9a-z]{5}"

KEPT = re.compile(rf"\[\[({CODE}) [^\[\]\n|]*\]\]")  # what has no form of its own, by its code
TAG = re.compile(rf"<(/?)({'|'.join(TAGS.values())}|br)(?: (\w+))?>")
LINK = re.compile(r"\]\((?:<([^<>\n]*)>|([^()\s<>]*(?:\([^()\s<>]*\)[^()\s<>]*)*))\)")

HEADING = re.compile(r"(#{1,4})(?: (.*)|)$")
RULE = re.compile(r"(?:-{3,}|\*{3,}|_{3,})$")
FENCE = re.compile(r"(`{3,})([\w+#.-]{0,40})$")
ITEM = re.compile(r"( {0,3})(?:[-*+]|(\d{1,9})[.)])(?: |$)")
BOX = re.compile(r"\[([ xX])\](?: |$)")
TONE = re.compile(rf"\[!({'|'.join(schema().values['tone'])})\]$")
#: Lines that begin something else than a paragraph.
BEGINS = re.compile(
    rf"{HEADING.pattern}|{RULE.pattern}|{FENCE.pattern}|{ITEM.pattern}|>|\||{KEPT.pattern}$|\[[ xX]\](?: |$)|\[!"
)

Kept = dict[str, Node | Marks]


def code_of(kept: Node | Marks) -> str:
    """Five characters that name what is kept: the same for the same thing, in whatever text."""
    number = int.from_bytes(hashlib.sha256(all_of(kept).encode()).digest()[:8])
    digits = ""
    while len(digits) < 5:
        number, digit = divmod(number, 36)
        digits += "0123456789abcdefghijklmnopqrstuvwxyz"[digit]
    return digits


def all_of(kept: Node | Marks) -> str:
    """All that a node or marks hold, in one order: Yjs gives the marks of a run in any."""
    return json.dumps(kept, sort_keys=True, default=vars)


def is_line(node: Node) -> bool:
    """Whether it holds characters rather than blocks."""
    return "text" in schema().nodes[node.kind].holds


def visible(node: Node) -> list[int]:
    """The places, among the nodes in it, of the blocks that have a form: an empty paragraph has none beside others."""
    blocks = list(node.nodes())
    said = [index for index, block in enumerate(blocks) if block.kind != "paragraph" or block.children]
    if not said:
        return [0] if blocks else []
    if node.kind in ("listItem", "taskItem") and blocks[said[0]].kind != "paragraph" and said[0]:
        return [0, *said]  # an item begins with a paragraph, were it empty
    return said


def shape(node: Node) -> Any:
    """What the form says of a block, to compare two of them."""
    own = {name: node.attributes[name] for name in CARRIED.get(node.kind, ())}
    if node.kind in WHOLE:
        own = node.attributes
    inside = line(node) if is_line(node) else [shape(list(node.nodes())[index]) for index in visible(node)]
    return [node.kind, own, inside]


def line(node: Node) -> list[Any]:
    """What stands in a line: [characters, marks], or the shape of a node."""
    found: list[Any] = []
    for child in node.children:
        if isinstance(child, Node):
            found.append(shape(child))
        elif found and isinstance(found[-1][0], str) and found[-1][1:] == [child.marks]:
            found[-1][0] += child.text
        elif child.text:
            found.append([child.text, child.marks])
    return found


#: Attributes that the form says; the others stay as they are.
CARRIED = {
    "heading": ("level",), "callout": ("tone",), "codeBlock": ("language",), "orderedList": ("start",),
    "taskItem": ("checked",), "tableCell": ("colspan", "rowspan"), "tableHeader": ("colspan", "rowspan"),
}  # fmt: skip
#: Nodes that come back as they went.
WHOLE = frozenset({"image", "file", "embed", "mathBlock", "math", "mention", "pageBreak"})
