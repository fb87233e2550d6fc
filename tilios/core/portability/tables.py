"""Which models an archive holds: every row of a structure, unless a reason stands here."""

from django.apps import apps
from django.db.models import Model

from tilios.core.structures.models import Owned

#: Models of a structure that no archive takes, and why.
LEFT_OUT: dict[str, str] = {
    "search.Item": "the index is made again from the rows it points at",
    "search.Grant": "the index is made again from the rows it points at",
    "search.Word": "the index is made again from the rows it points at",
    "search.Variant": "the index is made again from the rows it points at",
    "notify.DigestDay": "says which digests this instance has sent, nothing of the structure",
}


def exported_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if issubclass(model, Owned) and model._meta.label not in LEFT_OUT]
