"""Two states of a text side by side: what was put in, what was taken out."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from html import escape

from tilios.core.documents import tree
from tilios.core.documents.drawing import Files, draw_tree, plain
from tilios.core.documents.tree import Node

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
MOST_WORDS = 4000  # of one block; beyond, it is shown whole as taken out and put in


def compare(before: bytes, after: bytes, files: Files | None = None) -> str:
    """HTML of the text `after`, with <ins> around what `before` did not say and <del> where it said something else.

    Blocks that did not change are drawn as they are; words are compared in those that did.
    """
    old, new = list(tree.read(before).nodes()), list(tree.read(after).nodes())
    drawn_old, drawn_new = ([_drawn(node, files or {}) for node in nodes] for nodes in (old, new))
    return "".join(_parts(old, new, drawn_old, drawn_new))


def _drawn(node: Node, files: Files) -> str:
    return draw_tree(Node("doc", {}, [node]), files).html


def _parts(old: list[Node], new: list[Node], drawn_old: list[str], drawn_new: list[str]) -> Iterator[str]:
    for what, a, b, c, d in SequenceMatcher(None, drawn_old, drawn_new, autojunk=False).get_opcodes():
        if what == "equal":
            yield from drawn_new[c:d]
            continue
        pairs = min(b - a, d - c)
        for index in range(pairs):
            yield _pair(old[a + index], new[c + index], drawn_old[a + index], drawn_new[c + index])
        yield from (f"<del>{html}</del>" for html in drawn_old[a + pairs : b])
        yield from (f"<ins>{html}</ins>" for html in drawn_new[c + pairs : d])


def _pair(old: Node, new: Node, drawn_old: str, drawn_new: str) -> str:
    """A block that took the place of another: word by word where both are lines of text of one kind."""
    lines = {"paragraph": "p", "heading": "h3"}
    before, after = (_WORDS.findall(plain(node)) for node in (old, new))
    if old.kind != new.kind or new.kind not in lines or before == after or len(before) + len(after) > MOST_WORDS:
        return f"<del>{drawn_old}</del><ins>{drawn_new}</ins>"
    return f"<{lines[new.kind]}>{''.join(_words(before, after))}</{lines[new.kind]}>"


def _words(before: list[str], after: list[str]) -> Iterator[str]:
    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = escape("".join(before[a:b])), escape("".join(after[c:d]))
        if what == "equal":
            yield come
            continue
        if gone:
            yield f"<del>{gone}</del>"
        if come:
            yield f"<ins>{come}</ins>"
