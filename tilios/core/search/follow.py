"""Follow the journal: what was published about a thing or a person is indexed again, whoever wrote it.

Actions call `index.update` themselves, so that what they change is found at once. This makes sure of the rest: packages
that stand below this one (people), and whatever an action forgot.
"""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.utils import timezone

from tilios.core.jobs import job
from tilios.core.journal.models import Entry
from tilios.core.search import index
from tilios.core.search.models import Item, Position
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.core.toolbox import registry

#: A transaction may commit after another that took a later number: what is so fresh is looked at again next time.
SETTLED = timedelta(seconds=60)
MOST = 5000  # entries read at once


def follow() -> int:
    """Periodic: index what the journal says has changed since last time. Number of things looked at."""
    position, _created = Position.objects.get_or_create(pk=1, defaults={"entry": 0})
    fresh = list(
        Entry.objects.filter(pk__gt=position.entry, structure__isnull=False)
        .order_by("pk")
        .values_list("pk", "at", "structure", "kind", "target", "subject", "verb", "data")[:MOST]
    )
    anew = {row[0]: row[2] for row in fresh if row[0] > position.rebuilt and _changes_everything(row[6], row[7])}
    for structure in set(anew.values()):
        rebuild.enqueue(structure)
    if anew:
        Position.objects.filter(pk=1).update(rebuilt=max(anew))
    changed: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for _pk, _at, structure, kind, target, subject, *_what in fresh:
        if kind and target is not None:
            changed[structure][kind].add(target)
        if subject is not None:
            changed[structure]["people.person"].add(subject)
    count = sum(_look(structure, things) for structure, things in changed.items())
    settled = [pk for pk, at, *_rest in fresh if at < timezone.now() - SETTLED]
    if settled:
        Position.objects.filter(pk=1, entry__lt=settled[-1]).update(entry=settled[-1])
    return count


def _changes_everything(verb: str, data: dict[str, Any]) -> bool:
    """Whether who may find what, or the language words are stemmed in, changed for the whole structure."""
    if verb == "portal.structure_changed":
        return bool({"language", "enabled_tools"} & set(data.get("fields", ())))
    return verb == "portal.rules_changed"


@job
def rebuild(structure_pk: int) -> int:
    """Index a structure anew."""
    structure = Structure.objects.get(pk=structure_pk)
    with scope(structure):
        return index.rebuild()


def _look(structure_pk: int, things: dict[str, set[int]]) -> int:
    """Index the things again; `things` is by model, as the journal names them."""
    structure = Structure.objects.filter(pk=structure_pk).first()
    if structure is None:
        return 0
    count = 0
    with scope(structure):
        for kind in registry.kinds().values():
            wanted = things.get(kind.model.lower(), set()) if kind.search else set()
            for part in _parts(sorted(wanted)):
                rows = list(apps.get_model(kind.model).objects.filter(pk__in=part))
                index.update_many(rows)
                gone = set(part) - {row.pk for row in rows}
                Item.objects.filter(kind=kind.name, target__in=gone).delete()
                count += len(part)
    return count


def _parts(numbers: list[int]) -> list[list[int]]:
    return [numbers[start : start + index.BATCH] for start in range(0, len(numbers), index.BATCH)]
