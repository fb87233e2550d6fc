"""`Owned`: the base of every row that belongs to one structure."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Self

from django.db import models
from django.db.models.sql import Query

from tilios.core.structures.scope import OutOfScope, current_structure, current_structure_id, sees_everything


class OwnedQuerySet(models.QuerySet):
    """Refuses to write rows of a structure that is not in scope."""

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        objs = list(objs)
        for row in objs:
            row.refuse_foreign_structure()
        return super().bulk_create(objs, *args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        if {"structure", "structure_id"} & set(kwargs):
            raise OutOfScope("A row never moves from one structure to another.")
        return super().update(**kwargs)


@lru_cache(maxsize=4096)
def _narrowed(model: type[models.Model], structure_pk: int) -> Query:
    """The query for every row of `model` in one structure, to be copied: composing it again took a tenth of a write."""
    return models.QuerySet(model).filter(structure=structure_pk).query


class OwnedManager(models.Manager.from_queryset(OwnedQuerySet)):  # type: ignore[misc]
    """Sees the rows of the structure in scope, and raises OutOfScope where none is.

    Also the base manager: following a foreign key or deleting in cascade obeys the scope too.
    """

    use_in_migrations = False

    def get_queryset(self) -> OwnedQuerySet:
        rows: OwnedQuerySet = super().get_queryset()
        if not sees_everything():
            rows.query = _narrowed(rows.query.model, current_structure().pk).chain()
        return rows


class Owned(models.Model):
    """A row of one structure, the one in scope when it is made."""

    structure = models.ForeignKey(
        "structures.Structure",
        on_delete=models.CASCADE,
        default=current_structure_id,
        editable=False,
        related_name="+",
    )

    objects = OwnedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        default_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.refuse_foreign_structure()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self.refuse_foreign_structure()
        return super().delete(*args, **kwargs)

    def refuse_foreign_structure(self) -> None:
        # SECURITY: the second wall, after the manager: no row is written or removed for a structure out of scope.
        if not sees_everything() and self.structure_id != current_structure().pk:
            raise OutOfScope(f"{type(self).__name__} of another structure.")

    @classmethod
    def of(cls, structure: Any) -> models.QuerySet[Self]:
        """Rows of `structure`, which must be the one in scope: says aloud what a query relies on."""
        return cls.objects.filter(structure=structure)
