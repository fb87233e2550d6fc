"""Which models an archive holds: every row of a structure, unless a reason stands here."""

from django.apps import apps
from django.db.models import Model

from tilios.core.structures.models import Owned

#: Models of a structure that no archive takes, and why.
LEFT_OUT: dict[str, str] = {}


def exported_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if issubclass(model, Owned) and model._meta.label not in LEFT_OUT]
