"""Keep the search up to date: at once for what changed, in the background for all that is below it."""

from tilios.core import reading
from tilios.core.blobs.models import Blob
from tilios.core.search import index
from tilios.core.shelves.indexing import forget_below, look_below
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope, unscoped
from tilios.tools.files.models import Item

__all__ = ["forget_below", "look_at", "look_below", "words_are_known"]


def look_at(item: Item) -> None:
    """Index `item` again, in the caller's transaction; what is written in it, once that is read."""
    if item.blob is not None and not item.in_trash:
        reading.ask(item.blob, name=item.name)
    index.update(item)


def words_are_known(blob: Blob) -> None:
    """Called once the words of a document are read: each file that has these bytes is indexed with them."""
    with unscoped("the words of a document are those of every structure that has it"):
        structures = set(Item.objects.filter(blob=blob, in_trash=False).values_list("structure", flat=True))
    for structure in Structure.objects.filter(pk__in=structures):
        with scope(structure):
            index.update_many(Item.objects.filter(blob=blob, in_trash=False))
