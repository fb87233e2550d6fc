"""Keep the search up to date with the texts."""

from tilios.core.documents.models import Document
from tilios.core.search import index
from tilios.core.shelves.indexing import forget_below, look_below
from tilios.tools.pads.models import Item

__all__ = ["forget_below", "look_at", "look_below", "rested"]


def look_at(item: Item) -> None:
    """Index `item` again, in the caller's transaction."""
    index.update(item)


def rested(document: Document) -> None:
    """A text came to rest: what it says is found, and it is among the latest changed."""
    from tilios.tools.pads.actions.texts import note_change

    note_change(document)
