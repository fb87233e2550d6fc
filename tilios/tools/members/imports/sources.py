"""What every kind of file is turned into before it is staged: a header, what each column holds, rows of text."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tilios.kit.refusals import Refusal

Table = list[dict[str, Any]]
Tables = dict[str, Table]


class Line(NamedTuple):
    """One row: its number in the file, its cells, and what is wrong with it if anything."""

    number: int
    cells: list[str]
    problem: Refusal | None = None


@dataclass
class Source:
    """A file as it is understood. `program`: the word of models/imports.Program.

    `plan` holds what the rows name: "kinds" (name -> {"months", "amount", "is_membership"}), "rates" (kind -> {name ->
    cents}), "statuses" (names in order), "choices" (header -> list of choices).
    """

    program: str
    header: list[str]
    columns: list[str]
    lines: Iterable[Line]
    plan: dict[str, Any] = field(default_factory=dict)
    encoding: str = ""
    delimiter: str = ""


class Rows:
    """Rows of known columns, made one after the other; columns of the structure's own come after them."""

    def __init__(self, columns: dict[str, str]) -> None:
        """`columns`: the name of each column, and the header that people read."""
        self.columns = list(columns)
        self.header = list(columns.values())
        self.keys = list(columns)
        self.lines: list[Line] = []

    def own(self, label: str, column: str) -> str:
        """Add a column for a field of the program's own; gives the key under which rows name it."""
        key = f"own:{len(self.columns)}"
        self.keys.append(key)
        self.columns.append(column)
        self.header.append(label[:120])
        return key

    def add(self, values: dict[str, Any]) -> None:
        """One row of what each column holds; numbers go from 1."""
        cells = ["" if values.get(key) is None else str(values[key]) for key in self.keys]
        self.lines.append(Line(len(self.lines) + 1, cells))
