"""Values for the URLs of the tool, for the isolation matrix and the contract suite."""

from typing import Any

from tilios.core.documents import actions as documents
from tilios.core.documents.access import Writer
from tilios.core.documents.building import from_html
from tilios.core.documents.models import Document
from tilios.core.people.models import Person
from tilios.core.shelves import names
from tilios.core.shelves.actions import marks, rights
from tilios.core.shelves.levels import Level, Space
from tilios.core.shelves.models import now_ms
from tilios.core.shelves.reading import note_reading
from tilios.tools.pads.actions import texts
from tilios.tools.pads.actions.spaces import open_spaces
from tilios.tools.pads.models import Favourite, Item, Reading, Tag, Tagging

#: Pages whose number of queries may not grow with the rows.
PAGES = (
    "pads:home",
    "pads:item",
    "pads:new",
    "pads:trash",
    "pads:rights",
    "pads:shared_with_me",
    "pads:favourites",
    "pads:recents",
    "pads:tags",
    "pads:tag",
    "pads:about",
    "pads:readers",
)
WORDS = "<h2>Accueil</h2><p>Bonjour à tout le monde.</p>"


def common(by: Person) -> Item:
    """Everybody's space."""
    open_spaces(by)
    return Item.objects.get(space=Space.COMMON)


def text(by: Person, name: str = "Compte rendu", html: str = WORDS, parent: Item | None = None) -> Item:
    mine = open_spaces(by)
    return texts.begin_text(by=by, rights=mine, parent=parent or common(by), name=name, state=from_html(html))


def folder(by: Person, name: str = "Dossier", parent: Item | None = None) -> Item:
    return texts.make_folder(by=by, rights=open_spaces(by), parent=parent or common(by), name=name)


def objects(by: Person) -> dict[str, Any]:
    """A text in a folder that has a list of its own, with a tag; one in the trash."""
    inside = folder(by)
    made = text(by, parent=inside)
    mine = open_spaces(by)
    rights.give_own_list(by=by, rights=mine, folder=inside)
    line = rights.set_line(by=by, rights=open_spaces(by), folder=inside, to=by, level=Level.MANAGE)
    tag = marks.add_tags(by=by, rights=open_spaces(by), item=made, names="important")[0]
    closed = folder(by, "Fermé")
    rights.give_own_list(by=by, rights=open_spaces(by), folder=closed)
    thrown = text(by, "Vieux")
    texts.throw_away(by=by, rights=open_spaces(by), item=thrown)
    return {
        "pk": made.pk,
        "new_folder:pk": inside.pk,
        "bring:pk": inside.pk,
        "own_list:pk": made.pk,
        "inherit:pk": closed.pk,
        "add_line:pk": inside.pk,
        "change_line:pk": inside.pk,
        "line_pk": line.pk,
        "tag_pk": tag.pk,
        "form": "txt",
        "step": "history",
    }


def fill(by: Person, n: int) -> dict[str, Any]:
    """`n` texts and folders in one folder, `n` in the trash, and something in every table."""
    inside = folder(by, f"Plein {Item.objects.count()}")
    plant(by, inside, [f"texte {number}" for number in range(n)])
    plant(by, inside, [f"dossier {number}" for number in range(n)], is_folder=True)
    thrown = plant(by, common(by), [f"jeté {number} {inside.pk}" for number in range(n)])
    Item.objects.filter(pk__in=[one.pk for one in thrown]).update(in_trash=True, trashed_ms=now_ms(), trashed_by=by)
    rows = list(Item.objects.filter(parent=inside, is_folder=False))
    tag, _made = Tag.objects.get_or_create(name="plein")
    Tagging.objects.bulk_create(Tagging(tag=tag, item=row) for row in rows)
    Favourite.objects.bulk_create(Favourite(person=by, item=row) for row in rows)
    Reading.objects.bulk_create(Reading(person=by, item=row) for row in rows)
    one = text(by, "Un texte", parent=inside)
    document = texts.document_of(one)
    documents.name_revision(document=document, by=Writer(person=by), name="Relu")
    documents.begin_thread(
        document=document, by=Writer(person=by), start=b"\x00", end=b"\x01", quote="Bonjour", body="Vraiment ?"
    )
    documents.say(document=document, by=Writer(person=by), body="Qui relit ?")
    note_reading(by, one)
    return {"pk": inside.pk, "tag_pk": tag.pk}


def plant(by: Person, parent: Item, called: list[str], *, is_folder: bool = False) -> list[Item]:
    """Many things at once in `parent`, without what an action does beside: for pages whose queries are counted."""
    made = [
        Item(
            name=name, sort_name=names.sort_key(name), parent=parent, ruler_id=parent.ruler_id, author=by, editor=by,
            is_folder=is_folder,
        )
        for name in called
    ]  # fmt: skip
    Item.objects.bulk_create(made, 500)
    for one in made:
        one.path = f"{parent.path}{one.pk}/"
    Item.objects.bulk_update(made, ["path"], 300)
    if not is_folder:
        Document.objects.bulk_create(Document(kind="pads.text", target=one.pk, text="Bonjour") for one in made)
    return made
