"""Keep the search up to date with a shelf: at once for what changed, in the background for all that is below it."""

from tilios.core.access.models import ActionRule
from tilios.core.jobs import job
from tilios.core.search import index
from tilios.core.shelves.levels import Level, Space
from tilios.core.shelves.models import Shelved, below
from tilios.core.shelves.shelf import shelf_called
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.core.toolbox import registry

BATCH = 500


def keys_of(item: Shelved) -> frozenset[str]:
    """Who may find it: those whom the list of rights that holds for it lets see it, and who looks after everything.

    SECURITY: who sees only that somebody is busy finds nothing by its words.
    """
    keys, shelf = set(), item.shelf
    lines = shelf.grants.filter(folder=item.ruler_id, level__gte=Level.VIEW)
    for role, group, person in lines.values_list("role", "group", "person"):
        keys.add(f"role:{role}" if role is not None else f"group:{group}" if group else f"person:{person}")
    root = shelf.items.filter(pk=item.space_number).first()
    if root is not None and root.space != Space.PERSONAL:
        manage = shelf.action("manage")
        rule = ActionRule.objects.filter(action=manage).first()
        keys.add(f"role:{int(rule.least if rule else registry.action(manage).least)}")
    return frozenset(keys)


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
