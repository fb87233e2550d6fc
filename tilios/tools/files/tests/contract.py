"""Values for the URLs of the tool, for the isolation matrix and the contract suite."""

import io
from typing import Any

from PIL import Image

from tilios.core.blobs import actions as blobs
from tilios.core.people.models import Person
from tilios.tools.files.actions import bringing as actions
from tilios.tools.files.actions import trash, writing
from tilios.tools.files.actions.spaces import open_spaces
from tilios.tools.files.models import Item, Space
from tilios.tools.files.models.bringing import Source
from tilios.tools.files.models.items import now_ms
from tilios.tools.files.queries.rights import Rights
from tilios.tools.files.tests import contract_sharing

#: Pages whose number of queries may not grow with the rows.
PAGES = ("files:home", "files:item", "files:trash", *contract_sharing.PAGES)


def common(by: Person) -> tuple[Rights, Item]:
    """The rights of `by`, and the space of everybody."""
    rights = open_spaces(by)
    return rights, Item.objects.get(space=Space.COMMON)


def file(by: Person, name: str = "note.txt", text: str = "Bonjour", parent: Item | None = None) -> Item:
    """A text in everybody's space, or in `parent`; written again if it is there."""
    return write(by, name, text.encode(), parent)


def write(by: Person, name: str, content: bytes, parent: Item | None = None) -> Item:
    rights, top = common(by)
    blob = blobs.store(io.BytesIO(content), name=name)
    return writing.write_file(by=by, rights=rights, parent=parent or top, name=name, blob=blob)[0]


def folder(by: Person, name: str = "Dossier", parent: Item | None = None) -> Item:
    rights, top = common(by)
    return writing.make_folder(by=by, rights=rights, parent=parent or top, name=name)


def objects(by: Person) -> dict[str, Any]:
    """A file with an earlier version, in a folder, in the structure of `by`; one in the trash."""
    inside = folder(by)
    made = file(by, parent=inside)
    written = file(by, text="Bonsoir", parent=inside)
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "#b4532a").save(out, "PNG")
    picture = write(by, "image.png", out.getvalue(), inside)
    thrown = file(by, "vieux.txt")
    trash.trash_item(by=by, rights=open_spaces(by), item=thrown)
    bringing = actions.begin(by=by, rights=open_spaces(by), folder=inside, source=Source.ZIP)
    return {
        "bringing": bringing.pk,
        "bring:pk": inside.pk,
        "pk": written.pk,
        "new_folder:pk": inside.pk,
        "send:pk": inside.pk,
        "together:pk": inside.pk,
        "version_pk": made.versions.get().pk,
        "picture:pk": picture.pk,
        "side": 96,
    } | contract_sharing.objects(by)


def fill(by: Person, n: int) -> dict[str, Any]:
    """`n` files and folders in one folder, and `n` in the trash."""
    inside = folder(by, f"Plein {Item.objects.count()}")
    contract_sharing.plant(by, inside, [f"fichier {number}.txt" for number in range(n)])
    contract_sharing.plant(by, inside, [f"dossier {number}" for number in range(n)], is_folder=True)
    thrown = contract_sharing.plant(by, common(by)[1], [f"jeté {number} {inside.pk}.txt" for number in range(n)])
    Item.objects.filter(pk__in=[one.pk for one in thrown]).update(in_trash=True, trashed_ms=now_ms(), trashed_by=by)
    more = contract_sharing.fill(by, n)
    return {"pk": inside.pk, "tag_pk": more["tag_pk"]}
