"""Make folders and texts, name them, move them, throw them away and bring them back."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tilios.core.documents import actions as documents
from tilios.core.documents import queries as read
from tilios.core.documents import rendering
from tilios.core.documents.models import Document, Update
from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.core.shelves import names, tree
from tilios.core.shelves.actions import subtrees
from tilios.core.shelves.models import LONGEST_NAME, below, now_ms
from tilios.tools.pads import indexing
from tilios.tools.pads.actions.holding import writing
from tilios.tools.pads.models import Item
from tilios.tools.pads.queries.rights import Rights
from tilios.tools.pads.queries.texts import UNTITLED
from tilios.tools.pads.shelf import SHELF

#: Languages of texts, by their code.
LANGUAGES = {
    "fr": gettext_lazy("French"),
    "br": gettext_lazy("Breton"),
    "ca": gettext_lazy("Catalan"),
    "co": gettext_lazy("Corsican"),
    "eu": gettext_lazy("Basque"),
    "oc": gettext_lazy("Occitan"),
    "de": gettext_lazy("German"),
    "en": gettext_lazy("English"),
    "es": gettext_lazy("Spanish"),
    "it": gettext_lazy("Italian"),
    "nl": gettext_lazy("Dutch"),
    "pt": gettext_lazy("Portuguese"),
}


def make_folder(*, by: Person, rights: Rights, parent: Item, name: str) -> Item:
    """A new folder, with the rights of the one it is in. Publishes "pads.folder_made".

    Raises NotAllowed, Invalid("name"), Conflict where a folder of that name is there.
    """
    name = names.checked(" ".join(name.split()))
    with writing():
        parent = tree.fresh(SHELF, parent.pk)
        require(rights.may_add(parent), _("You may not add anything in this folder."))
        if Item.objects.filter(parent=parent, name=name, is_folder=True, in_trash=False).exists():
            raise Conflict(_("“%(name)s” is already there.") % {"name": name})
        folder = _add(Item(name=name, is_folder=True, author=by, editor=by), parent)
        publish("pads.folder_made", by=by, target=folder)
    return folder


def begin_text(
    *, by: Person, rights: Rights, parent: Item, name: str = "", state: bytes = b"", language: str = "fr"
) -> Item:
    """A new text in `parent`, holding what the Yjs update `state` says. Publishes "pads.begun".

    Without a name it is called by its first heading, once there is one. Raises NotAllowed, Invalid("name").
    """
    title = checked_title(name) if name.strip() else ""
    with writing():
        parent = tree.fresh(SHELF, parent.pk)
        require(rights.may_add(parent), _("You may not add anything in this folder."))
        item = _add(Item(name=title or str(UNTITLED), is_named=bool(title), author=by, editor=by), parent)
        documents.create(owner=item, by=by, state=state, language=language)
        publish("pads.begun", by=by, target=item)
        indexing.look_at(item)
    return item


def copy_text(*, by: Person, rights: Rights, item: Item, parent: Item | None = None, number: int | None = None) -> Item:
    """A new text that reads as `item` does, or did after its update `number`; beside it unless `parent` is given.

    Its history begins there. Publishes "pads.copied". Raises NotAllowed, Invalid("number").
    """
    document = document_of(item)
    if number is not None and not 0 < number <= document.last_number:
        raise Invalid("number", _("This moment is not in the history of the text."))
    with writing():
        item = tree.fresh(SHELF, item.pk)
        place = tree.fresh(SHELF, parent.pk if parent else item.parent_id or 0)
        require(rights.access(item) > 0)
        require(rights.may_add(place), _("You may not add anything in this folder."))
        name = _("%(name)s (copy)") % {"name": item.name[: LONGEST_NAME - 20]}
        copy = _add(Item(name=name, author=by, editor=by, description=item.description), place)
        documents.fork(document=document, owner=copy, by=by, number=number)
        publish("pads.copied", by=by, target=copy, source=item.pk)
        indexing.look_at(copy)
    return copy


def rename(*, by: Person, rights: Rights, item: Item, name: str) -> Item:
    """Give a folder or a text another name. Publishes "pads.renamed" if it changes. Raises NotAllowed, Invalid."""
    name = names.checked(" ".join(name.split())) if item.is_folder else checked_title(name)
    with writing():
        item = tree.fresh(SHELF, item.pk)
        require(rights.may_change(item), _("You may not rename this."))
        if item.name != name or not item.is_named:
            _call(item, name, is_named=True)
            publish("pads.renamed", by=by, target=item)
            indexing.look_at(item)
    return item


def settle(*, by: Person, rights: Rights, item: Item, language: str, is_template: bool) -> Item:
    """The language of a text, which the browser checks its spelling by, and whether new texts may begin from it.

    Publishes "pads.described". Raises NotAllowed, Invalid("language").
    """
    if language not in LANGUAGES:
        raise Invalid("language", _("Choose a language of the list."))
    with writing():
        item = tree.fresh(SHELF, item.pk)
        require(rights.may_change(item), _("You may not change this."))
        Document.objects.filter(pk=document_of(item).pk).update(language=language)
        item.is_template = is_template
        item.save(update_fields=["is_template"])
        publish("pads.described", by=by, target=item)
    return item


def move(*, by: Person, rights: Rights, item: Item, parent: Item) -> Item:
    """Into another folder. What has no list of rights of its own takes those of where it goes.

    Publishes "pads.moved". Raises NotAllowed, Conflict for a folder into itself.
    """
    with writing():
        item, parent = tree.fresh(SHELF, item.pk), tree.fresh(SHELF, parent.pk)
        require(rights.may_change_all(item), _("You may not move this, or something in it."))
        if parent.path.startswith(item.path):
            raise Conflict(_("A folder cannot go into itself."))
        if parent.pk == item.parent_id:
            return item
        require(rights.may_add(parent), _("You may not add anything in this folder."))
        item.parent = parent
        item.save(update_fields=["parent"])
        subtrees.carry(item, parent)
        publish("pads.moved", by=by, target=item)
        _look(item)
    return item


def throw_away(*, by: Person, rights: Rights, item: Item) -> Item:
    """Into the trash, with all it holds. Publishes "pads.trashed". Raises NotAllowed, Conflict when it is gone."""
    with writing():
        item = tree.fresh(SHELF, item.pk)
        require(rights.may_change_all(item), _("You may not throw this away, or something in it."))
        subtrees.throw_away(item, by)
        publish("pads.trashed", by=by, target=item)
        _look(item)
    return item


def restore(*, by: Person, rights: Rights, item: Item) -> Item:
    """Bring back what was thrown away, where it was; in the nearest folder that is still there otherwise.

    Publishes "pads.restored". Raises NotAllowed, Conflict.
    """
    with writing():
        item = subtrees.thrown_away(SHELF, item.pk)
        require(rights.may_change(item), _("You may not bring this back."))
        folder, was_in = subtrees.nearest(item), item.parent_id
        require(rights.may_add(folder), _("You may not add anything in the folder where this was."))
        subtrees.bring_back(item, folder, item.name)
        if folder.pk != was_in:
            subtrees.carry(item, folder)
        publish("pads.restored", by=by, target=item)
        _look(item)
    return item


def forget(*, by: Person, rights: Rights, items: Iterable[Item]) -> int:
    """Remove for good things that are in the trash, with their history; how many. Publishes "pads.forgotten" for each.

    Raises NotAllowed.
    """
    count = 0
    with writing():
        for asked in items:
            item = Item.objects.filter(pk=asked.pk, trashed_ms__isnull=False).first()
            if item is None:
                continue  # inside another that has just been removed, or restored meanwhile
            require(rights.may_change(item), _("You may not remove this for good."))
            remove(by, item)
            count += 1
    return count


def remove(by: Person | None, item: Item) -> None:
    """Delete a thing of the trash and all that it holds, in a tree that is held."""
    publish("pads.forgotten", by=by, target=item)
    indexing.forget_below(item)
    rows = Item.objects.filter(below(item.path))
    documents.remove(kind="pads.text", targets=list(rows.values_list("pk", flat=True)))
    rows.delete()


def take_back(item: Item) -> None:
    """Remove a text that was begun and could not be filled: nobody has seen it."""
    with writing():
        remove(None, item)


@transaction.atomic
def note_change(document: Document) -> None:
    """A text came to rest: who wrote last and when, its name if nobody gave it one, and what is found of it."""
    item = Item.objects.select_for_update(of=("self",)).filter(pk=document.target, is_folder=False).first()
    if item is None:
        return
    last = Update.objects.filter(document=document).order_by("-number").select_related("person").first()
    if last is not None:
        item.changed_ms = max(item.changed_ms, int(last.made_at.timestamp() * 1000))
        item.editor = last.person
        item.save(update_fields=["changed_ms", "editor"])
    drawn = rendering.render(document)
    if not item.is_named and drawn.outline:
        _call(item, checked_title(drawn.outline[0]["title"][:200]) if drawn.outline[0]["title"].strip() else item.name)
    indexing.look_at(item)


def document_of(item: Item) -> Document:
    """What is written in a text. Raises Conflict for a folder."""
    document = read.document_of(item)
    if document is None:
        raise Conflict(_("This is not a text."))
    return document


def checked_title(title: str) -> str:
    """A title on one line, any signs in it. Raises Invalid("name")."""
    title = " ".join(title.replace("\0", "").split())
    if not title:
        raise Invalid("name", _("Please give a name."))
    if len(title) > LONGEST_NAME:
        raise Invalid("name", _("This title is too long: %(most)s signs at most.") % {"most": LONGEST_NAME})
    return title


def _call(item: Item, name: str, *, is_named: bool = False) -> None:
    item.name, item.sort_name = name, names.sort_key(name)
    item.is_named = item.is_named or is_named
    item.save(update_fields=["name", "sort_name", "is_named"])


def _add(item: Item, parent: Item) -> Item:
    item.parent, item.ruler_id, item.sort_name = parent, parent.ruler_id, names.sort_key(item.name)
    item.changed_ms = now_ms()
    item.save()
    item.path = f"{parent.path}{item.pk}/"
    item.save(update_fields=["path"])
    return item


def _look(item: Any) -> None:
    indexing.look_at(item)
    if item.is_folder:
        indexing.look_below(item)
