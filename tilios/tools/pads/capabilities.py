"""What texts answer for the other tools."""

import re
from collections.abc import Sequence
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from tilios.core.access.links import absolute, link
from tilios.core.documents import queries, rendering
from tilios.core.documents.access import Access
from tilios.core.documents.files import as_paper
from tilios.core.errors import Conflict, NotAllowed
from tilios.core.journal.actions import publish
from tilios.core.people.models import Group, Person
from tilios.core.people.roles import Role
from tilios.core.shelves.levels import Level
from tilios.core.toolbox.attachable import Paper, Text, numbers
from tilios.kit.documents.problems import Unreadable
from tilios.kit.text import fold
from tilios.tools.pads.actions import bringing, texts
from tilios.tools.pads.actions.holding import writing
from tilios.tools.pads.actions.spaces import open_spaces
from tilios.tools.pads.models import Grant, Item
from tilios.tools.pads.queries.rights import Rights
from tilios.tools.pads.queries.texts import places_to_write

MOST = 50  # texts to choose among
#: Addresses that a text gives relative to its own: its pictures and files, the things of other tools in it.
RELATIVE = re.compile(r'(?<= )(src|href)="(?=(?:files|embeds)/)')


def import_document(*, by: Person, name: str, file: BinaryIO | Any) -> str:
    """Answers "document.import": a text of a file, in the first space where `by` may write. The address of the text.

    Raises NotAllowed where they may write nowhere, Invalid("file") for what cannot be read.
    """
    rights = open_spaces(by)
    place = next(iter(places_to_write(rights)), None)
    if place is None or not rights.may("write"):
        raise NotAllowed(_("You may not begin a text here."))
    return link("pads:item", bringing.bring(by=by, rights=rights, folder=place, name=name, file=file).item.pk)


def known(person: Person, addresses: Sequence[str]) -> dict[str, Text | None]:
    """Capability "text.known" (core/toolbox/attachable.py): each text that is seen is drawn, so ask for few."""
    asked = numbers(addresses, ("pads:item",))
    if not asked:
        return {}
    rights = Rights(person)
    rows = rights.visible().filter(is_folder=False).in_bulk(set(asked.values()))
    return {address: _told(rights, rows[pk]) if pk in rows else None for address, pk in asked.items()}


def paper(person: Person, address: str) -> Paper | None:
    """Capability "text.paper" (core/toolbox/attachable.py)."""
    number = next(iter(numbers([address], ("pads:item",)).values()), None)
    item = Rights(person).visible().filter(pk=number, is_folder=False).first()
    document = queries.document_of(item) if item is not None else None
    if item is None or document is None:
        return None
    try:
        html, pictures = as_paper(document)
    except Unreadable as error:
        raise Conflict(_("This text is too long to be printed.")) from error
    page = link("pads:item", item.pk)
    return Paper(
        html=html, pictures=pictures, paths={name: f"{page}files/{name}" for name in pictures if name.isdigit()}
    )


def choose(person: Person, *, words: str = "") -> list[tuple[str, str]]:
    """Capability "text.choose": the texts that changed last, fifty at most, or those whose name holds `words`."""
    rows = Rights(person).visible().filter(is_folder=False).order_by("-changed_ms", "-pk")
    if asked := fold(words.strip()):
        rows = rows.filter(sort_name__contains=asked)
    return [(absolute(link("pads:item", pk)), name) for pk, name in rows.values_list("pk", "name")[:MOST]]


def begin(*, by: Person, name: str, readers: Sequence[tuple[Role | Group | Person, bool]]) -> Text:
    """Capability "text.begin": an empty text with a list of rights of its own: `readers`, and `by`, who manages it.

    It stands in the space of `by` if nobody else reads it, else in a shared one where `by` may write, if there is one.
    Publishes "pads.begun". Raises NotAllowed where they may write nowhere, Invalid("name").
    """
    rights = open_spaces(by)
    is_shared = any(to != by for to, _may_write in readers)
    places = places_to_write(rights)
    place = next((one for one in places if (one.owner_id is None) == is_shared), next(iter(places), None))
    if place is None or not rights.may("write"):
        raise NotAllowed(_("You may not begin a text here."))
    with writing():
        item = texts.begin_text(by=by, rights=rights, parent=place, name=name)
        # SECURITY: the list is of this text alone, which nobody has seen yet: no other is opened by it.
        Grant.objects.bulk_create(_line(item, to, may_write) for to, may_write in readers if to != by)
        Grant.objects.create(folder=item, person=by, level=Level.MANAGE)
        item.ruler = item
        item.save(update_fields=["ruler"])
        publish("pads.rights_changed", by=by, target=item, own=True, lines=len(readers))
        item.shelf.look_at(item)
    return _told(Rights(by), item)


def _line(item: Item, to: Role | Group | Person, may_write: bool) -> Grant:
    level = Level.EDIT if may_write else Level.VIEW
    if isinstance(to, Role):
        return Grant(folder=item, level=level, role=to)
    return Grant(folder=item, level=level, **{"group" if isinstance(to, Group) else "person": to})


def discard(*, by: Person, address: str) -> None:
    """Capability "text.discard": to the trash of the texts. Raises NotAllowed; nothing for what is there no more."""
    rights = open_spaces(by)
    number = next(iter(numbers([address], ("pads:item",)).values()), None)
    item = rights.visible().filter(pk=number, is_folder=False).first()
    if item is not None:
        texts.throw_away(by=by, rights=rights, item=item)


def _told(rights: Rights, item: Item) -> Text:
    document, page = queries.document_of(item), link("pads:item", item.pk)
    drawn = rendering.render(document) if document is not None else None
    return Text(
        address=absolute(page),
        kind="pads.text",
        number=item.pk,
        name=item.name,
        page=page,
        html=RELATIVE.sub(rf'\1="{page}', drawn.html) if drawn else "",
        words=drawn.words if drawn else 0,
        may_write=rights.access(item) >= Access.WRITE,
        may_discard=rights.may_change(item),
    )
