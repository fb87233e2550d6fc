"""What concerns an item with all that is below it, in a tree that is held, once the right is known."""

from typing import Any

from django.db.models import Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from tilios.core.errors import Conflict
from tilios.core.people.models import Person
from tilios.core.shelves import names
from tilios.core.shelves.models import Shelved, below, now_ms
from tilios.core.shelves.shelf import Shelf


def carry(item: Any, parent: Any) -> None:
    """The paths and the rights of what has just changed folders, now in `parent`."""
    old, inherited = item.path, item.ruler_id
    new = f"{parent.path}{item.pk}/"
    moved = item.shelf.items.filter(below(old))
    if inherited != item.pk:
        moved.filter(ruler=inherited).update(ruler=parent.ruler_id)
    moved.update(path=Concat(Value(new), Substr("path", len(old) + 1)))
    item.refresh_from_db(fields=["path", "ruler"])


def throw_away(item: Any, by: Person | None) -> None:
    """Into the trash, where it stood; what is below goes with it."""
    item.shelf.items.filter(below(item.path), in_trash=False).update(in_trash=True)
    item.in_trash, item.trashed_ms, item.trashed_by = True, now_ms(), by
    item.save(update_fields=["trashed_ms", "trashed_by"])


def thrown_away(shelf: Shelf, pk: int) -> Any:
    """The thing as it lies in the trash. Raises Conflict if it does not any more."""
    item = shelf.items.filter(pk=pk, trashed_ms__isnull=False).first()
    if item is None:
        raise Conflict(_("This is not in the trash any more."))
    return item


def nearest(item: Shelved) -> Any:
    """The closest folder above that is not in the trash; a space never is."""
    alive = item.shelf.items.filter(pk__in=item.ancestors, in_trash=False).order_by("-path")
    return max(alive, key=lambda one: len(one.path))


def bring_back(item: Any, folder: Any, name: str) -> None:
    """Out of the trash under `name`, into `folder`; what was thrown away before its folder stays in the trash."""
    items = item.shelf.items
    inner = list(items.filter(below(item.path, itself=False), trashed_ms__isnull=False))
    back = items.filter(below(item.path))
    for other in inner:
        back = back.exclude(below(other.path))
    item.name = name
    item.sort_name, item.trashed_ms, item.trashed_by = names.sort_key(name), None, None
    # First: two of one name are refused below.
    item.save(update_fields=["name", "sort_name", "trashed_ms", "trashed_by"])
    back.update(in_trash=False)
    item.in_trash = False
    if folder.pk != item.parent_id:
        item.parent = folder
        item.save(update_fields=["parent"])
