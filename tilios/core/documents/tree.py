"""A text as a tree of nodes and runs, between Yjs and whatever is made of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pycrdt

from tilios.core.documents import yjs
from tilios.core.documents.schema import NodeType, schema

DEEPEST = 60  # nodes inside one another; what lies deeper is left out
Marks = dict[str, dict[str, Any]]


@dataclass
class Run:
    """Characters that have the same marks."""

    text: str
    marks: Marks = field(default_factory=dict)


@dataclass
class Node:
    """An element of the schema, with its attributes whole."""

    kind: str
    attributes: dict[str, Any] = field(default_factory=dict)
    children: list["Node | Run"] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.attributes = schema().attributes(schema().nodes[self.kind].attributes, self.attributes)

    def nodes(self) -> Iterator["Node"]:
        """The children that are nodes."""
        return (child for child in self.children if isinstance(child, Node))

    def words(self) -> str:
        """The characters in it and below, in order."""
        return "".join(child.text if isinstance(child, Run) else child.words() for child in self.children)


def read(state: bytes) -> Node:
    """The tree of a text. What the schema does not know, or not there, is left out, whatever its writer meant."""
    return Node("doc", {}, _children(yjs.root(yjs.new_doc(state)), schema().nodes["doc"], 0))


def _children(parent: Any, kind: NodeType, depth: int) -> list[Node | Run]:
    if depth > DEEPEST:
        return []
    found: list[Node | Run] = []
    for child in parent.children:
        if isinstance(child, pycrdt.XmlText):
            if "text" in kind.holds:
                found += _runs(child, kind)
        elif isinstance(child, pycrdt.XmlElement) and child.tag in kind.holds:
            inner = schema().nodes[child.tag]
            found.append(Node(child.tag, _attributes(child), _children(child, inner, depth + 1)))
    return found


def _attributes(element: Any) -> dict[str, Any]:
    return {str(name): value for name, value in list(element.attributes)}


def _runs(text: Any, kind: NodeType) -> Iterator[Run]:
    for piece, formats in text.diff():
        if isinstance(piece, str) and piece:
            yield Run(piece, _marks(formats or {}, kind))


def _marks(formats: dict[str, Any], kind: NodeType) -> Marks:
    """Marks that may stand in `kind`. Two of one name are told apart by "--" and a sum, which says nothing."""
    found: Marks = {}
    for key, value in formats.items():
        name = key.partition("--")[0]
        if value is not None and name in schema().marks and name in kind.marks:
            given = value if isinstance(value, dict) else {}
            found[name] = schema().attributes(schema().marks[name], given)
    if found.get("link", {}).get("href") == "":
        del found["link"]
    return found


def write(parent: Any, nodes: list[Node], at: int | None = None) -> None:
    """Put `nodes` in a Yjs fragment or element as y-prosemirror would: at its end, or before its child number `at`."""
    for offset, node in enumerate(nodes):
        given = {name: value for name, value in node.attributes.items() if value is not None}
        place = len(parent.children) if at is None else at + offset
        parent.children.insert(place, pycrdt.XmlElement(node.kind, given))
        fill(parent.children[place], node)


def fill(element: Any, node: Node) -> None:
    """Put what `node` holds in a Yjs element that is empty."""
    text = None
    for child in node.children:
        if isinstance(child, Node):
            write(element, [child])
            text = None
            continue
        if text is None:
            text = element.children.append(pycrdt.XmlText())
        text.insert(len(text), child.text, child.marks)


def update_of(nodes: list[Node]) -> bytes:
    """A Yjs update that makes a new text of `nodes`."""
    doc = yjs.new_doc()
    write(yjs.root(doc), nodes)
    return bytes(doc.get_update())
