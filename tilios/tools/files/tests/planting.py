"""Folders, files and rights for the tests, made as somebody would make them."""

import io
from typing import Any

from tilios.core.blobs import actions as blobs
from tilios.core.people.models import Group, Person
from tilios.tools.files.actions import writing
from tilios.tools.files.actions.spaces import open_spaces
from tilios.tools.files.models import Grant, Item, Level, Space
from tilios.tools.files.models.items import below
from tilios.tools.files.queries.rights import Rights


def again(person: Person) -> Person:
    """The person as a new request finds them: nothing that was read before is remembered."""
    found = Person.objects.get(pk=person.pk)
    found.structure = person.structure
    return found


def rights_of(person: Person) -> Rights:
    return open_spaces(again(person))


def common(person: Person) -> Item:
    """Everybody's space, made if need be."""
    open_spaces(again(person))
    return Item.objects.get(space=Space.COMMON)


def own(person: Person) -> Item:
    open_spaces(again(person))
    return Item.objects.get(owner=person)


def folder(by: Person, parent: Item, name: str) -> Item:
    return writing.make_folder(by=by, rights=rights_of(by), parent=parent, name=name)


def file(by: Person, parent: Item, name: str, content: bytes = b"x", **options: Any) -> Item:
    blob = blobs.store(io.BytesIO(content), name=name)
    return writing.write_file(by=by, rights=rights_of(by), parent=parent, name=name, blob=blob, **options)[0]


def own_list(place: Item, *lines: tuple[int | Group | Person, Level]) -> Item:
    """Give `place` a list of rights of its own: (a role, a group or a person; a level) each."""
    inherited = place.ruler_id
    Grant.objects.filter(folder=place).delete()
    Item.objects.filter(below(place.path), ruler=inherited).update(ruler=place)
    for who, level in lines:
        field = "group" if isinstance(who, Group) else "person" if isinstance(who, Person) else "role"
        Grant.objects.create(folder=place, level=level, **{field: who})
    place.refresh_from_db()
    return place


def content_of(item: Item) -> bytes:
    assert item.blob is not None
    with item.blob.open() as opened:
        return opened.read()


def names_in(place: Item) -> set[str]:
    """What a folder holds, whoever looks; the trash left out."""
    return set(Item.objects.filter(parent=place, in_trash=False).values_list("name", flat=True))
