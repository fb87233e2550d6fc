"""A tree as Yjs updates in which each author is a Yjs client: what they wrote stays theirs."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import pycrdt

from tilios.core.documents import yjs
from tilios.core.documents.converting.etherpad.lines import Said
from tilios.core.documents.differing import changes
from tilios.core.documents.tree import Node

_HOUSE = ""  # whose the blocks are, and what nobody signed
Path = list[int]


class Hands:
    """A text in the making: one Yjs document for each author, all of which hold the same."""

    def __init__(self) -> None:
        self._docs: dict[str, pycrdt.Doc] = {_HOUSE: yjs.new_doc()}
        self._keys: list[str] = []  # of the blocks there are

    @property
    def clients(self) -> dict[str, int]:
        """The Yjs client of each author met."""
        return {author: doc.client_id for author, doc in self._docs.items() if author != _HOUSE}

    def write(self, nodes: list[Node]) -> bytes:
        """The update that makes the text read as `nodes`; blocks that are as they were are left alone."""
        keys = [repr(node) for node in nodes]  # marks and authors included
        differing = changes(self._keys, keys)
        self._keys = keys
        updates = [self._frame(nodes, differing)]
        texts = [text for _a, _b, c, d in differing for at in range(c, d) for text in _texts(nodes[at], [at])]
        there: set[str] = set()
        for author in dict.fromkeys(run.author for _path, runs in texts for run in runs):
            updates.append(self._say(author, texts, there))
            there.add(author)
        return yjs.merged(updates)

    def _frame(self, nodes: list[Node], differing: list[Any]) -> bytes:
        """Put the blocks, without what is said in them."""
        house = self._docs[_HOUSE]
        state = house.get_state()
        root = yjs.root(house)
        with house.transaction():
            for a, b, c, d in reversed(differing):
                del root.children[a:b]
                for offset, node in enumerate(nodes[c:d]):
                    _put(root.children, a + offset, node)
        return self._told(_HOUSE, house.get_update(state))

    def _say(self, author: str, texts: list[tuple[Path, list[Said]]], there: set[str]) -> bytes:
        """Put what `author` says among what those that are `there` said."""
        if author not in self._docs:
            self._docs[author] = yjs.new_doc(self._docs[_HOUSE].get_update())
        doc = self._docs[author]
        state = doc.get_state()
        with doc.transaction():
            for path, runs in texts:
                text: Any = yjs.root(doc)
                for index in path:
                    text = text.children[index]
                at = 0  # bytes, as pycrdt counts
                for run in runs:
                    if run.author == author:
                        text.insert(at, run.text, run.marks)
                    if run.author == author or run.author in there:
                        at += len(run.text.encode())
        return self._told(author, doc.get_update(state))

    def _told(self, author: str, update: bytes) -> bytes:
        for other, doc in self._docs.items():
            if other != author:
                doc.apply_update(update)
        return update


def _put(children: Any, at: int, node: Node) -> None:
    given = {name: value for name, value in node.attributes.items() if value is not None}
    children.insert(at, pycrdt.XmlElement(node.kind, given))
    element = children[at]
    for index, (said, child) in enumerate(_pieces(node)):
        if said:
            element.children.insert(index, pycrdt.XmlText())
        else:
            _put(element.children, index, child)


def _texts(node: Node, path: Path) -> Iterator[tuple[Path, list[Said]]]:
    for index, (said, child) in enumerate(_pieces(node)):
        if said:
            yield [*path, index], said
        else:
            yield from _texts(child, [*path, index])


def _pieces(node: Node) -> Iterator[tuple[list[Said], Any]]:
    """The children of `node` as Yjs has them: runs that follow one another are one text."""
    for is_said, group in groupby(node.children, lambda child: isinstance(child, Said)):
        if is_said:
            yield [child for child in group if isinstance(child, Said)], None
        else:
            yield from (([], child) for child in group)
