"""What people may do with texts."""

from typing import Any

from django.db.models import QuerySet

from tilios.core.access.models import ShareLink
from tilios.core.documents import rights as documents
from tilios.core.documents.access import Access, Writer
from tilios.core.journal.models import Entry
from tilios.core.people.models import Person
from tilios.core.shelves import rights
from tilios.core.shelves.levels import Level
from tilios.tools.pads.models import Item

#: What a level lets do in a text that one did not begin.
ACCESS = {
    Level.VIEW: Access.READ,
    Level.COMMENT: Access.COMMENT,
    Level.ADD: Access.COMMENT,
    Level.EDIT: Access.WRITE,
    Level.MANAGE: Access.MANAGE,
}
#: What a link lets do, by its mode.
LINK_ACCESS = {"read": Access.READ, "comment": Access.COMMENT, "write": Access.WRITE}
#: The least level on a text to make each kind of link to it.
LEAST = {"read": Level.EDIT, "comment": Level.EDIT, "write": Level.MANAGE}
#: After which somebody may do less with a text than before.
ENDS_RIGHTS = frozenset({"pads.rights_changed", "pads.moved", "pads.trashed", "pads.forgotten"})


class Rights(rights.Rights):
    """The rights of one person in the texts: see core/shelves/rights.py."""

    tool = "pads"

    def access(self, item: Item) -> Access:
        """What the person may do in a text."""
        level = self.level(item)
        if item.is_folder or item.in_trash or level < Level.VIEW:
            return Access.NONE
        if not self.may("write"):
            return Access.COMMENT if level >= Level.COMMENT and self.may("comment") else Access.READ
        if level == Level.ADD and item.author_id == self.person.pk:
            return Access.WRITE
        return ACCESS[Level(level)]


def visible_items(person: Person) -> QuerySet[Item]:
    """What `person` sees of the texts, folders included; the answer for search, links and notifications."""
    return Rights(person).visible()


def document_access(writer: Writer, item: Item) -> Access:
    """What `writer` may do with the words of `item`: asked by core/documents before anything."""
    if item.is_folder or item.in_trash:
        return Access.NONE
    if writer.person is not None:
        return Rights(writer.person).access(item)
    link: ShareLink = writer.visitor.link  # type: ignore[union-attr]
    return LINK_ACCESS.get(link.mode, Access.NONE)


def may_link(person: Person, item: Item, mode: str) -> bool:
    """Whether `person`, who may make links, may make one to `item`: to show, who may write in it; to let others write,
    who manages it, since they answer for what is written.
    """
    if item.is_folder or item.in_trash:
        return False
    mine = Rights(person)
    least = LEAST[mode]
    return mine.level(item) >= least or (least == Level.EDIT and mine.may_change(item))


def may_show(person: Person, item: Item) -> bool:
    """For the modes "read" and "comment"."""
    return may_link(person, item, "read")


def may_let_write(person: Person, item: Item) -> bool:
    """For the mode "write"."""
    return may_link(person, item, "write")


def published(entry: Entry) -> None:
    """Watches the journal: whoever has a text open is asked again what they may do."""
    if entry.verb in ENDS_RIGHTS:
        structure: Any = entry.structure
        documents.recheck_structure(structure)
