"""Make and change structures."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from tilios.core.journal.actions import publish
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope, unscoped
from tilios.kit.text import slugify

RESERVED_SLUGS = frozenset({"tilios", "admin", "api", "www", "demo-off"})


def free_slug(name: str) -> str:
    """An address for `name` that no other structure has: "la-fabrique", "la-fabrique-2"…"""
    taken = set(Structure.objects.values_list("slug", flat=True)) | RESERVED_SLUGS
    return slugify(name, taken=taken)[:60] or slugify("structure", taken=taken)


@transaction.atomic
def create_structure(*, name: str, slug: str = "", account: Any = None, **fields: Any) -> Structure:
    """A new structure, with every tool that is on by default unless `enabled_tools` says otherwise.

    Publishes "portal.structure_created" in its journal.
    """
    structure = Structure.objects.create(name=name.strip(), slug=slug or free_slug(name), **fields)
    with scope(structure):
        publish("portal.structure_created", account=account)
    return structure


@transaction.atomic
def change_structure(*, by: Any, structure: Structure, **fields: Any) -> Structure:
    """Change what the structure says of itself. Publishes "portal.structure_changed" with the names of the fields."""
    changed = [name for name, value in fields.items() if getattr(structure, name) != value]
    for name in changed:
        setattr(structure, name, fields[name])
    if changed:
        structure.save(update_fields=changed)
        publish("portal.structure_changed", by=by, fields=[name.removesuffix("_id") for name in changed])
    return structure


@transaction.atomic
def suspend(*, account: Any, structure: Structure, reason: str) -> None:
    """Close the structure's doors, keeping everything. Publishes "portal.structure_suspended"."""
    Structure.objects.filter(pk=structure.pk).update(suspended_at=timezone.now(), suspension_reason=reason[:300])
    publish("portal.structure_suspended", account=account, structure=structure)


@transaction.atomic
def resume(*, account: Any, structure: Structure) -> None:
    """Open the doors again. Publishes "portal.structure_resumed"."""
    Structure.objects.filter(pk=structure.pk).update(suspended_at=None, suspension_reason="")
    publish("portal.structure_resumed", account=account, structure=structure)


def rows_of(structure: Structure) -> dict[str, int]:
    """How many rows of each model the structure has: what the host may see of its size."""
    from django.apps import apps

    from tilios.core.structures.models import Owned

    with unscoped("the host sees sizes, never content"):
        return {
            model._meta.label: model.objects.filter(structure=structure).count()
            for model in apps.get_models()
            if issubclass(model, Owned)
        }
