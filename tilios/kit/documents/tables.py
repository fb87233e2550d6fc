"""Sheets: all their words, and the first rows of each to be shown."""

from itertools import islice
from typing import IO, Any

from tilios.kit.documents import texts
from tilios.kit.documents.problems import Problem, Unreadable
from tilios.kit.refusals import Refusal
from tilios.kit.sheets import Limits, Sheet, open_sheet

SHOWN_ROWS = 200
SHOWN_COLUMNS = 40
SHOWN_CELL = 500
SHOWN_SHEETS = 20
LIMITS = Limits(size=64 * 2**20, rows=200_000, columns=2_000)
PROBLEMS = {
    "sheet_too_large": Problem.TOO_HEAVY,
    "sheet_too_many_rows": Problem.TOO_HEAVY,
    "sheet_password": Problem.PASSWORD,
    "sheet_old_excel": Problem.NO_PROGRAM,
}


def read(file: IO[bytes], most: int = texts.MOST) -> tuple[str, list[dict[str, Any]]]:
    """The words of every sheet, and each as {"name", "rows", "cut"}: its first rows, and whether there are more."""
    words: list[str] = []
    shown: list[dict[str, Any]] = []
    left = most
    try:
        with _sheet(file, None) as first:
            names = first.names or [""]
        for name in names:
            try:
                with _sheet(file, name or None) as sheet:
                    left -= _one(sheet, name, left, words, shown)
            except Refusal as refusal:
                if refusal.code != "sheet_empty":  # an empty sheet among others is no fault
                    raise
            if left <= 0:
                break
    except Refusal as refusal:
        if refusal.code == "sheet_empty":
            return "", []
        raise Unreadable(PROBLEMS.get(refusal.code, Problem.DAMAGED)) from refusal
    return texts.tidy("\n".join(words), most), shown


def _sheet(file: IO[bytes], name: str | None) -> Sheet:
    file.seek(0)
    return open_sheet(file, limits=LIMITS, sheet=name)


def _one(sheet: Sheet, name: str, left: int, words: list[str], shown: list[dict[str, Any]]) -> int:
    """Add a sheet to `words` and `shown`, until `left` characters are read. How many were."""
    table: dict[str, Any] = {"name": name, "rows": [], "cut": False}
    length = 0
    if name:
        words.append(name)
    for row in sheet:
        cells = [" ".join(cell.split()) for cell in row.cells]
        line = " ".join(cell for cell in cells if cell)
        words.append(line)
        length += len(line) + 1
        if len(table["rows"]) < SHOWN_ROWS:
            table["rows"].append([cell[:SHOWN_CELL] for cell in islice(cells, SHOWN_COLUMNS)])
            table["cut"] = table["cut"] or len(cells) > SHOWN_COLUMNS
        else:
            table["cut"] = True
        if length >= left:
            break
    if len(shown) < SHOWN_SHEETS and table["rows"]:
        width = max(map(len, table["rows"]))
        table["rows"] = [row + [""] * (width - len(row)) for row in table["rows"]]
        shown.append(table)
    return length
