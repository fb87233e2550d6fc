"""What a share link opens of the files: its target and what is below it under the same list of rights, no more."""

from functools import cached_property

from django.db.models import Q, QuerySet

from tilios.core.access.models import ShareLink, Visitor
from tilios.core.people.models import Person
from tilios.tools.files.models import Brought, Item, Level
from tilios.tools.files.models.items import below
from tilios.tools.files.queries.rights import Rights

#: The least level on a thing to make each kind of link to it.
LEAST = {"view": Level.EDIT, "look": Level.EDIT, "edit": Level.MANAGE, "drop": Level.MANAGE}


class LinkRights:
    """The rights of whoever holds a link, in the place of those of a person (`Rights`), for the same actions.

    Modes: "view" and "look" see; "edit" sees and changes; "drop" only adds, and sees nothing.
    """

    def __init__(self, link: ShareLink, target: Item, visitor: Visitor | None = None) -> None:
        self.link, self.target, self.visitor, self.mode = link, target, visitor, link.mode

    # SECURITY: a folder with a list of rights of its own was closed, or opened, to others than the folder the link is
    # about: it stays out, as does whatever is beside or above the target, or in the trash.
    def holds(self, item: Item) -> bool:
        """Whether `item` is the target, or below it under the same list of rights."""
        return (
            not self.target.in_trash
            and not item.in_trash
            and item.structure_id == self.target.structure_id
            and item.path.startswith(self.target.path)
            and item.ruler_id == self.target.ruler_id
        )

    def visible(self) -> QuerySet[Item]:
        """Everything the link shows, itself included: nothing for a drop box. Trash left out."""
        if self.mode == "drop" or self.target.in_trash:
            return Item.objects.none()
        return Item.objects.filter(self.shown())

    def shown(self) -> Q:
        """The condition of what a list of a folder shows."""
        if self.mode == "drop" or self.target.in_trash:
            return Q(pk__in=[])
        return Q(below(self.target.path), ruler=self.target.ruler_id, in_trash=False)

    def members(self, folder: Item) -> QuerySet[Item]:
        """What the link shows in `folder`, folders first, then by name."""
        return self.visible().filter(parent=folder)

    def trail(self, item: Item) -> list[Item]:
        """The folders between the target, included, and `item`, left out. One query."""
        between = item.ancestors[len(self.target.ancestors) :]
        known = self.visible().in_bulk(between)
        return [known[pk] for pk in between if pk in known]

    def level(self, item: Item) -> int:
        if not self.holds(item):
            return 0
        return {"edit": Level.EDIT, "drop": 0}.get(self.mode, Level.VIEW)

    def sees(self, item: Item) -> bool:
        return self.level(item) >= Level.VIEW

    @property
    def may_save(self) -> bool:
        """Whether the pages offer to download; the bytes that a browser shows are in the hands of whoever sees them."""
        return self.mode in ("view", "edit")

    def may_add(self, folder: Item) -> bool:
        if not self.holds(folder) or not folder.is_folder:
            return False
        return self.mode == "edit" or (self.mode == "drop" and folder.pk == self.target.pk)

    def may_change(self, item: Item) -> bool:
        """Write other bytes in a file: what they replace stays as an earlier version."""
        return self.mode == "edit" and self.holds(item) and not item.is_folder

    def may_change_all(self, item: Item) -> bool:
        """Throw away: only what came by this link, a folder only if all that it holds came by it too."""
        if self.mode != "edit" or not self.holds(item) or item.pk == self.target.pk:
            return False
        everything = Item.objects.filter(below(item.path), in_trash=False)
        # SECURITY: what somebody of the structure put in a visitor's folder does not leave with it.
        strangers = everything.exclude(brought__link=self.link).exists()
        return not strangers and not everything.exclude(ruler=self.target.ruler_id).exists()

    def may_manage(self, _item: Item) -> bool:
        return False

    @cached_property
    def brought(self) -> set[int]:
        """Numbers of what came by this link."""
        return set(Brought.objects.filter(link=self.link).values_list("item", flat=True))


def may_link(person: Person, item: Item, mode: str) -> bool:
    """Whether `person`, who may make links, may make one to `item` for `mode`.

    To show: who may change it. To let others write: who manages it, since they answer for what arrives. A whole space:
    who manages it, whatever the mode. A drop box is a folder.
    """
    if item.in_trash or (mode == "drop" and not item.is_folder):
        return False
    rights = Rights(person)
    least = Level.MANAGE if item.parent_id is None else LEAST[mode]
    brought_it = least == Level.EDIT and rights.may_change(item)
    return brought_it or rights.level(item) >= least


def may_show(person: Person, item: Item) -> bool:
    """For the modes "view" and "look"."""
    return may_link(person, item, "view")


def may_let_write(person: Person, item: Item) -> bool:
    """For the mode "edit"."""
    return may_link(person, item, "edit")


def may_open_box(person: Person, item: Item) -> bool:
    """For the mode "drop"."""
    return may_link(person, item, "drop")
