"""Prove that nothing is lost or out of place: database, walls between structures, journal, money, blobs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import F, ForeignKey, Model, Q, QuerySet
from django.utils.translation import gettext as _

from tilios.core.billing import verification as money
from tilios.core.blobs import actions as blobs
from tilios.core.journal import verification as journal
from tilios.core.portability import tables
from tilios.core.structures.models import Owned, Structure
from tilios.core.structures.scope import no_scope, scope

SHOWN = 20  # rows named one by one in a message


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: `part` is database, walls, journal, money or blobs."""

    part: str
    what: str
    message: str


def verify(parts: tuple[str, ...] = ()) -> Iterator[Problem]:
    """Everything wrong on this instance, as it is found. Reads every row of the journal and every byte of the blobs."""
    with no_scope():
        for name, check in PARTS.items():
            if not parts or name in parts:
                yield from check()


# The database -------------------------------------------------------------------------------------------------------


def _database() -> Iterator[Problem]:
    yield from _sqlite() if connection.vendor == "sqlite" else _postgresql()
    yield from _triggers()


def _rows(sql: str, parameters: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def _sqlite() -> Iterator[Problem]:
    for (said,) in _rows("PRAGMA integrity_check"):
        if said != "ok":
            yield Problem("database", "integrity", _("The database file is damaged: %(said)s") % {"said": said})
    for table, row, other, _number in _rows("PRAGMA foreign_key_check"):
        about = {"table": table, "row": row, "other": other}
        message = _("%(table)s %(row)s points at a row of %(other)s that does not exist.") % about
        yield Problem("database", "foreign key", message)


def _postgresql() -> Iterator[Problem]:
    for table, name in _rows(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE NOT convalidated AND connamespace = "
        "current_schema()::regnamespace ORDER BY 1, 2"
    ):
        message = _("The constraint %(name)s of %(table)s is not enforced.") % {"name": name, "table": table}
        yield Problem("database", "constraint", message)
    for (name,) in _rows(
        "SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
        "WHERE NOT (i.indisvalid AND i.indisready) AND c.relnamespace = current_schema()::regnamespace ORDER BY 1"
    ):
        yield Problem("database", "index", _("The index %(name)s is not valid.") % {"name": name})
    yield from _dangling()


def _dangling() -> Iterator[Problem]:
    """Foreign keys that point nowhere: PostgreSQL forbids them, unless a constraint was lifted or the disk lied."""
    quote = connection.ops.quote_name
    for model in apps.get_models(include_auto_created=True):
        fields: list[Any] = list(model._meta.local_concrete_fields)
        for field in fields:
            if not isinstance(field, ForeignKey) or not getattr(field, "db_constraint", True):
                continue
            table, other = quote(model._meta.db_table), quote(field.related_model._meta.db_table)
            column, target = quote(str(field.column)), quote(str(field.target_field.column))
            number = quote(str(model._meta.pk and model._meta.pk.column))
            # SECURITY: names of our own tables, quoted; nothing anybody typed.
            sql = f"SELECT a.{number} FROM {table} a LEFT JOIN {other} b ON a.{column} = b.{target} "  # noqa: S608
            sql += f"WHERE a.{column} IS NOT NULL AND b.{target} IS NULL ORDER BY 1 LIMIT {SHOWN}"
            for (row,) in _rows(sql):
                about = {"table": model._meta.db_table, "row": row, "other": field.related_model._meta.db_table}
                message = _("%(table)s %(row)s points at a row of %(other)s that does not exist.") % about
                yield Problem("database", "foreign key", message)


def _triggers() -> Iterator[Problem]:
    """The database still refuses to change the journal."""
    if connection.vendor == "postgresql":
        found = _rows("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')")
    else:
        found = _rows("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    there = {name for (name,) in found}
    for table in ("journal_entry", "journal_seal"):
        for verb in ("update", "delete"):
            if f"{table}_no_{verb}" not in there:
                message = _("The database no longer protects the journal (trigger %(name)s).")
                yield Problem("database", "trigger", message % {"name": f"{table}_no_{verb}"})


# The walls between structures ---------------------------------------------------------------------------------------


def _walls() -> Iterator[Problem]:
    """Every reference from a row of a structure to another stays inside that structure."""
    # SECURITY: passes by the managers that keep structures apart, to see that they did; numbers alone leave.
    for model in tables.owned_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey) and issubclass(field.related_model, Owned):
                outside = ~Q(**{f"{field.name}__structure": F("structure")}) & Q(**{f"{field.name}__isnull": False})
                yield from _strangers(QuerySet(model).filter(outside), field.name)
        for relation in tables.own_relations(model):
            yield from _strange_links(relation)
        if pair := tables.generic_reference(model):
            yield from _strange_references(model, *pair)


def _strangers(rows: QuerySet[Any], column: str) -> Iterator[Problem]:
    for row in rows.order_by("pk").values_list("pk", flat=True)[:SHOWN]:
        about = {"table": rows.model._meta.label, "row": row, "column": column}
        message = _("%(table)s %(row)s points at another structure (%(column)s).") % about
        yield Problem("walls", "structure", message)


def _strange_links(relation: Any) -> Iterator[Problem]:
    if not issubclass(relation.related_model, Owned):
        return
    source, target = relation.m2m_field_name(), relation.m2m_reverse_field_name()
    outside = ~Q(**{f"{source}__structure": F(f"{target}__structure")})
    yield from _strangers(QuerySet(relation.remote_field.through).filter(outside), relation.name)


def _strange_references(model: type[Model], kind: str, target: str) -> Iterator[Problem]:
    for name in QuerySet(model).order_by().values_list(kind, flat=True).distinct():
        named = tables.model_of_kind(name) if name else None
        if named is None:
            continue
        for structure in QuerySet(model).order_by().values_list("structure_id", flat=True).distinct():
            elsewhere: QuerySet[Any] = QuerySet(named).exclude(structure_id=structure).values("pk")
            rows: QuerySet[Any] = QuerySet(model).filter(
                **{kind: name, "structure_id": structure, f"{target}__in": elsewhere}
            )
            yield from _strangers(rows, target)


# Journal, money and blobs --------------------------------------------------------------------------------------------


def _journal() -> Iterator[Problem]:
    for problem in journal.verify():
        yield Problem("journal", problem.what, str(problem))


def _money() -> Iterator[Problem]:
    for structure in Structure.objects.order_by("pk"):
        with scope(structure):
            for message in money.verify():
                yield Problem("money", structure.slug, f"{structure.slug}: {message}")


def _blobs() -> Iterator[Problem]:
    for problem in blobs.scrub():
        yield Problem("blobs", problem.state, problem.message)


PARTS: dict[str, Callable[[], Iterator[Problem]]] = {
    "database": _database,
    "walls": _walls,
    "journal": _journal,
    "money": _money,
    "blobs": _blobs,
}
