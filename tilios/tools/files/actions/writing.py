"""Make folders, write files and their versions."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tilios.core.access.models import Visitor
from tilios.core.blobs import actions as blobs
from tilios.core.blobs.models import Blob
from tilios.core.errors import Conflict, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.core.structures.composed import composed
from tilios.tools.files import indexing, names
from tilios.tools.files.actions.ledger import Ledger, writing
from tilios.tools.files.errors import Taken
from tilios.tools.files.models import Item, Version
from tilios.tools.files.models.items import now_ms
from tilios.tools.files.queries import tree
from tilios.tools.files.queries.links import LinkRights
from tilios.tools.files.queries.rights import Rights

#: Called with what stands at the place, or None, when nobody else can write there any more; raises what must stop.
Check = Callable[[Item | None], None]


def nothing_to_check(_there: Item | None) -> None:
    """For who has no condition of their own."""


def fresh(pk: int) -> Item:
    """The item as it is now that the tree is held. Raises Conflict if it is gone."""
    item = next(iter(_standing_at(pk)), None)
    if item is None:
        raise Conflict(_("This folder is not there any more."))
    return item


def standing(folder: Item, name: str) -> Item | None:
    """What is called `name` in `folder`."""
    return next(iter(tree.below(folder.pk, name)), None)


@composed
def _standing_at(pk: int) -> QuerySet[Item]:
    return Item.objects.filter(pk=pk, in_trash=False)


def touched(folder: Item) -> None:
    """The folder has other members than before."""
    folder.revision += 1
    folder.modified_ms = now_ms()
    folder.save(update_fields=["revision", "modified_ms"])


def make_folder(
    *,
    by: Person | None,
    rights: Rights | LinkRights,
    parent: Item,
    name: str,
    check: Check = nothing_to_check,
    visitor: Visitor | None = None,
) -> Item:
    """A new folder, with the rights of the one it is in. Publishes "files.folder_made".

    Raises Taken, Conflict, NotAllowed, Invalid("name").
    """
    name = names.checked(name)
    with writing() as ledger:
        parent = fresh(parent.pk)
        there = standing(parent, name)
        check(there)
        require(rights.may_add(parent), _("You may not add anything in this folder."))
        if there is not None:
            raise Taken(there)
        folder = add(ledger, parent, Item(is_folder=True, name=name, author=by, editor=by))
        publish("files.folder_made", by=by, target=folder, visitor=visitor)
        indexing.look_at(folder)
    return folder


def add(ledger: Ledger, parent: Item, item: Item) -> Item:
    """Put a new item in `parent`, in the tree that is held: its path, its rights, the log."""
    item.parent, item.ruler_id, item.sort_name = parent, parent.ruler_id, names.sort_key(item.name)
    item.save()
    item.path = f"{parent.path}{item.pk}/"
    item.save(update_fields=["path"])
    touched(parent)
    ledger.charge(item, item.size)
    ledger.note(parent, item.name)
    return item


def write_file(
    *,
    by: Person | None,
    rights: Rights | LinkRights,
    parent: Item,
    name: str,
    blob: Blob | Callable[[], Blob],
    modified_ms: int | None = None,
    check: Check = nothing_to_check,
    replace: bool = True,
    visitor: Visitor | None = None,
) -> tuple[Item, bool]:
    """Put bytes under `name`; the file, and whether it is new. What stood there stays as an earlier version.

    `blob` may be what stores it: called once the tree is held and the write allowed, so for a few bytes in memory only.

    Publishes "files.added" or "files.written". Raises Taken where a folder has the name, or a file without `replace`;
    Conflict, NotAllowed, NoRoom, Invalid("name"), Damaged.
    """
    name = names.checked(name)
    with writing() as ledger:
        parent = fresh(parent.pk)
        there = standing(parent, name)
        check(there)
        if there is None:
            require(rights.may_add(parent), _("You may not add anything in this folder."))
            content = _of(_held(blob), modified_ms)
            file = Item(name=name, author=by, editor=by, **content)
            add(ledger, parent, file)
        else:
            if there.is_folder or not replace:
                raise Taken(there)
            require(rights.may_change(there), _("You may not change this file."))
            file = _rewritten(ledger, parent, there, by, _of(_held(blob), modified_ms))
        publish("files.added" if there is None else "files.written", by=by, target=file, visitor=visitor)
        indexing.look_at(file)
    return file, there is None


def _held(blob: Blob | Callable[[], Blob]) -> Blob:
    """The blob, which nobody collects before the transaction ends."""
    return blob() if callable(blob) else blobs.keep(blob)


def _of(blob: Blob, modified_ms: int | None) -> dict[str, Any]:
    now = now_ms()
    return {
        "blob": blob,
        "size": blob.size,
        "media_type": blob.media_type,
        "modified_ms": now if modified_ms is None else min(modified_ms, now),
        "changed_ms": now,
    }


def _rewritten(ledger: Ledger, parent: Item, file: Item, by: Person | None, content: dict[str, Any]) -> Item:
    is_other = file.blob_id != content["blob"].pk
    before = Version(
        item=file,
        blob=file.content,
        size=file.size,
        media_type=file.media_type,
        author_id=file.editor_id,
        modified_ms=file.modified_ms,
        made_ms=file.changed_ms,
        label=file.label,
    )
    for field, value in content.items():
        setattr(file, field, value)
    file.editor, file.revision = by, file.revision + 1
    if is_other:
        before.save()
        file.label = ""
        ledger.charge(file, file.size)
    file.save(update_fields=[*content, "editor", "revision", "label"])
    ledger.note(parent, file.name)
    return file
