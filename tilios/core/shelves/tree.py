"""Read the tree of a shelf."""

from typing import Any

from django.utils.translation import gettext as _

from tilios.core.access.roles import may
from tilios.core.errors import Conflict
from tilios.core.people.models import Person
from tilios.core.people.queries import groups_of
from tilios.core.shelves.levels import Space
from tilios.core.shelves.rights import Rights
from tilios.core.shelves.shelf import Shelf

#: How roots follow one another in lists.
ORDER = {Space.COMMON: 0, Space.GROUP: 1, Space.PERSONAL: 2}


def roots(rights: Rights) -> list[Any]:
    """The spaces the person sees, or through which they pass: everybody's, their groups', their own, then others'."""
    found = rights.shelf.items.filter(rights.shown(), parent=None).select_related("group")
    own = rights.person.pk
    return sorted(
        found, key=lambda root: (root.owner_id not in (None, own), ORDER[Space(root.space)], root.name, root.pk)
    )


def lacks_roots(shelf: Shelf, person: Person) -> bool:
    """Whether a space this person should have is not made yet: asked before making, since reading is what happens."""
    roots_here = shelf.items.filter(parent=None)
    expected = 1 + len(groups_of(person)) + may(person, shelf.action("own"))
    mine = roots_here.filter(space=Space.COMMON) | roots_here.filter(group__in=groups_of(person))
    return (mine | roots_here.filter(owner=person)).count() < expected


def members(rights: Rights, folder: Any) -> Any:
    """What the person sees in `folder`, folders first, then by name."""
    return rights.shelf.items.filter(rights.shown(), parent=folder)


def folders_in(rights: Rights, folder: Any | None) -> list[Any]:
    """The folders one may go into from `folder` (the spaces from None), to choose where something goes."""
    if folder is None:
        return roots(rights)
    return list(members(rights, folder).filter(is_folder=True))


def in_trash(rights: Rights) -> Any:
    """What was thrown away and this person may bring back, latest first."""
    rows = rights.shelf.items.filter(trashed_ms__isnull=False, ruler__in=list(rights.levels))
    return rows.select_related("trashed_by", "parent").order_by("-trashed_ms", "pk")


def trail(item: Any) -> list[Any]:
    """The folders above `item`, from its space down. One query."""
    by_pk = type(item).objects.in_bulk(item.ancestors)
    return [by_pk[pk] for pk in item.ancestors if pk in by_pk]


def fresh(shelf: Shelf, pk: int) -> Any:
    """The item as it is now that the tree is held. Raises Conflict if it is gone."""
    item = shelf.items.filter(pk=pk, in_trash=False).first()
    if item is None:
        raise Conflict(_("This folder is not there any more."))
    return item
