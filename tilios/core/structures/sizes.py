"""How big each structure is: numbers for the host, never content."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import Count

from tilios.core.structures.models import Owned, Structure
from tilios.core.structures.scope import unscoped


@dataclass
class Size:
    """What one structure weighs. `rows` by model label, most first; bytes that two structures share count for both."""

    people: int = 0
    logins: int = 0
    blob_count: int = 0
    blob_bytes: int = 0
    rows: dict[str, int] = field(default_factory=dict)

    @property
    def total_rows(self) -> int:
        return sum(self.rows.values())


def sizes(structures: Iterable[Structure]) -> dict[int, Size]:
    """The size of each of `structures`, by its number. As many queries as there are models, however many structures."""
    wanted = {structure.pk: structure for structure in structures}
    found = {pk: Size() for pk in wanted}
    blobs: dict[int, set[int]] = defaultdict(set)
    with unscoped("the host sees sizes, never content"):
        for model in apps.get_models():
            if not issubclass(model, Owned):
                continue
            rows = model.objects.filter(structure__in=wanted)
            for pk, count in _by_structure(rows):
                found[pk].rows[model._meta.label] = count
            for name in _blob_fields(model):
                for pk, blob in rows.exclude(**{name: None}).values_list("structure_id", name).distinct():
                    blobs[pk].add(blob)
        _people(found)
    for pk, structure in wanted.items():
        if structure.logo_id:
            blobs[pk].add(structure.logo_id)
    _weigh(found, blobs)
    for size in found.values():
        size.rows = dict(sorted(size.rows.items(), key=lambda pair: -pair[1]))
    return found


def _by_structure(rows: Any) -> Iterable[tuple[int, int]]:
    return rows.order_by().values_list("structure_id").annotate(count=Count("pk"))


def _blob_fields(model: Any) -> list[str]:
    blob = apps.get_model("blobs", "Blob")
    return [field.attname for field in model._meta.concrete_fields if field.related_model is blob]


def _people(found: dict[int, Size]) -> None:
    rows = apps.get_model("people", "Person").objects.filter(structure__in=found, status="active", visit_ends_at=None)
    counted = rows.order_by().values_list("structure_id").annotate(people=Count("pk"), logins=Count("account"))
    for pk, people, logins in counted:
        found[pk].people, found[pk].logins = people, logins


def _weigh(found: dict[int, Size], blobs: dict[int, set[int]]) -> None:
    wanted = set().union(*blobs.values())
    rows = apps.get_model("blobs", "Blob").objects.filter(pk__in=wanted).values_list("pk", "size")
    weights = dict(rows)
    for pk, numbers in blobs.items():
        found[pk].blob_count = len(numbers)
        found[pk].blob_bytes = sum(weights.get(number, 0) for number in numbers)
