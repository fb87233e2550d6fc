"""Keep the search up to date with a shelf: at once for what changed, in the background for all that is below it."""

from collections.abc import Callable
from functools import cache
from typing import Any

from tilios.core.access.roles import decided_roles
from tilios.core.jobs import job
from tilios.core.search import index
from tilios.core.shelves.levels import Level, Space
from tilios.core.shelves.models import Shelved, below
from tilios.core.shelves.shelf import shelf_called
from tilios.core.structures.composed import composed
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.core.toolbox import registry

BATCH = 500


def keys_of(item: Shelved) -> frozenset[str]:
    """Who may find it: those whom the list of rights that holds for it lets see it, and who looks after everything.

    SECURITY: who sees only that somebody is busy finds nothing by its words.
    """
    keys, shelf = set(), item.shelf
    granted_to, space_of = _asked(shelf.tool)
    for role, group, person in granted_to(item.ruler_id or 0):
        keys.add(f"role:{role}" if role is not None else f"group:{group}" if group else f"person:{person}")
    if (space := next(iter(space_of(item.space_number)), None)) is not None and space != Space.PERSONAL:
        manage = shelf.action("manage")
        keys.add(f"role:{int(dict(decided_roles()).get(manage, registry.action(manage).least))}")
    return frozenset(keys)


@cache
def _asked(tool: str) -> tuple[Callable[[int], list[Any]], Callable[[int], list[str]]]:
    """(role, group, person) of each line of the list of rights of a ruler, and the kind of a space."""

    @composed
    def granted_to(ruler: int) -> Any:
        lines = shelf_called(tool).grants.filter(folder_id=ruler, level__gte=Level.VIEW)
        return lines.values_list("role", "group", "person")

    @composed
    def space_of(number: int) -> Any:
        return shelf_called(tool).items.filter(pk=number).order_by().values_list("space", flat=True)

    return granted_to, space_of


def look_below(item: Shelved) -> None:
    """Index what is below a folder again, soon: its rights or its presence changed."""
    _look_below.enqueue(item.structure_id, item.shelf.tool, item.path)


@job
def _look_below(structure_pk: int, tool: str, path: str) -> int:
    with scope(Structure.objects.get(pk=structure_pk)):
        rows = shelf_called(tool).items.filter(below(path, itself=False)).order_by("path")
        count, last = 0, path
        while batch := list(rows.filter(path__gt=last)[:BATCH]):
            index.update_many(batch)
            count, last = count + len(batch), batch[-1].path
        return count


def forget_below(item: Shelved) -> None:
    """Take `item` and what is below it out of the search."""
    index.remove_many(item.shelf.kind, item.shelf.items.filter(below(item.path)).values_list("pk", flat=True))
