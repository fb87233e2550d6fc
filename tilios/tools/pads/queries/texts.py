"""Read the texts: lists, and what there is to begin from."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import pgettext_lazy

from tilios.core.documents.models import Document
from tilios.core.people.models import Person
from tilios.core.shelves import tree
from tilios.kit.text import fold
from tilios.tools.pads.models import Item, Reading
from tilios.tools.pads.queries.rights import Rights

A_PAGE = 60
#: What a list may be sorted by, as its addresses name it.
SORTS = {"nom": "sort_name", "date": "changed_ms"}


@dataclass(frozen=True)
class Order:
    """`-is_folder` always comes first: folders stay on top."""

    by: str = "nom"
    backwards: bool = False

    @classmethod
    def read(cls, asked: str) -> "Order":
        """From an address: "date", or "-date" for backwards; by name for anything else."""
        by = asked.removeprefix("-")
        return cls(by, asked.startswith("-")) if by in SORTS else cls()

    def __str__(self) -> str:
        return ("-" if self.backwards else "") + self.by

    def toggled(self, by: str) -> "Order":
        """What a press on the head of the column `by` asks for: newest come first."""
        return Order(by, not self.backwards) if by == self.by else Order(by, by == "date")

    def apply(self, rows: Any) -> Any:
        sign = "-" if self.backwards else ""
        return rows.order_by("-is_folder", f"{sign}{SORTS[self.by]}", "sort_name", "pk")


def listed(rights: Rights, folder: Item, order: Order, asked: str = "") -> QuerySet[Item]:
    """The members of `folder` that the person sees; those whose name holds `asked`, with any accents."""
    rows = order.apply(tree.members(rights, folder)).select_related("editor")
    return rows.filter(sort_name__contains=fold(asked)) if asked else rows


def beginnings(items: list[Item], length: int = 140) -> dict[int, str]:
    """The first words of each text, as they were last drawn, by the number of the item. One query."""
    numbers = [item.pk for item in items if not item.is_folder]
    rows = Document.objects.filter(kind="pads.text", target__in=numbers).values_list("target", "text")
    return {number: " ".join(text[: length * 2].split())[:length] for number, text in rows}


def templates_seen(rights: Rights) -> QuerySet[Item]:
    """The texts of the structure that new ones may begin from, by name."""
    return rights.visible().filter(is_template=True).select_related("parent")


def lately_opened(person: Person, most: int) -> list[Item]:
    """The texts that the person opened last and still sees, newest first. Bounded queries."""
    rights = Rights(person)
    read = Reading.objects.filter(person=person).order_by("-last_ms").values_list("item", flat=True)[: most * 4]
    order = {pk: place for place, pk in enumerate(read)}
    rows = rights.visible().filter(pk__in=list(order), is_folder=False).select_related("editor")
    return sorted(rows, key=lambda item: order[item.pk])[:most]


def places_to_write(rights: Rights) -> list[Item]:
    """The spaces in which the person may begin a text; their own first."""
    own = rights.person.pk
    spaces = [root for root in tree.roots(rights) if rights.may_add(root)]
    return sorted(spaces, key=lambda root: root.owner_id != own)


UNTITLED = pgettext_lazy("a text without a title", "Untitled")
