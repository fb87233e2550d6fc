"""What was changed inside a line, done to its characters in Yjs: those that stay keep their author and their place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import Any

import pycrdt

from tilios.core.documents import tree
from tilios.core.documents.changing.signs import shape
from tilios.core.documents.differing import Change, changes
from tilios.core.documents.schema import schema
from tilios.core.documents.tree import Marks, Node

_WORDS = re.compile(r"\w+|\s+|.", re.DOTALL)


@dataclass
class _Piece:
    """A character, or a node that stands in a line."""

    said: str
    marks: Marks
    node: Node | None = None


@dataclass
class _Place:
    """Where a piece is: the child of the block, the bytes in it from `start` to `end`, its marks as Yjs names them."""

    kind: str
    child: int
    start: int = 0
    end: int = 0
    formats: dict[str, Any] | None = None


def merge_line(here: Any, before: Node, after: Node) -> None:
    """Do to the characters of `here` what was done from `before` to `after`."""
    old, new = list(_pieces(before)), list(_pieces(after))
    places = list(_places(here, before.kind))
    if [place.kind for place in places] != [piece.node.kind if piece.node else piece.said for piece in old]:
        # The form does not say it all (a character that no form holds): this block alone is written again.
        del here.children[0 : len(here.children)]
        tree.fill(here, after)
        return
    edits = _edits(old, new)
    _format(here, places, old, new, edits)
    for a, b, c, d in reversed(edits):
        _delete(here, places[a:b])
        if c < d:
            _insert(here, places[a - 1] if a else None, new[c:d])


def _pieces(block: Node) -> Iterator[_Piece]:
    for child in block.children:
        if isinstance(child, Node):
            yield _Piece(f"\0{shape(child)}", {}, child)
        else:
            yield from (_Piece(character, child.marks) for character in child.text)


def _places(here: Any, kind: str) -> Iterator[_Place]:
    for index, child in enumerate(here.children):
        if isinstance(child, pycrdt.XmlText):
            start = 0
            for text, formats in child.diff():
                for character in text if isinstance(text, str) else "\ufffc":
                    end = start + (len(character.encode()) if isinstance(text, str) else 1)  # pycrdt counts bytes
                    yield _Place(character, index, start, end, formats or {})
                    start = end
        elif child.tag in schema().nodes[kind].holds:
            yield _Place(child.tag, index)


def _edits(old: list[_Piece], new: list[_Piece]) -> list[Change]:
    """The changes, found word by word, each cut down to the characters that differ."""
    was, comes = _in_words(old), _in_words(new)
    ends, new_ends = ([0, *accumulate(_size(one) for one in words)] for words in (was, comes))
    found = []
    for a, b, c, d in changes(was, comes):
        i, j, k, m = ends[a], ends[b], new_ends[c], new_ends[d]
        while i < j and k < m and old[i].said == new[k].said:
            i, k = i + 1, k + 1
        while i < j and k < m and old[j - 1].said == new[m - 1].said:
            j, m = j - 1, m - 1
        found.append((i, j, k, m))
    return found


def _in_words(pieces: list[_Piece]) -> list[str]:
    words: list[str] = []
    for aside, group in groupby(pieces, lambda piece: piece.node is not None):
        said = [piece.said for piece in group]
        words += said if aside else _WORDS.findall("".join(said))
    return words


def _size(word: str) -> int:
    return 1 if word.startswith("\0") else len(word)


def _format(here: Any, places: list[_Place], old: list[_Piece], new: list[_Piece], edits: list[Change]) -> None:
    """Give the characters that stay the marks that they have now."""
    i = k = 0
    for _a, b, c, d in [*edits, (len(old), len(old), len(new), len(new))]:
        stays = [(places[i + n], _marked(places[i + n], old[i + n].marks, new[k + n].marks)) for n in range(c - k)]
        for (child, given), group in groupby(stays, lambda one: (one[0].child, one[1])):
            same = [place for place, _given in group]
            if given:
                here.children[child].format(same[0].start, same[-1].end, given)
        i, k = b, d


def _marked(place: _Place, was: Marks, comes: Marks) -> dict[str, Any]:
    """What is to be said to Yjs for marks to change so; two marks of one name are told apart by "--" and a sum."""
    names = {name for name in was.keys() | comes.keys() if was.get(name) != comes.get(name)}
    gone = dict.fromkeys(key for key in place.formats or {} if key.partition("--")[0] in names)
    return gone | {name: comes[name] for name in names if name in comes}


def _delete(here: Any, places: list[_Place]) -> None:
    for index, group in reversed([(index, list(same)) for index, same in groupby(places, lambda one: one.child)]):
        if group[0].formats is None:
            del here.children[index]
        else:
            del here.children[index][group[0].start : group[-1].end]


def _insert(here: Any, last: _Place | None, pieces: list[_Piece]) -> None:
    """Put `pieces` after the place `last`, or at the beginning."""
    if last is not None and last.formats is not None:
        child, at = last.child, last.end
    else:
        child, at = (last.child + 1 if last else 0), 0
    for node, marks, text in _gathered(pieces):
        within = child < len(here.children) and isinstance(here.children[child], pycrdt.XmlText)
        if node is None:
            if not within:
                here.children.insert(child, pycrdt.XmlText())
            here.children[child].insert(at, text, marks)
            at += len(text.encode())
            continue
        if within and at:
            _split(here, child, at)
            child += 1
        tree.write(here, [node], child)
        child, at = child + 1, 0


def _gathered(pieces: list[_Piece]) -> Iterator[tuple[Node | None, Marks, str]]:
    for _key, group in groupby(pieces, lambda piece: (id(piece.node) if piece.node else None, piece.marks)):
        same = list(group)
        yield same[0].node, same[0].marks, "" if same[0].node else "".join(piece.said for piece in same)


def _split(here: Any, child: int, at: int) -> None:
    """Part a text in two: what stands after `at` is written again in a text of its own."""
    text = here.children[child]
    if at >= len(text):
        return
    head, rest = 0, []
    for piece, formats in text.diff():
        size = len(piece.encode())
        if head + size > at:
            rest.append((piece.encode()[max(at - head, 0) :].decode(), formats or {}))
        head += size
    del text[at : len(text)]
    here.children.insert(child + 1, pycrdt.XmlText())
    tail = here.children[child + 1]
    for piece, formats in rest:
        tail.insert(len(tail), piece, formats)
