"""What a file gave."""

from dataclasses import dataclass, field
from datetime import datetime

from tilios.core.documents.tree import Node


@dataclass(frozen=True)
class Moment:
    """A moment of the history of a text: the Yjs update that leads to it from the one before, when, its name if any."""

    data: bytes
    at: datetime | None = None
    name: str = ""


@dataclass
class Brought:
    """A text from a file: `nodes` is how it reads now. `pictures` are the bytes of each, by the number that the node
    `image` names it by.

    Where the file holds a history, `moments` are it, oldest first: the sum of their updates reads as `nodes`; `authors`
    names those whose hand each Yjs client in them is, and `sayings` is the chat: who, what, when.
    """

    title: str
    nodes: list[Node]
    pictures: dict[int, tuple[str, bytes]] = field(default_factory=dict)  # number: name, bytes
    missing: int = 0  # pictures that could not be found, or are too large
    moments: list[Moment] = field(default_factory=list)
    authors: dict[int, str] = field(default_factory=dict)
    sayings: list[tuple[str, str, datetime | None]] = field(default_factory=list)
