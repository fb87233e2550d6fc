"""Count the changes of a calendar or an address book, which is how its synchronisations are told of them."""

from collections.abc import Sequence

from django.db.models import F

from tilios.core.shelves.models import now_ms
from tilios.tools.agenda.models import Gone, Item

#: How many removals are told of: who was away longer reads everything again.
MOST_GONE = 5_000


def next_number(collection: Item, changes: int = 1) -> int:
    """The number of the change being made; the first, of several objects that change at once. Each has its own, so
    that synchronisation may stop between any two. Holds the collection until the transaction ends, so that numbers are
    given in the order in which changes become visible.
    """
    Item.objects.filter(pk=collection.pk).update(number=F("number") + changes, changed_ms=now_ms())
    collection.number = Item.objects.values_list("number", flat=True).get(pk=collection.pk)
    return collection.number - changes + 1


def note_gone(collection: Item, names: Sequence[str], first: int) -> None:
    """Remember that objects were removed, to tell it to those who synchronise; `first` is the number of the first."""
    Gone.objects.bulk_create(
        [Gone(collection=collection, name=name, number=first + place) for place, name in enumerate(names)],
        update_conflicts=True,
        unique_fields=["collection", "name"],
        update_fields=["number"],
    )
    if first // 500 != (first + len(names)) // 500:
        forget_old(collection)


def forget_old(collection: Item) -> None:
    """Keep the latest `MOST_GONE` removals."""
    numbers = Gone.objects.filter(collection=collection).order_by("-number").values_list("number", flat=True)
    oldest = numbers[MOST_GONE : MOST_GONE + 1].first()
    if oldest is not None:
        Gone.objects.filter(collection=collection, number__lte=oldest).delete()
        Item.objects.filter(pk=collection.pk).update(known_since=oldest)
