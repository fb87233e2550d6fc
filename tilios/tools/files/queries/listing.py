"""What the pages of folders list: sorted, a page at a time, the same queries for ten files and ten thousand."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from tilios.core.reading.models import Reading as Document
from tilios.kit.text import fold
from tilios.tools.files.models import Item, Version
from tilios.tools.files.models.items import below
from tilios.tools.files.queries import tree
from tilios.tools.files.queries.links import LinkRights
from tilios.tools.files.queries.rights import Rights

A_PAGE = 100
#: What a list may be sorted by, as its addresses name it.
SORTS = {"nom": "sort_name", "date": "modified_ms", "taille": "size", "type": "media_type"}


@dataclass(frozen=True)
class Order:
    """`-is_folder` always comes first: folders stay on top."""

    by: str = "nom"
    backwards: bool = False

    @classmethod
    def read(cls, asked: str) -> "Order":
        """From an address: "date", or "-date" for backwards; by name for anything else."""
        backwards = asked.startswith("-")
        by = asked.removeprefix("-")
        return cls(by, backwards) if by in SORTS else cls()

    def __str__(self) -> str:
        return ("-" if self.backwards else "") + self.by

    def toggled(self, by: str) -> "Order":
        """What a press on the head of the column `by` asks for: newest and largest come first."""
        if by == self.by:
            return Order(by, not self.backwards)
        return Order(by, by in {"date", "taille"})

    def apply(self, rows: QuerySet[Item]) -> QuerySet[Item]:
        sign = "-" if self.backwards else ""
        return rows.order_by("-is_folder", f"{sign}{SORTS[self.by]}", "sort_name", "pk")


def listed(rights: Rights, folder: Item, order: Order, asked: str = "") -> QuerySet[Item]:
    """The members of `folder` that the person sees; those whose name holds `asked`, with any accents."""
    rows = order.apply(tree.members(rights, folder)).select_related("editor")
    rows = rows.annotate(has_cover=Exists(Document.objects.filter(blob=OuterRef("blob"), cover__isnull=False)))
    return rows.filter(sort_name__contains=fold(asked)) if asked else rows


def versions_of(item: Item) -> QuerySet[Version]:
    """The earlier versions, latest first, with their authors."""
    return item.versions.select_related("author", "blob")


def chosen(rights: Rights, numbers: list[int]) -> list[Item]:
    """The items of these numbers that the person sees, folders first."""
    return list(rights.visible().filter(pk__in=numbers[:1000]).exclude(parent=None))


def files_below(rights: Rights | LinkRights, folder: Item) -> QuerySet[Item]:
    """Everything the person sees below a folder, parents before what they hold."""
    return rights.visible().filter(below(folder.path, itself=False)).select_related("blob").order_by("path")
