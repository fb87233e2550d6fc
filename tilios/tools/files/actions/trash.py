"""Throw away, bring back, forget."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from tilios.core.access.models import Visitor
from tilios.core.errors import require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.core.shelves.actions import subtrees
from tilios.tools.files import indexing, names
from tilios.tools.files.actions.ledger import Ledger, writing
from tilios.tools.files.actions.subtrees import carry, stored_bytes
from tilios.tools.files.actions.writing import Check, fresh, nothing_to_check, touched
from tilios.tools.files.models import Item, Version
from tilios.tools.files.models.items import below
from tilios.tools.files.queries.links import LinkRights
from tilios.tools.files.queries.rights import Rights
from tilios.tools.files.shelf import SHELF


def trash_item(
    *,
    by: Person | None,
    rights: Rights | LinkRights,
    item: Item,
    check: Check = nothing_to_check,
    visitor: Visitor | None = None,
) -> Item:
    """Throw `item` away with all it holds; it can be brought back for as long as the structure says.

    Publishes "files.trashed". Raises Conflict when it is gone already, NotAllowed.
    """
    with writing() as ledger:
        item = fresh(item.pk)
        check(item)
        require(rights.may_change_all(item), _("You may not throw this away, or something in it."))
        throw_away(ledger, by, item, visitor)
    return item


def throw_away(ledger: Ledger, by: Person | None, item: Item, visitor: Visitor | None = None) -> None:
    """What `trash_item` does, in a tree that is held, for somebody whose right is known."""
    folder = fresh(item.parent_id)  # type: ignore[arg-type]
    subtrees.throw_away(item, by)
    touched(folder)
    ledger.note(folder, item.name)
    publish("files.trashed", by=by, target=item, visitor=visitor)
    indexing.look_at(item)
    if item.is_folder:
        indexing.look_below(item)


def restore_item(*, by: Person, rights: Rights, item: Item) -> Item:
    """Bring back what was thrown away, where it was; in the nearest folder that is still there otherwise, and under
    another name if its own is taken meanwhile. Publishes "files.restored". Raises Conflict, NotAllowed.
    """
    with writing() as ledger:
        item = subtrees.thrown_away(SHELF, item.pk)
        require(rights.may_change(item), _("You may not bring this back."))
        folder = subtrees.nearest(item)
        require(rights.may_add(folder), _("You may not add anything in the folder where this was."))
        taken = set(Item.objects.filter(parent=folder, in_trash=False).values_list("name", flat=True))
        was_in = item.parent_id
        subtrees.bring_back(item, folder, names.beside(item.name, taken))
        if folder.pk != was_in:
            carry(ledger, item, folder)
        touched(folder)
        ledger.note(folder, item.name)
        publish("files.restored", by=by, target=item)
        indexing.look_at(item)
        if item.is_folder:
            indexing.look_below(item)
    return item


def forget_items(*, by: Person, rights: Rights, items: Iterable[Item]) -> int:
    """Remove for good things that are in the trash, with their versions; how many. Publishes "files.forgotten" for
    each. Raises NotAllowed.
    """
    count = 0
    with writing() as ledger:
        for asked in items:
            item = Item.objects.filter(pk=asked.pk, trashed_ms__isnull=False).first()
            if item is None:
                continue  # inside another that has just been removed, or restored meanwhile
            require(rights.may_change(item), _("You may not remove this for good."))
            remove(ledger, by, item)
            count += 1
    return count


def remove(ledger: Ledger, by: Person | None, item: Item) -> None:
    """Delete a thing of the trash and all that it holds, and give back the room it took."""
    publish("files.forgotten", by=by, target=item)
    ledger.charge(item, -stored_bytes(item.path))
    indexing.forget_below(item)
    Version.objects.filter(item__in=Item.objects.filter(below(item.path))).delete()
    Item.objects.filter(below(item.path)).delete()
