"""Values for the URLs of rights, marks and rules: a part of contract.py."""

import io
from collections.abc import Sequence
from typing import Any

from tilios.core.blobs import actions as blobs
from tilios.core.people.models import Group, Membership, Person
from tilios.core.people.roles import Role
from tilios.core.shelves.actions import marks, rights
from tilios.tools.files import names
from tilios.tools.files.actions import writing
from tilios.tools.files.actions.spaces import open_spaces
from tilios.tools.files.models import Favourite, Item, Level, Reading, Space, Tag, Tagging
from tilios.tools.files.queries.rights import Rights

#: Pages whose number of queries may not grow with the rows.
PAGES = (
    "files:rights",
    "files:shared_with_me",
    "files:favourites",
    "files:recents",
    "files:tags",
    "files:tag",
    "files:about",
    "files:rules",
    "files:readers",
)


def common(by: Person) -> tuple[Rights, Item]:
    """The rights of `by`, and the space of everybody."""
    mine = open_spaces(by)
    return mine, Item.objects.get(space=Space.COMMON)


def personal(by: Person) -> tuple[Rights, Item]:
    """The rights of `by`, and their own space."""
    mine = open_spaces(by)
    return mine, Item.objects.get(owner=by)


def make_folder(by: Person, name: str, parent: Item | None = None) -> Item:
    """A folder in everybody's space, or in `parent`."""
    mine, top = common(by)
    return writing.make_folder(by=by, rights=mine, parent=parent or top, name=name)


def write(by: Person, name: str, content: bytes = b"Bonjour", parent: Item | None = None) -> Item:
    """A file in everybody's space, or in `parent`; written again if it is there."""
    mine, top = common(by)
    blob = blobs.store(io.BytesIO(content), name=name)
    return writing.write_file(by=by, rights=mine, parent=parent or top, name=name, blob=blob)[0]


def plant(by: Person, parent: Item, called: Sequence[str], *, is_folder: bool = False) -> list[Item]:
    """Many things at once in `parent`, without what an action does beside: for pages whose queries are counted."""
    blob = None if is_folder else blobs.store(io.BytesIO(b"Bonjour"), name="a.txt")
    content = {"blob": blob, "size": blob.size, "media_type": blob.media_type} if blob else {}
    made = [
        Item(
            parent=parent,
            ruler_id=parent.ruler_id,
            is_folder=is_folder,
            name=name,
            sort_name=names.sort_key(name),
            author=by,
            editor=by,
            **content,
        )
        for name in called
    ]
    Item.objects.bulk_create(made)
    for item in made:
        item.path = f"{parent.path}{item.pk}/"
    Item.objects.bulk_update(made, ["path"], 200)
    return made


def closed_folder(by: Person, name: str, parent: Item | None = None) -> Item:
    """A folder whose own list names `by`, and nobody else but those who look after everybody's files."""
    folder = make_folder(by, name, parent)
    rights.give_own_list(by=by, rights=Rights(by), folder=folder)
    rights.set_line(by=by, rights=Rights(by), folder=folder, to=by, level=Level.MANAGE)
    for line in folder.grants.exclude(person=by):
        rights.remove_line(by=by, rights=Rights(by), folder=folder, line=line, is_sure=True)
    return Item.objects.get(pk=folder.pk)


def objects(by: Person) -> dict[str, Any]:
    """A folder with a list of its own, one without, a file with a tag, in the structure of `by`."""
    open_folder = make_folder(by, "Ouvert à tout le monde")
    closed = closed_folder(by, "Fermé")
    file = write(by, "étiqueté.txt", parent=open_folder)
    (tag,) = marks.add_tags(by=by, rights=Rights(by), item=file, names="à signer")
    values = {f"{name}:pk": open_folder.pk for name in ("rights", "own_list", "add_line", "about", "readers")}
    values |= {f"{name}:pk": closed.pk for name in ("inherit", "change_line", "add_line")}
    return values | {
        "favourite:pk": file.pk,
        "untag:pk": file.pk,
        "tag_pk": tag.pk,
        "line_pk": closed.grants.get().pk,
        "person_pk": by.pk,
    }


def fill(by: Person, n: int) -> dict[str, Any]:
    """`n` people and groups on a list, readers, favourites, files that carry one tag."""
    folder = closed_folder(by, f"Plein de droits {Item.objects.count()}")
    tag, _made = Tag.objects.get_or_create(name="rempli")
    files = plant(by, folder, [f"fichier {number}.txt" for number in range(n)])
    for number in range(n):
        person = Person.objects.create(display_name=f"Personne {number}", role=Role.MEMBER)
        group = Group.objects.create(name=f"Groupe {folder.pk} {number}")
        Membership.objects.create(person=person, group=group)
        folder.grants.create(group=group, level=Level.VIEW)
        folder.grants.create(person=person, level=Level.EDIT)
        file = files[number]
        Tagging.objects.create(tag=tag, item=file)
        Favourite.objects.create(person=by, item=file)
        Reading.objects.create(person=person, item=file)
        Reading.objects.create(person=by, item=file)
    return {"pk": folder.pk, "tag_pk": tag.pk}
