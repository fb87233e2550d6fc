"""Migrations that draw few models end where those that draw all of them do."""

from typing import Any

from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import StateApps

from tilios.portal.migrating import drawing_few_models


def relations(apps: StateApps) -> dict[str, set[Any]]:
    """Of each model: its fields, what they lead to, and what leads to it; a class that was replaced is none of them."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        led = {(field.name, _label(field.related_model, apps)) for field in model._meta.get_fields(include_hidden=True)}
        found[model._meta.label_lower] = led
    return found


def _label(model: Any, apps: StateApps) -> str:
    if not model:
        return ""
    assert apps.get_model(model._meta.label_lower) is model, f"{model._meta.label} is a class of before"
    return str(model._meta.label_lower)


def test_step_by_step_every_model_knows_the_others_as_drawn_at_once() -> None:
    loader = MigrationLoader(None)
    state = loader.project_state([])
    assert not state.apps.get_models()
    with drawing_few_models():
        for key in loader.graph._generate_plan(loader.graph.leaf_nodes(), at_end=True):
            state = loader.graph.nodes[key].mutate_state(state, preserve=False)
    at_once = StateApps(state.real_apps, state.models)
    stepped = relations(state.apps)
    assert len(stepped) > 150
    assert stepped == relations(at_once)
