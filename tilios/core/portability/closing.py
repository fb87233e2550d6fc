"""Erase a whole structure for good: rows, journal, addresses. Its blobs go with the next collections."""

from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import QuerySet

from tilios.core.journal import anchor, triggers
from tilios.core.journal.actions import publish
from tilios.core.journal.models import Entry, Seal
from tilios.core.portability import tables
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import no_scope


@transaction.atomic
def erase_structure(structure: Structure, *, account: Any = None) -> dict[str, int]:
    """Remove everything of `structure`; how many rows of each table. Publishes "portal.structure_erased" in the
    instance's own journal, with the numbers alone.

    The journal's refusal to forget is lifted in the same transaction, for this structure's entries and no other.
    """
    counts: dict[str, int] = {}
    with no_scope():
        for rows in _rows_of(structure):
            counts[rows.model._meta.label] = _remove(rows)
        # SECURITY: the only place, with the tests, where the journal may forget.
        triggers.unprotect(connection)
        for model in (Entry, Seal):
            counts[model._meta.label] = _remove(QuerySet(model).filter(structure=structure))
        triggers.protect(connection)
        _remove(QuerySet(Structure).filter(pk=structure.pk))
        counts = {name: count for name, count in sorted(counts.items()) if count}
        publish("portal.structure_erased", account=account, number=structure.pk, rows=counts)
        anchor.forget_on_commit(structure.pk)
    return counts


def _remove(rows: Any) -> int:
    """Delete rows in one statement; Django's own `delete` would first read them all."""
    return rows._raw_delete(rows.db)


def _rows_of(structure: Structure) -> list[QuerySet[Any]]:
    """Every row that belongs to the structure: many-to-many links, then rows. Foreign keys are checked at the end of
    the transaction, so the order does not matter to the database.
    """
    # SECURITY: passes by the managers that keep structures apart; each query names the structure.
    found: list[QuerySet[Any]] = []
    for model in tables.owned_models():
        for relation in tables.own_relations(model):
            through = relation.remote_field.through
            found.append(QuerySet(through).filter(**{f"{relation.m2m_field_name()}__structure": structure}))
    for other in apps.get_models():
        if other._meta.label in {Entry._meta.label, Seal._meta.label}:
            continue  # these need the triggers lifted
        found += [
            QuerySet(other).filter(**{field.attname: structure.pk})
            for field in other._meta.concrete_fields
            if field.related_model is Structure
        ]
    return found
