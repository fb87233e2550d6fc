"""Count what the XML of a workbook would unfold to, in constant memory, and stop at the limits."""

import re
from typing import Any
from xml.parsers import expat

from tilios.kit.sheets import faults
from tilios.kit.sheets.limits import Limits


class _Counter:
    """Reads XML piece by piece; subclasses look at what opens, closes and is written."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.text = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.StartDoctypeDeclHandler = self.refuse_doctype

    def feed(self, chunk: bytes) -> None:
        self.parser.Parse(chunk, False)

    def close(self) -> None:
        self.parser.Parse(b"", True)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def end(self, name: str) -> None:
        raise NotImplementedError

    def characters(self, text: str) -> None:
        raise NotImplementedError

    def refuse_doctype(self, *_declaration: Any) -> None:
        # SECURITY: no sheet has one; entities can unfold without end.
        raise faults.damaged()

    def add_text(self, length: int) -> None:
        self.text += length
        if self.text > self.limits.text:
            raise self.limits.too_much_inside()

    def check_extent(self, rows: int, columns: int) -> None:
        if rows > self.limits.rows:
            raise self.limits.too_many_rows()
        if rows * columns > self.limits.cells:
            raise self.limits.too_much_inside()


class SharedStrings(_Counter):
    """The length of each text that the cells of an XLSX point at."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.lengths: list[int] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "si":
            self.lengths.append(0)

    def end(self, name: str) -> None:
        pass

    def characters(self, text: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(text)


class XlsxExtent(_Counter):
    """The rectangle that the filled cells of a worksheet need, and the text in them."""

    def __init__(self, limits: Limits, shared: list[int]) -> None:
        super().__init__(limits)
        self.shared = shared
        self.row = self.column = self.rows = self.columns = 0
        self.points_at_shared = False
        self.value: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match _local(name):
            case "row":
                self.row = _number(attributes.get("r"), self.row + 1)
                self.column = 0
            case "c":
                row, self.column = _position(attributes.get("r", ""), self.row, self.column + 1)
                self.row = row
                self.points_at_shared = attributes.get("t") == "s"
            case "v" | "is":
                self.value = []
                self.rows, self.columns = max(self.rows, self.row), max(self.columns, self.column)
                self.check_extent(self.rows, self.columns)

    def end(self, name: str) -> None:
        if _local(name) not in ("v", "is") or self.value is None:
            return
        value = "".join(self.value)
        self.value = None
        if self.points_at_shared:
            index = _number(value.strip(), -1)
            if not 0 <= index < len(self.shared):
                raise faults.damaged()
            self.add_text(self.shared[index])
        else:
            self.add_text(len(value))

    def characters(self, text: str) -> None:
        if self.value is not None:
            self.value.append(text)


class OdsExtent(_Counter):
    """The rectangles that the tables of an ODS need, repetitions counted, and the text in them."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.total = 0  # cells of the tables before this one
        self.rows = self.filled_rows = self.columns = 0
        self.row_repeats = self.cell_repeats = 1
        self.row_columns = self.filled_columns = self.row_text = self.cell_text = 0
        self.in_cell = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match _local(name):
            case "table":
                self.rows = self.filled_rows = self.columns = 0
            case "table-row":
                self.row_repeats = _number(attributes.get("table:number-rows-repeated"), 1)
                self.row_columns = self.filled_columns = self.row_text = 0
            case "table-cell" | "covered-table-cell":
                self.in_cell = True
                self.cell_text = 0
                self.cell_repeats = _number(attributes.get("table:number-columns-repeated"), 1)
                self.row_columns += self.cell_repeats
                if "office:value-type" in attributes or "calcext:value-type" in attributes:
                    self.filled_columns = self.row_columns
            case "p" | "s" | "tab" if self.in_cell:
                self.filled_columns = self.row_columns
                self.cell_text += _number(attributes.get("text:c"), 1)

    def end(self, name: str) -> None:
        match _local(name):
            case "table-cell" | "covered-table-cell":
                self.in_cell = False
                self.row_text += self.cell_text * self.cell_repeats
                self.cell_text = 0
            case "table-row":
                self.rows += self.row_repeats
                if self.filled_columns:
                    self.filled_rows = self.rows
                    self.columns = max(self.columns, self.filled_columns)
                    self.check_extent(self.filled_rows, self.columns)
                    self.check_extent(1, self.total + self.filled_rows * self.columns)
                    self.add_text(self.row_text * self.row_repeats)
            case "table":
                self.total += self.filled_rows * self.columns

    def characters(self, text: str) -> None:
        if self.in_cell:
            self.cell_text += len(text)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 12 else default


def _position(reference: str, row: int, column: int) -> tuple[int, int]:
    """Row and column of "AB12"; those that follow on if there is no reference."""
    match = re.fullmatch(r"([A-Za-z]{1,4})([0-9]{1,9})", reference)
    if not match:
        return row, column
    number = 0
    for letter in match[1].upper():
        number = number * 26 + ord(letter) - 64
    return int(match[2]), number
