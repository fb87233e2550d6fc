"""Read the tree."""

from collections.abc import Iterable

from django.db.models import QuerySet

from tilios.core.people.models import Person
from tilios.core.shelves.tree import folders_in, in_trash, lacks_roots, members, roots, trail
from tilios.core.structures.composed import composed
from tilios.tools.files.models import Item, Rules, Usage
from tilios.tools.files.queries.rights import Rights

__all__ = [
    "at",
    "below",
    "folders_in",
    "in_trash",
    "lacks_roots",
    "members",
    "room",
    "room_left",
    "roots",
    "rules",
    "trail",
    "usage",
]


def rules() -> Rules:
    """What the structure decided, or the defaults."""
    return Rules.objects.first() or Rules()


def at(rights: Rights, names: Iterable[str]) -> list[Item]:
    """The items met along `names` from the spaces down, as far as they exist for this person."""
    found: list[Item] = []
    for name in names:
        if found:
            place: Iterable[Item] = below(found[-1].pk, name)
        else:  # each person's own space has the same name
            place = Item.objects.order_by().filter(rights.shown(), parent=None, name=name, in_trash=False)
        item = next((one for one in place if rights.sees(one)), None)
        if item is None:
            break
        found.append(item)
    return found


@composed
def below(parent_pk: int, name: str) -> QuerySet[Item]:
    """What is called `name` in a folder."""
    return Item.objects.order_by().filter(parent_id=parent_pk, name=name, in_trash=False)


def usage(person: Person | None = None) -> Usage:
    """What the structure, or the space of `person`, takes."""
    return Usage.objects.filter(person=person).first() or Usage(person=person)


def room(person: Person | None) -> tuple[int, int | None]:
    """Bytes used and bytes allowed (None: no limit) of the structure, or of the space of `person`."""
    found = usage(person)
    return found.used, found.quota if person is None or found.quota is not None else rules().person_quota


def room_left(item: Item) -> int | None:
    """Bytes that can still be written where `item` is: in the structure, and in the personal space it may be in."""
    owner = Item.objects.filter(pk=item.space_number).values_list("owner", flat=True).first()
    rooms = [room(None)] + ([room(Person(pk=owner))] if owner is not None else [])
    left = [allowed - used for used, allowed in rooms if allowed is not None]
    return min(left) if left else None
