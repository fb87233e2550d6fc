"""Who points at blobs: found in the models themselves, so that a new model is known without being declared."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import CASCADE, Exists, Model, OuterRef, QuerySet

from tilios.core.blobs.models import Blob


@dataclass(frozen=True)
class Reference:
    """A foreign key to Blob. One with CASCADE follows its blob, any other keeps it."""

    model: type[Model]
    field: Any

    @property
    def keeps(self) -> bool:
        return self.field.remote_field.on_delete is not CASCADE

    def rows(self) -> QuerySet[Any]:
        # SECURITY: passes by the managers that keep structures apart, because a blob is everybody's. It is asked
        # whether rows exist, and derived rows are removed with their blob: no content leaves here.
        return QuerySet(model=self.model)

    def to(self, blob: Blob) -> QuerySet[Any]:
        """The rows that point at `blob` by this key."""
        return self.rows().filter(**{self.field.attname: getattr(blob, self.field.target_field.attname)})

    def exists(self) -> Exists:
        """For a query on blobs: whether a row points at each by this key."""
        return Exists(self.rows().filter(**{self.field.attname: OuterRef(self.field.target_field.attname)}))


def references() -> list[Reference]:
    """Every foreign key and one-to-one key to Blob in the project, those of many-to-many tables included."""
    return [
        Reference(model, field)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
        for field in model._meta.local_fields
        if field.remote_field is not None and field.related_model is Blob
    ]


def is_kept(blob: Blob) -> bool:
    """Whether a row keeps `blob` now. One query per foreign key at most."""
    return any(reference.to(blob).exists() for reference in references() if reference.keeps)
