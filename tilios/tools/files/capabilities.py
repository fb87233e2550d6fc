"""What files answer for the other tools: core/toolbox/attachable.py says each question."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef

from tilios.core.access.links import absolute, link
from tilios.core.blobs import actions as blobs
from tilios.core.errors import NotAllowed
from tilios.core.people.models import Person
from tilios.core.reading.models import Reading
from tilios.core.shelves.levels import Space
from tilios.core.toolbox.attachable import Choice, File, numbers
from tilios.kit.names import safe_filename
from tilios.kit.text import fold
from tilios.tools.files import names
from tilios.tools.files.actions.spaces import open_spaces
from tilios.tools.files.actions.writing import fresh, make_folder, standing, write_file
from tilios.tools.files.models import Item
from tilios.tools.files.queries import tree
from tilios.tools.files.queries.rights import Rights
from tilios.tools.files.templatetags.files import has_thumbnail, icon_of

MOST = 50
PICTURE_SIDE = 96
ADDRESSES = ("files:download", "files:item")


def known(person: Person, addresses: Sequence[str]) -> dict[str, File | None]:
    """Capability "file.known". Two queries, whatever their number."""
    asked = numbers(addresses, ADDRESSES)
    rows = _files(Rights(person)).in_bulk(set(asked.values())) if asked else {}
    return {address: _told(rows[pk]) if pk in rows else None for address, pk in asked.items()}


def choose(person: Person, *, folder: int | None = None, words: str = "") -> Choice:
    """Capability "file.choose": files that `words` name, anywhere; else what is in `folder`, or the spaces."""
    rights = open_spaces(person)
    if words.strip():
        found = _files(rights).filter(sort_name__contains=fold(words.strip())).order_by("-changed_ms", "pk")
        return _choice(found)
    place = Item.objects.filter(pk=folder, is_folder=True, in_trash=False).first() if folder else None
    if place is None or not rights.sees(place):
        return Choice(folders=tuple((one.pk, one.name) for one in tree.roots(rights)))
    trail = tuple((one.pk, one.name) for one in [*tree.trail(place), place])
    folders = tuple((one.pk, one.name) for one in tree.folders_in(rights, place)[:MOST])
    return _choice(_files(rights).filter(parent=place), trail=trail, folders=folders)


def places(person: Person) -> list[tuple[int, str]]:
    """Capability "file.places"."""
    rights = open_spaces(person)
    roots = [one for one in tree.roots(rights) if rights.may_add(one)]
    return [(one.pk, one.name) for one in sorted(roots, key=lambda one: one.space != Space.COMMON)]


def send(*, by: Person, place: int, folder: str, name: str, stream: Any) -> File:
    """Capability "file.send": under a name that is free. Raises NotAllowed, NoRoom, Invalid("name")."""
    rights = open_spaces(by)
    if place not in dict(places(by)):
        raise NotAllowed
    into = _folder(by, rights, fresh(place), folder)
    blob = blobs.store(stream, name=name)
    taken = set(Item.objects.filter(parent=into, in_trash=False).values_list("name", flat=True))
    free = names.beside(safe_filename(name), taken)
    file, _is_new = write_file(by=by, rights=rights, parent=into, name=free, blob=blob, replace=False)
    return _told(file)


def _folder(by: Person, rights: Rights, place: Item, name: str) -> Item:
    """The folder of that name in `place`; the place itself where a file is called so, or nothing may be added there."""
    there = standing(place, name)
    if there is None:
        return make_folder(by=by, rights=rights, parent=place, name=name)
    return there if there.is_folder and rights.may_add(there) else place


def _files(rights: Rights) -> Any:
    has_cover = Exists(Reading.objects.filter(blob=OuterRef("blob"), cover__isnull=False))
    return rights.visible().filter(is_folder=False).annotate(has_cover=has_cover)


def _choice(found: Any, **more: Any) -> Choice:
    rows = list(found[: MOST + 1])
    return Choice(files=tuple(_told(one) for one in rows[:MOST]), is_cut=len(rows) > MOST, **more)


def _told(file: Item) -> File:
    picture = f"{link('files:picture', file.pk, PICTURE_SIDE)}?r={file.revision}" if has_thumbnail(file) else ""
    return File(
        address=absolute(link("files:download", file.pk)),
        name=file.name,
        size=file.size,
        media_type=file.media_type,
        icon=icon_of(file),
        page=link("files:item", file.pk),
        download=link("files:download", file.pk),
        picture=picture,
    )
