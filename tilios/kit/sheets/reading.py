"""Open a sheet whatever its format, told by its content and not by its name."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, Literal, NamedTuple, Protocol, Self

from tilios.kit.refusals import Refusal, _
from tilios.kit.sheets import delimited, faults, workbooks
from tilios.kit.sheets.limits import Limits

__all__ = ["Limits", "Row", "Sheet", "open_sheet"]

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NOT_SHEETS = (
    b"%PDF-",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\x7fELF",
    b"{\\rtf",
)


class Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


class Row(NamedTuple):
    """One row that is not empty: its number in the file, its cells as text, and what is wrong with it if anything."""

    line: int
    cells: list[str]
    problem: Refusal | None = None


@dataclass
class Sheet:
    """A sheet that can be gone through as many times as needed. Close it, or use it in a `with`."""

    kind: Literal["csv", "ods", "xlsx"]
    limits: Limits
    _rows: Callable[[], Iterator[delimited.Found]]
    _file: IO[bytes]
    encoding: str = ""
    delimiter: str = ""
    names: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[Row]:
        """The rows from the first on; empty ones are passed over. Raises Refusal("sheet_too_many_rows")."""
        count = 0
        for line, cells, problem in self._rows():
            if problem is None and not any(cell.strip() for cell in cells):
                continue
            count += 1
            if count > self.limits.rows:
                raise self.limits.too_many_rows()
            yield Row(line, *self._checked(cells, problem))

    def header(self) -> list[str]:
        """The cells of the first row, without spaces around. Empty if the sheet is."""
        return [cell.strip() for cell in next((row.cells for row in self), [])]

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _checked(self, cells: list[str], problem: Refusal | None) -> tuple[list[str], Refusal | None]:
        if len(cells) > self.limits.columns:
            problem = problem or Refusal(
                "row_too_many_cells", _("This row has more than %(limit)s cells."), limit=self.limits.columns
            )
            cells = cells[: self.limits.columns]
        if any(len(cell) > self.limits.cell for cell in cells):
            problem = problem or Refusal(
                "row_cell_too_long", _("A cell has more than %(limit)s characters."), limit=self.limits.cell
            )
            cells = [cell[: self.limits.cell] for cell in cells]
        if problem is None and any("\ufffd" in cell or "\0" in cell for cell in cells):
            problem = Refusal("row_unreadable", _("Some characters of this row cannot be read."))
        return cells, problem


def open_sheet(
    stream: Readable,
    *,
    limits: Limits | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
) -> Sheet:
    """The sheet in `stream`, whose bytes are copied, so that `stream` may be closed.

    `encoding` and `delimiter` overrule what is detected in a CSV; `sheet` names one sheet of a workbook, else the first
    that is visible and not empty. Raises Refusal: "sheet_empty", "sheet_too_large", "sheet_too_many_rows",
    "sheet_not_a_sheet", "sheet_old_excel", "sheet_password", "sheet_damaged", "sheet_unknown".
    """
    limits = limits or Limits()
    file = _copy(stream, limits)
    try:
        head = file.read(8)
        if not head:
            raise faults.empty()
        if head.startswith(b"PK\x03\x04"):
            return _open_workbook(file, limits, sheet)
        if head.startswith(OLE):
            raise Refusal(
                "sheet_old_excel",
                _("This file is in the old Excel format, or has a password. Save it as ODS, XLSX or CSV, without one."),
            )
        if head.startswith(NOT_SHEETS):
            raise faults.not_a_sheet()
        shape = delimited.detect(file, encoding, delimiter)
        return Sheet("csv", limits, lambda: delimited.rows(file, shape), file, shape.encoding, shape.delimiter)
    except BaseException:
        file.close()
        raise


def _open_workbook(file: IO[bytes], limits: Limits, sheet: str | None) -> Sheet:
    book = workbooks.load(file, limits)
    name = workbooks.choose(book, sheet)
    return Sheet(book.kind, limits, lambda: workbooks.rows(book, name), file, names=book.names)


def _copy(stream: Readable, limits: Limits) -> IO[bytes]:
    file = tempfile.SpooledTemporaryFile(max_size=2**20)  # noqa: SIM115  # closed by Sheet
    size = 0
    while chunk := stream.read(2**18):
        size += len(chunk)
        if size > limits.size:
            file.close()
            raise limits.too_large()
        file.write(chunk)
    file.seek(0)
    return file
