"""Reads of imports of members."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext

from tilios.core.people.imports.queries import words
from tilios.kit.money import format_cents
from tilios.tools.members.imports.columns import CHECKS, COLUMNS, DAYS, Column, own_columns
from tilios.tools.members.models import MemberImport, MemberImportRow

#: What tells the program nothing that people read.
UNSHOWN = {"display_name", "member_id", "payer_id", "dues_id", "dues_received", "dues_paid_on", "raised"}
SHOWN_DAYS = {*DAYS, "birth_date", "dues_first", "dues_last"}


def batches() -> QuerySet[MemberImport]:
    """Every import, newest first, with who made it."""
    return MemberImport.objects.select_related("created_by")


def labels() -> dict[str, Column]:
    """The columns by name, those of the structure among them. One query."""
    return {**COLUMNS, **own_columns()}


def describe(row: MemberImportRow, columns: Mapping[str, Column]) -> dict[str, Any]:
    """A row as the page shows it: who, what it writes with what that replaces, what there is to say."""
    values = row.values or {}
    name = values.get("display_name") or (row.person.display_name if row.person else "")
    changes = [
        {
            "label": columns[field].label,
            "before": _shown(field, row.before.get(field, "")),
            "after": _shown(field, values[field]),
        }
        for field in values
        if field in columns and field not in UNSHOWN and values[field] != ""
    ]
    return {
        "row": row,
        "name": name or " ".join(cell for cell in row.cells[:4] if cell)[:80],
        "changes": changes,
        "problems": [words(found, columns) for found in row.problems],
    }


def _shown(field: str, value: Any) -> str:
    """A value as people write it."""
    if not value:
        return ""
    if field in SHOWN_DAYS:
        return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
    if field == "dues_cents":
        return format_cents(int(value))
    if field in CHECKS or field in {"is_active", "is_organisation", "dues_paid"}:
        return gettext("Yes") if value == "1" else gettext("No")
    return str(value).replace("|", ", ")
