"""Lists on paper: the sheet that people sign at a meeting, and the register with the columns chosen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from tilios.tools.members.models import Record
from tilios.tools.members.queries import rows_of, shown
from tilios.tools.members.queries.columns import BUILT_IN, Column

#: What an attendance sheet may show of each, beside the name; those with a width are left blank, to write in.
FILLED = ("number", "standing", "town", "mobile", "email")
BLANKS = {
    "proxy": (gettext_lazy("Proxy given to"), 34),
    "arrival": (gettext_lazy("Arrived at"), 18),
    "signature": (pgettext_lazy("of a person", "Signature"), 42),
}
ATTENDANCE_FIRST = ("number", "standing", "proxy", "signature")


@dataclass(frozen=True)
class Head:
    """A column of an attendance sheet; `width` in millimetres for one left blank."""

    label: str
    width: int = 0


def attendance_columns() -> list[tuple[str, str]]:
    """The columns on offer: (key, name)."""
    known = {column.key: column for column in BUILT_IN}
    filled = [(key, _title(known[key])) for key in FILLED]
    return [*filled, *((key, str(label)) for key, (label, _width) in BLANKS.items())]


def attendance(records: Iterable[Record], keys: Sequence[str]) -> dict[str, Any]:
    """The heads and the rows of an attendance sheet. At most five queries."""
    columns = [column for key in FILLED if key in keys for column in BUILT_IN if column.key == key]
    blanks = [Head(str(label), width) for key, (label, width) in BLANKS.items() if key in keys]
    return {
        "heads": [*(Head(_title(column)) for column in columns), *blanks],
        "blanks": range(len(blanks)),
        "filled": range(len(columns)),
        "rows": _rows(records, columns),
    }


def register(records: Iterable[Record], columns: Sequence[Column]) -> dict[str, Any]:
    """The heads and the rows of the register. At most five queries."""
    return {"heads": [_title(column) for column in columns], "rows": _rows(records, columns)}


def title_of(record: Record) -> str:
    """The name as a list sorted by name shows it: the last name first."""
    person = record.person
    given = record.chosen_name or person.given_name
    own = f"{person.given_name} {person.family_name}".strip()
    if person.family_name and person.display_name == own:
        return f"{person.family_name.upper()} {given}".strip()
    return person.display_name


def _rows(records: Iterable[Record], columns: Sequence[Column]) -> list[dict[str, Any]]:
    return [
        {"name": title_of(row.record), "cells": [shown(column.cell(row)) for column in columns]}
        for row in rows_of(records, columns)
    ]


def _title(column: Column) -> str:
    label = str(column.label)
    return gettext("No.") if column.key == "number" else label[:1].upper() + label[1:]
