"""Put marks on things and folders: tags, favourites, and what is said of them.

What is published is said without the name of the tool: "described" is "files.described" in the files.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.core.shelves.models import Shelved, Tagged
from tilios.core.shelves.rights import Rights
from tilios.core.shelves.shelf import Shelf, shelf_of
from tilios.core.shelves.tree import fresh

LONGEST_TAG = 40
#: Tags on one thing: beyond, they say nothing any more.
MOST_TAGS = 20
LONGEST_DESCRIPTION = 2000


def add_tags(*, by: Person, rights: Rights, item: Shelved, names: str) -> list[Any]:
    """Put the tags named in `names`, with commas between them, on `item`; those it has already are no fault.

    A tag nobody had yet is made; capitals make no difference. Publishes "described". Raises NotAllowed, Conflict,
    Invalid("tags") for no name, one too long, or too many on one thing.
    """
    shelf, wanted = rights.shelf, _names(names)
    with shelf.writing():
        item = _changeable(rights, item)
        tags = [_tag(shelf, name) for name in wanted]
        had = set(shelf.taggings.filter(item=item).values_list("tag", flat=True))
        new = [tag for tag in tags if tag.pk not in had]
        if len(had) + len(new) > MOST_TAGS:
            raise Invalid("tags", _("At most %(most)s tags on one thing.") % {"most": MOST_TAGS})
        shelf.taggings.bulk_create(shelf.model("Tagging")(item=item, tag=tag) for tag in new)
        if new:
            publish(shelf.action("described"), by=by, target=item, tags=[tag.pk for tag in new])
            shelf.look_at(item)
    return tags


def remove_tag(*, by: Person, rights: Rights, item: Shelved, tag: Tagged) -> None:
    """Take `tag` off `item`; a tag that nothing carries any more is forgotten. Publishes "described".

    Raises NotAllowed, Conflict.
    """
    shelf = rights.shelf
    with shelf.writing():
        item = _changeable(rights, item)
        if not shelf.taggings.filter(item=item, tag=tag).delete()[0]:
            return
        if not shelf.taggings.filter(tag=tag).exists():
            shelf.tags.filter(pk=tag.pk).delete()
        publish(shelf.action("described"), by=by, target=item, untagged=tag.pk)
        shelf.look_at(item)


def rename_tag(*, by: Person, tag: Tagged, name: str) -> Any:
    """Give `tag` another name everywhere. A name that another tag has makes one of the two: that tag, which is given.

    Publishes "tags_changed". The caller asks who may. Raises Invalid("name"), Conflict when the tag is gone.
    """
    shelf, name = shelf_of(tag), _checked(name, "name")
    with shelf.writing():
        tag = _locked(tag)
        other = shelf.tags.filter(name__iexact=name).exclude(pk=tag.pk).first()
        if other is None:
            tag.name = name
            tag.save(update_fields=["name"])
        else:
            carried = shelf.taggings.filter(tag=other).values("item")
            shelf.taggings.filter(tag=tag).exclude(item__in=carried).update(tag=other)
            tag.delete()
        publish(shelf.action("tags_changed"), by=by, tag=tag.pk or 0, into=other.pk if other else 0)
    return other or tag


def delete_tag(*, by: Person, tag: Tagged) -> None:
    """Take `tag` off everything. Publishes "tags_changed". The caller asks who may. Raises Conflict."""
    shelf = shelf_of(tag)
    with shelf.writing():
        tag = _locked(tag)
        number = tag.pk
        tag.delete()
        publish(shelf.action("tags_changed"), by=by, tag=number, deleted=True)


@transaction.atomic
def set_favourite(*, by: Person, rights: Rights, item: Shelved, wanted: bool) -> None:
    """Keep `item` among the favourites of `by`, or not any more. Nobody else sees it. Raises NotAllowed."""
    require(rights.sees(item))
    if wanted:
        rights.shelf.favourites.get_or_create(person=by, item=item)
    else:
        rights.shelf.favourites.filter(person=by, item=item).delete()


def describe(*, by: Person, rights: Rights, item: Shelved, description: str) -> Any:
    """Say what `item` is, in a few sentences; nothing, to say nothing. Publishes "described" if it changes.

    Raises NotAllowed, Conflict, Invalid("description").
    """
    description = description.replace("\r\n", "\n").replace("\0", "").strip()
    if len(description) > LONGEST_DESCRIPTION:
        raise Invalid("description", _("At most %(most)s signs.") % {"most": LONGEST_DESCRIPTION})
    shelf = rights.shelf
    with shelf.writing():
        item = fresh(shelf, item.pk)
        # A space is described by who manages it: nobody renames or moves it.
        may = rights.may_manage(item) if item.parent_id is None else _may_mark(rights, item)
        require(may, _("You may not change what is said of this."))
        if item.description != description:
            item.description = description
            item.save(update_fields=["description"])
            publish(shelf.action("described"), by=by, target=item)
            shelf.look_at(item)
    return item


def _may_mark(rights: Rights, item: Shelved) -> bool:
    return rights.may_change(item)


def _changeable(rights: Rights, item: Shelved) -> Any:
    item = fresh(rights.shelf, item.pk)
    require(_may_mark(rights, item), _("You may not change the tags of this."))
    return item


def _names(text: str) -> list[str]:
    found: dict[str, str] = {}
    for part in text.split(","):
        if name := " ".join(part.split()):
            found.setdefault(name.casefold(), name)
    if not found:
        raise Invalid("tags", _("Write a tag, or several with commas between them."))
    return [_checked(name, "tags") for name in found.values()]


def _checked(name: str, field: str) -> str:
    name = " ".join(name.replace("\0", "").replace(",", " ").split())
    if not name:
        raise Invalid(field, _("Please give a name."))
    if len(name) > LONGEST_TAG:
        raise Invalid(field, _("A tag has at most %(most)s signs.") % {"most": LONGEST_TAG})
    return name


def _tag(shelf: Shelf, name: str) -> Any:
    """The tag of that name; the tree is held, so nobody makes the same one meanwhile."""
    return shelf.tags.filter(name__iexact=name).first() or shelf.tags.create(name=name)


def _locked(tag: Tagged) -> Any:
    found = shelf_of(tag).tags.filter(pk=tag.pk).first()
    if found is None:
        raise Conflict(_("This tag is not there any more."))
    return found
