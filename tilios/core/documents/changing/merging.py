"""What somebody changed in the plain form, done to the Yjs text: nothing is touched but what they changed.

Three trees go side by side: `old`, as the text has it; `before`, what the form says of it; `after`, what they sent.
What was done is where `before` and `after` differ, whatever the form does not say.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pycrdt

from tilios.core.documents import tree
from tilios.core.documents.changing.lines import merge_line
from tilios.core.documents.changing.signs import WHOLE, is_line, shape, visible
from tilios.core.documents.differing import Change, changes
from tilios.core.documents.schema import schema
from tilios.core.documents.tree import Node

MOST_PAIRED = 400  # blocks taken away times blocks put in, of one change
ALIKE = 0.4  # of two blocks, from 0 to 1, for one to be the other written again


def merge_blocks(here: Any, old: Node, before: list[Node], after: list[Node]) -> None:
    """Do to the children of `here`, whose tree is `old`, what was done from `before` to `after`."""
    nodes, elements = list(old.nodes()), list(_known(here, old.kind))
    shown = visible(old)
    if [nodes[place].kind for place in shown] != [one.kind for one in before]:
        before = [nodes[place] for place in shown]  # the form does not say it all: what stands is what was
    places = [elements[place][0] for place in shown]
    smaller = [
        pair
        for change in changes([_key(one) for one in before], [_key(one) for one in after])
        for pair in _paired(before, after, change)
    ]
    for a, b, c, d in reversed(smaller):
        if b - a == d - c == 1 and before[a].kind == after[c].kind and before[a].kind not in WHOLE:
            _merge(elements[shown[a]][1], nodes[shown[a]], before[a], after[c])
            continue
        for place in reversed(places[a:b]):
            del here.children[place]
        at = places[a] if a < b else places[a - 1] + 1 if a else 0
        tree.write(here, after[c:d], at)


def _merge(here: Any, old: Node, before: Node, after: Node) -> None:
    for name, value in after.attributes.items():
        if value != before.attributes[name]:
            if value is None:
                del here.attributes[name]
            else:
                here.attributes[name] = value
    if is_line(before):
        merge_line(here, before, after)
    else:
        merge_blocks(here, old, list(before.nodes()), list(after.nodes()))


def _known(here: Any, kind: str) -> Iterator[tuple[int, Any]]:
    """The children of `here` that its tree holds, in order, with their place."""
    for place, child in enumerate(here.children):
        if isinstance(child, pycrdt.XmlElement) and child.tag in schema().nodes[kind].holds:
            yield place, child


def _key(node: Node) -> str:
    return repr(shape(node))


def _paired(before: list[Node], after: list[Node], change: Change) -> Iterator[Change]:
    """One change as smaller ones: a block that is another written again is followed, the rest comes and goes."""
    a, b, c, d = change
    if (b - a) * (d - c) > MOST_PAIRED:
        pairs = [(a + count, c + count) for count in range(min(b - a, d - c))]
    else:
        pairs = _alike(before, after, change)
    for one, other in [*pairs, (b, d)]:
        if a < one or c < other:
            yield a, one, c, other
        if one < b and other < d:
            yield one, one + 1, other, other + 1
        a, c = one + 1, other + 1


def _alike(before: list[Node], after: list[Node], change: Change) -> list[tuple[int, int]]:
    """The pairs of blocks, in order, that are most alike put together."""
    a, b, c, d = change
    alone = b - a == d - c == 1
    best: dict[tuple[int, int], tuple[float, list[tuple[int, int]]]] = {}
    for one in range(b, a - 1, -1):
        for other in range(d, c - 1, -1):
            if one == b or other == d:
                best[one, other] = (0.0, [])
                continue
            found = max(best[one + 1, other], best[one, other + 1], key=lambda pair: pair[0])
            score = _likeness(before[one], after[other], alone=alone)
            total = score + best[one + 1, other + 1][0]
            if score and total > found[0]:
                found = (total, [(one, other), *best[one + 1, other + 1][1]])
            best[one, other] = found
    return best[a, c][1]


def _likeness(one: Node, other: Node, *, alone: bool) -> float:
    if one.kind != other.kind or one.kind in WHOLE:
        return 0
    said, says = Counter(one.words().split()), Counter(other.words().split())
    if alone or not (said or says):
        return 1
    ratio = 2 * (said & says).total() / (said.total() + says.total())
    return ratio if ratio >= ALIKE else 0
