"""What concerns all that is below a folder at once, with the room it takes."""

from django.db.models import Sum

from tilios.core.shelves.actions import subtrees
from tilios.core.shelves.models import below
from tilios.tools.files.actions.ledger import Ledger
from tilios.tools.files.models import Item, Version


def carry(ledger: Ledger, item: Item, parent: Item) -> None:
    """The paths, the rights and the room of what has just changed folders."""
    size = stored_bytes(item.path)
    ledger.charge(item, -size)
    subtrees.carry(item, parent)
    ledger.charge(item, size)


def stored_bytes(path: str) -> int:
    """What is at and below `path` takes, earlier versions and trash included."""
    today = Item.objects.filter(below(path)).aggregate(total=Sum("size"))["total"] or 0
    earlier = Version.objects.filter(item__in=Item.objects.filter(below(path))).aggregate(total=Sum("size"))["total"]
    return today + (earlier or 0)
