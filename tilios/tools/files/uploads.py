"""Files that come in several goes (core/uploads): into a folder, sub-folders of what is dropped made on the way."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tilios.core.access.links import link
from tilios.core.access.models import ShareLink, Visitor
from tilios.core.blobs.models import Blob
from tilios.core.errors import Conflict, Invalid, require
from tilios.core.people.models import Person
from tilios.core.uploads.models import Choice, Upload
from tilios.tools.files import names
from tilios.tools.files.actions import links as actions
from tilios.tools.files.actions.ledger import writing
from tilios.tools.files.actions.spaces import open_spaces
from tilios.tools.files.actions.writing import fresh, make_folder, standing, write_file
from tilios.tools.files.bringing import sending
from tilios.tools.files.errors import NoRoom, Taken
from tilios.tools.files.models import Item
from tilios.tools.files.queries import tree
from tilios.tools.files.queries.links import LinkRights
from tilios.tools.files.queries.rights import Rights

DEEPEST = 40


def check(person: Person | None, target: Any, name: str, size: int) -> None:
    """Refuse before any byte comes what would be refused once all are here."""
    if person is not None and sending.is_zip_to_bring(target):
        sending.check(person, target, name)
        return
    names.checked(name)
    if person is None:
        by_link, folder = _place_of_link(target)
        actions.refuse_unless_writable(by_link, folder, name)
    else:
        rights, folder = _place(person, target)
        require(rights.may_add(folder), _("You may not add anything in this folder."))
    used, allowed = tree.room(None)
    if allowed is not None and used + size > allowed:
        raise NoRoom(_("There is no room left: the space of the structure is full."))
    owner = Item.objects.select_related("owner").get(pk=(folder.ancestors or [folder.pk])[0]).owner
    if owner is not None:
        used, allowed = tree.room(owner)
        if allowed is not None and used + size > allowed:
            raise NoRoom(_("There is no room left in this personal space."))


def finish(person: Person | None, upload: Upload, blob: Blob) -> dict[str, Any]:
    """Put the file in its folder. Raises Taken where the name is there and nothing was chosen yet."""
    if person is None:
        return _by_link(upload, blob)
    if sending.is_zip_to_bring(upload.target):
        return sending.finish(person, upload, blob)
    rights, folder = _place(person, upload.target)
    with writing():
        folder = _way(person, rights, folder, upload.path)
        name = names.checked(upload.name)
        if upload.choice == Choice.BOTH:
            taken = set(Item.objects.filter(parent=folder, in_trash=False).values_list("name", flat=True))
            name = names.beside(name, taken)
        file, _is_new = write_file(
            by=person,
            rights=rights,
            parent=folder,
            name=name,
            blob=blob,
            modified_ms=upload.modified_ms,
            replace=upload.choice == Choice.REPLACE,
        )
    return {"url": link("files:item", file.pk), "kind": "files.item", "pk": file.pk}


def _place(person: Person, target: Any) -> tuple[Rights, Item]:
    number = target.get("folder") if isinstance(target, dict) else None
    rights = open_spaces(person)
    folder = Item.objects.filter(pk=number, is_folder=True, in_trash=False).first() if number else None
    if folder is None or not rights.sees(folder):
        raise Conflict(_("This folder is not there any more."))
    return rights, folder


def _way(person: Person, rights: Rights, folder: Item, path: str) -> Item:
    """The folder `path` below `folder`, made as far as it is not there."""
    for name in _parts(path):
        there = standing(fresh(folder.pk), name)
        if there is not None and not there.is_folder:
            raise Taken(there)
        folder = there or make_folder(by=person, rights=rights, parent=folder, name=name)
    return folder


def _by_link(upload: Upload, blob: Blob) -> dict[str, Any]:
    """What a visitor sends: a drop box takes it under a free name, whatever folder it came from."""
    rights, folder = _place_of_link(upload.target)
    if rights.mode == "edit":
        folder = _way_of_link(rights, folder, upload.path)
    file, _is_new = actions.bring_file(rights=rights, folder=folder, name=names.checked(upload.name), blob=blob)
    actions.tell_arrival(link=rights.link, folder=folder, count=1)
    return {"url": reverse("share", args=[rights.link.token]), "kind": "files.item", "pk": file.pk}


def _place_of_link(target: Any) -> tuple[LinkRights, Item]:
    """The rights of a link, and its folder, as the share view said them when the upload was announced."""
    share = ShareLink.objects.filter(pk=target["link"], revoked_at=None).first()
    folder = Item.objects.filter(pk=target["folder"], is_folder=True, in_trash=False).first()
    visitor = Visitor.objects.filter(pk=target["visitor"], link=share).first()
    if share is None or folder is None or visitor is None:
        raise Conflict(_("This folder is not there any more."))
    return LinkRights(share, folder, visitor), folder


def _way_of_link(rights: LinkRights, folder: Item, path: str) -> Item:
    """The folder `path` below `folder`, made as far as the link does not show it."""
    for name in _parts(path):
        there = standing(folder, name)
        seen = there is not None and there.is_folder and rights.sees(there)
        folder = there if seen and there else actions.bring_folder(rights=rights, folder=folder, name=name)
    return folder


def _parts(path: str) -> list[str]:
    parts = [names.checked(part) for part in path.split("/") if part]
    if len(parts) > DEEPEST:
        raise Invalid("path", _("These folders are too deep, one in another."))
    return parts
