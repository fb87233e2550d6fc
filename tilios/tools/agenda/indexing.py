"""Keep the search up to date when a calendar or an address book changes hands: in the background."""

from tilios.core.jobs import job
from tilios.core.search import index
from tilios.core.shelves.models import below
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.tools.agenda.models import Card, Entry, Item

BATCH = 500


def look_at(item: Item) -> None:
    """What a collection holds is found by whoever may see it now."""
    look_below(item)


def look_below(item: Item) -> None:
    """Index what is in `item`, a space or a collection, again, soon."""
    _look_below.enqueue(item.structure_id, item.path)


@job
def _look_below(structure_pk: int, path: str) -> int:
    with scope(Structure.objects.get(pk=structure_pk)):
        collections = list(Item.objects.filter(below(path)).values_list("pk", flat=True))
        count = 0
        for rows in (
            Entry.objects.filter(calendar__in=collections).select_related("calendar"),
            Card.objects.filter(book__in=collections).select_related("book"),
        ):
            last = 0
            while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
                index.update_many(batch)
                count, last = count + len(batch), batch[-1].pk
        return count
