"""Reads of imports."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext

from tilios.core.people.imports.fields import FIELDS
from tilios.core.people.imports.steps import progress_of
from tilios.core.people.models import ImportBatch, ImportRow, Outcome, Person

__all__ = ["batches", "describe", "origin_of", "progress_of", "rows_of", "sample", "warned", "words"]


def batches() -> QuerySet[ImportBatch]:
    """Every import, newest first, with who made it."""
    return ImportBatch.objects.select_related("created_by", "group")


def sample(batch: Any, rows: int = 3) -> list[list[str]]:
    """For each column, its first cells. `batch`: a StagedFile, as below."""
    first = list(batch.rows.order_by("number").values_list("cells", flat=True)[:rows])
    return [[cells[column] for cells in first if column < len(cells)] for column in range(len(batch.header))]


def rows_of(batch: Any, show: str) -> QuerySet[Any]:
    """Rows of one outcome, or those with a warning ("warned"), or what an undoing left ("kept"), by line."""
    rows: QuerySet[Any] = batch.rows.select_related("person").order_by("number")
    if show in Outcome.values:
        return rows.filter(outcome=show)
    if show == "warned":
        return rows.exclude(outcome=Outcome.ERROR).exclude(problems=[])
    if show == "kept":
        return rows.filter(undone="kept")
    return rows


def warned(batch: Any) -> int:
    return rows_of(batch, "warned").count()


def describe(row: ImportRow) -> dict[str, Any]:
    """A row as the page shows it: who, the fields it writes with what they replace, what there is to say."""
    values = row.values or {}
    name = values.get("display_name") or (row.person.display_name if row.person else "")
    changes = [
        {
            "label": FIELDS[field].label,
            "before": _shown(row.before.get(field), field),
            "after": _shown(values[field], field),
        }
        for field in FIELDS
        if field in values and not (field == "display_name" and {"given_name", "family_name"} & set(values))
    ]
    return {
        "row": row,
        "name": name or " ".join(cell for cell in row.cells[:4] if cell)[:80],
        "changes": changes,
        "joins": bool(row.joined),
        "problems": [words(found) for found in row.problems],
    }


def _shown(value: Any, name: str) -> str:
    """A value as people write it."""
    return (
        date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT") if name == "birth_date" and value else value or ""
    )


def words(problem: dict[str, Any], fields: Mapping[str, Any] = FIELDS) -> dict[str, str]:
    """A problem in the language of the reader; `fields` have the labels."""
    message = gettext(problem["message"]) % problem["params"] if problem["params"] else gettext(problem["message"])
    field = fields.get(problem["field"])
    return {"level": problem["level"], "label": str(field.label) if field else "", "message": message}


def origin_of(person: Person) -> ImportRow | None:
    """The row of the import that made the record, if one did."""
    made = Q(person=person, applied=True, outcome=Outcome.CREATED)
    return ImportRow.objects.filter(made).select_related("batch", "batch__created_by").first()
