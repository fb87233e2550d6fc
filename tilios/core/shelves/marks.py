"""Read the marks: tags and what carries them, favourites, what is recent, what is shared with somebody, who read."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery

from tilios.core.people.queries import groups_of
from tilios.core.shelves.audience import root_of
from tilios.core.shelves.levels import Level
from tilios.core.shelves.models import Shelved, Tagged, below
from tilios.core.shelves.rights import Rights

MOST_RECENT = 50


def tags_of(item: Shelved) -> Any:
    """The tags on `item`, by name."""
    return item.shelf.tags.filter(taggings__item=item)


def seen_tags(rights: Rights) -> Any:
    """The tags of what the person sees, by name, each with `count`, how many things that is."""
    # SECURITY: the name of a tag says something of what carries it.
    seen = rights.visible().values("pk")
    return rights.shelf.tags.annotate(count=Count("taggings", filter=Q(taggings__item__in=seen))).filter(count__gt=0)


def tagged(rights: Rights, tag: Tagged) -> Any:
    """What carries `tag` and the person sees, folders first, then by name, with the folder it is in."""
    carrying = rights.shelf.taggings.filter(tag=tag).values("item")
    return rights.visible().filter(pk__in=carrying).select_related("parent")


def is_favourite(rights: Rights, item: Shelved) -> bool:
    return rights.shelf.favourites.filter(person=rights.person, item=item).exists()


def favourites(rights: Rights) -> Any:
    """The favourites of the person that they still see, folders first, then by name."""
    mine = rights.shelf.favourites.filter(person=rights.person).values("item")
    return rights.shelf.items.filter(rights.shown(), pk__in=mine).select_related("parent")


def lately_changed(rights: Rights) -> list[Any]:
    """The things the person sees that changed last, newest first."""
    rows = rights.visible().filter(is_folder=False).select_related("parent", "editor")
    return list(rows.order_by("-changed_ms", "-pk")[:MOST_RECENT])


def lately_opened(rights: Rights) -> list[Any]:
    """The things the person opened last and still sees, newest first, each with `opened_ms`."""
    mine = rights.shelf.readings.filter(person=rights.person)
    rows = rights.visible().filter(Exists(mine.filter(item=OuterRef("pk")))).select_related("parent")
    last = mine.filter(item=OuterRef("pk")).values("last_ms")
    return list(rows.annotate(opened_ms=Subquery(last)).order_by("-opened_ms", "-pk")[:MOST_RECENT])


@dataclass(frozen=True)
class Shared:
    """What somebody else let the person into, in which space, and what they may do there."""

    folder: Any
    space: Any
    level: Level


def shared_with(rights: Rights) -> list[Shared]:
    """What has a list that names the person or one of their groups, in the space of somebody else or in one they do not
    otherwise see; what is inside another of them left out. By name. Three queries.
    """
    person = rights.person
    named = Q(person=person) | Q(group__in=groups_of(person))
    numbers = rights.shelf.grants.filter(named).exclude(folder__owner=person).values("folder")
    folders = list(rights.visible().filter(pk__in=numbers))
    spaces = rights.shelf.items.select_related("owner").in_bulk({root_of(folder) for folder in folders})
    found: list[Shared] = []
    for folder in sorted(folders, key=lambda one: one.path):
        space = spaces[root_of(folder)]
        is_elsewhere = space.owner_id not in (None, person.pk) or not rights.level(space)
        if is_elsewhere and not (found and folder.path.startswith(found[-1].folder.path)):
            found.append(Shared(folder, space, Level(rights.level(folder))))
    return sorted(found, key=lambda one: (one.folder.name.casefold(), one.folder.pk))


def readings(rights: Rights, item: Shelved) -> Any:
    """Who has read `item`, or what the person sees below it, last reading first, with names."""
    seen = rights.visible().filter(below(item.path)).values("pk")
    return rights.shelf.readings.filter(item__in=seen).select_related("person", "item").order_by("-last_ms", "-pk")
