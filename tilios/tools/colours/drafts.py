"""What a form, a paste, a sheet or the library gives for one statement, before it is a row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tilios.kit.sheets.limits import Limits
from tilios.kit.sheets.reading import open_sheet
from tilios.tools.colours.models import Statement

LONGEST_TEXT, LONGEST_EXPLANATION, MOST = 300, 1000, 100


@dataclass(frozen=True)
class Draft:
    """`pk` is the statement it changes, None for a new one; `image` the number of a blob."""

    text: str = ""
    explanation: str = ""
    link: str = ""
    image: int | None = None
    pk: int | None = None

    @classmethod
    def of(cls, statement: Statement, *, keep_pk: bool = True) -> "Draft":
        return cls(
            statement.text,
            statement.explanation,
            statement.link,
            statement.image_id,
            statement.pk if keep_pk else None,
        )

    def fields(self) -> dict[str, Any]:
        return {
            "text": " ".join(self.text.split()),
            "explanation": self.explanation.strip(),
            "link": self.link,
            "image_id": self.image,
        }


def from_lines(text: str) -> list[Draft]:
    """One statement a line; what follows a tab or " | " is its explanation. Bullets and numbers at the head go."""
    return [draft for line in text.splitlines() if (draft := _from_line(line)).text]


def _from_line(line: str) -> Draft:
    head, _bar, tail = line.replace("\0", "").replace("\t", " | ").partition(" | ")
    head = head.strip().lstrip("-*•–").strip()
    number, dot, rest = head.partition(". ")
    return Draft(rest.strip() if dot and number.isdigit() else head, tail.strip(" |"))


def from_sheet(file: Any) -> list[Draft]:
    """The statements of a CSV, ODS or XLSX file, as `from_rows` reads them. Raises Refusal for what is no sheet."""
    with open_sheet(file, limits=Limits(size=2_000_000, rows=500)) as sheet:
        return from_rows([row.cells for row in sheet if row.problem is None])


def from_rows(rows: Iterable[Sequence[str]]) -> list[Draft]:
    """Statements of a sheet: the first column, its explanation in the second, a link in the third."""
    drafts = []
    for cells in rows:
        text, explanation, link = [cell.strip() for cell in (*cells, "", "", "")][:3]
        if text:
            drafts.append(Draft(text, explanation, link if link.startswith(("http://", "https://")) else ""))
    return drafts
