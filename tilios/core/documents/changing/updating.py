"""What was changed in a form, as a Yjs update of the text."""

from collections.abc import Iterator
from typing import Any

import pycrdt

from tilios.core.documents import tree, yjs
from tilios.core.documents.changing.merging import merge_blocks
from tilios.core.documents.changing.signs import all_of
from tilios.core.documents.differing import changes
from tilios.core.documents.tree import Node


def update(whole: bytes, before: list[Node], after: list[Node], since: list[bytes]) -> bytes:
    """The update that does to the text `whole` what was done from `before` to `after`; yjs.NOTHING if nothing was.

    `since` are the updates that came meanwhile. A block that somebody took out while it was being changed comes back as
    it was changed: Yjs alone would let go of it, and of what was just written with it.
    """
    doc = yjs.new_doc(whole)
    state = doc.get_state()
    silent = doc.get_update(state)  # what was deleted already
    old = list(tree.read(whole).nodes())
    empty = [Node("paragraph")]
    with doc.transaction():
        merge_blocks(yjs.root(doc), tree.read(whole), before or empty, after or empty)
    data = doc.get_update(state)
    if data == silent:
        return yjs.NOTHING
    if not since:
        return data
    state = yjs.new_doc(whole, *since).get_state()
    written = list(tree.read(doc.get_update()).nodes())
    touched = {place for _a, _b, c, d in changes(_keys(old), _keys(written)) for place in range(c, d)}
    gone = list(_taken_out(doc, since))
    with doc.transaction():
        for place, at in reversed(gone):
            if place in touched and place < len(written):
                tree.write(yjs.root(doc), [written[place]], at)
    return doc.get_update(state)


def _keys(nodes: list[Node]) -> list[str]:
    return [all_of(node) for node in nodes]


def _taken_out(doc: pycrdt.Doc, since: list[bytes]) -> Iterator[tuple[int, int]]:
    """Apply `since` to `doc`: each block that it takes out, by the place it had and the place where it would be."""
    deltas: list[Any] = []
    root = yjs.root(doc)
    subscription = root.observe(lambda event: deltas.append(event.delta))  # type: ignore[attr-defined]
    with doc.transaction():
        for one in since:
            doc.apply_update(one)
    root.unobserve(subscription)
    for delta in deltas:
        place = at = 0
        for step in delta:
            if "delete" in step:
                yield from ((place + count, at) for count in range(step["delete"]))
                place += step["delete"]
            elif "insert" in step:
                at += len(step["insert"])
            else:
                place, at = place + step["retain"], at + step["retain"]
