"""What visitors of a share link do: bring files and folders, replace bytes, throw away what they brought."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tilios.core.access.models import ShareLink
from tilios.core.blobs.models import Blob
from tilios.core.errors import require
from tilios.core.notify.actions import notify
from tilios.core.people.models import Person
from tilios.tools.files import names
from tilios.tools.files.actions.trash import trash_item
from tilios.tools.files.actions.writing import make_folder, write_file
from tilios.tools.files.errors import Taken
from tilios.tools.files.models import Brought, Item
from tilios.tools.files.queries.links import LinkRights

#: How often another name is looked for when somebody else takes it at the same moment.
TRIES = 20


def bring_file(*, rights: LinkRights, folder: Item, name: str, blob: Blob) -> tuple[Item, bool]:
    """Put the bytes in `folder`; the file, and whether it is new. A link that shows the folder replaces the file of
    that name, which stays as an earlier version; a drop box never does: the new one is called "name (2)".

    Publishes "files.added" or "files.written". Raises NotAllowed, Conflict, NoRoom, Invalid("name"), Damaged.
    """
    wanted = name
    for _try in range(TRIES):
        try:
            with transaction.atomic():
                item, is_new = write_file(
                    by=None,
                    rights=rights,
                    parent=folder,
                    name=name,
                    blob=blob,
                    replace=rights.mode == "edit",
                    visitor=rights.visitor,
                )
                if is_new:
                    _brought(rights, item)
                return item, is_new
        except Taken as error:
            taken, name = error, _beside(folder, wanted)
    raise taken


def refuse_unless_writable(rights: LinkRights, folder: Item, name: str) -> None:
    """Raise NotAllowed where the link lets nothing be written under `name` in `folder`, before its bytes are kept."""
    there = Item.objects.filter(parent=folder, name=name, in_trash=False).first()
    may = rights.may_add(folder) or (there is not None and rights.may_change(there))
    require(may, _("This link does not let you add anything here."))


def bring_folder(*, rights: LinkRights, folder: Item, name: str) -> Item:
    """A new folder in `folder`. Publishes "files.folder_made".

    Raises Taken where the visitor sees something of that name (what they do not see makes it "name (2)"), NotAllowed,
    Conflict, Invalid("name").
    """
    wanted = name
    for _try in range(TRIES):
        try:
            with transaction.atomic():
                made = make_folder(by=None, rights=rights, parent=folder, name=name, visitor=rights.visitor)
                _brought(rights, made)
                return made
        except Taken as error:
            # SECURITY: a refusal would tell the name of a folder that is closed to the link.
            if rights.sees(error.item):
                raise
            taken, name = error, _beside(folder, wanted)
    raise taken


def throw_away_brought(*, rights: LinkRights, item: Item) -> Item:
    """Throw away what came by the link, into the trash of the structure. Publishes "files.trashed".

    Raises NotAllowed for anything else, Conflict when it is gone already.
    """
    return trash_item(by=None, rights=rights, item=item, visitor=rights.visitor)


def tell_arrival(*, link: ShareLink, folder: Item, count: int) -> None:
    """Tell who made the link that `count` files came by it ("files.received"): once for all that is sent together."""
    if count and link.created_by_id:
        notify(
            "files.received",
            to=Person.objects.filter(pk=link.created_by_id),
            target=folder,
            text=lambda: (
                ngettext(
                    "%(count)s file came into “%(folder)s” by the link you made.",
                    "%(count)s files came into “%(folder)s” by the link you made.",
                    count,
                )
                % {"count": count, "folder": folder.name}
            ),
        )


def _brought(rights: LinkRights, item: Item) -> None:
    Brought.objects.create(item=item, link=rights.link, visitor=rights.visitor)


def _beside(folder: Item, name: str) -> str:
    taken: Sequence[str] = Item.objects.filter(parent=folder, in_trash=False).values_list("name", flat=True)
    return names.beside(names.checked(name), set(taken))
