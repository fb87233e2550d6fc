"""Migrations without drawing every model again at each step.

After each step Django draws anew the models that lead to the changed one, those it leads to, and so on: here all of
them, since each belongs to a structure. Twenty thousand classes were made for two hundred tables. The changed model
and those that lead to it are enough: what a model leads to asks the registry of the state who leads to it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations.state import ProjectState


@contextmanager
def drawing_few_models() -> Iterator[None]:
    """While it lasts, migrations draw a changed model and those that lead to it, directly or not."""
    before = ProjectState._find_reload_model  # type: ignore[attr-defined]
    ProjectState._find_reload_model = _models_to_draw  # type: ignore[attr-defined]
    try:
        yield
    finally:
        ProjectState._find_reload_model = before  # type: ignore[attr-defined]


def _models_to_draw(
    state: ProjectState,
    app_label: str,
    model_name: str,
    delay: bool = False,
) -> set[tuple[str, str]]:
    """The model and those that lead to it by a relation or descend from it, as (app, name)."""
    found = {(app_label, model_name)}
    models = state.apps.get_models(include_auto_created=True, include_swapped=True)
    leads = {_key(model): {_key(other) for other in _leads_to(model)} for model in models}
    waiting = [(app_label, model_name)]
    while waiting:
        key = waiting.pop()
        more = {other for other, to in leads.items() if key in to} - found
        found |= more
        waiting += more
    return found


def _leads_to(model: Any) -> list[Any]:
    fields = [*model._meta.local_fields, *model._meta.local_many_to_many, *model._meta.private_fields]
    related = [field.remote_field.model for field in fields if field.remote_field and field.remote_field.model]
    through = [field.remote_field.through for field in model._meta.local_many_to_many]
    return [one for one in (*related, *through, *model.__bases__) if hasattr(one, "_meta") and one is not model]


def _key(model: Any) -> tuple[str, str]:
    return model._meta.app_label, model._meta.model_name
