"""What owns texts in these tests: polls, which have one for a while. Members write, guests read."""

from dataclasses import replace
from typing import Any

import pycrdt

from tilios.core.access.roles import effective_role
from tilios.core.documents import yjs
from tilios.core.documents.access import Access, Writer
from tilios.core.people.roles import Role
from tilios.core.toolbox import registry
from tilios.core.toolbox.declaration import Tool


def document_access(writer: Writer, poll: Any) -> Access:
    if writer.visitor is not None:
        return Access.WRITE if writer.visitor.link.mode == "vote" else Access.READ
    role = effective_role(writer.person)  # type: ignore[arg-type]
    return Access.MANAGE if role >= Role.MANAGER else Access.WRITE if role >= Role.MEMBER else Access.READ


def declared() -> Tool:
    polls = registry.tool("polls")
    assert polls
    kinds = tuple(
        replace(kind, document_access=f"{__name__}.document_access") if kind.name == "polls.poll" else kind
        for kind in polls.kinds
    )
    return replace(polls, kinds=kinds)


def install() -> None:
    registry._tools["polls"] = declared()


class Typist:
    """A text in memory, as a browser has it: `type` gives the update it makes."""

    def __init__(self, client: int, whole: bytes = b"") -> None:
        self.doc: pycrdt.Doc = pycrdt.Doc(client_id=client)
        if whole:
            self.doc.apply_update(whole)

    def type(self, words: str) -> bytes:
        """A new paragraph at the end."""
        before = self.doc.get_state()
        with self.doc.transaction():
            paragraph = yjs.root(self.doc).children.append(pycrdt.XmlElement("paragraph"))
            paragraph.children.append(pycrdt.XmlText(words))
        return self.doc.get_update(before)

    def erase(self, index: int) -> bytes:
        before = self.doc.get_state()
        del yjs.root(self.doc).children[index]
        return self.doc.get_update(before)

    @property
    def text(self) -> str:
        return read(self.doc.get_update())


def read(whole: bytes) -> str:
    return str(yjs.root(yjs.new_doc(whole)))
