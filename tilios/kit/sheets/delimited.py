"""CSV as it really comes: any encoding, any separator, quotes left open. One bad line never spoils the others."""

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from tilios.kit.refusals import Refusal, _
from tilios.kit.sheets import faults
from tilios.kit.sheets.formulas import unguard

DELIMITERS = ";,\t|"
SAMPLE = 2**16
LINES_IN_A_ROW = 500
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
NOT_ASCII = re.compile(r"[^\x00-\x7f\ufffd]")

Found = tuple[int, list[str], Refusal | None]


@dataclass(frozen=True)
class Shape:
    encoding: str
    delimiter: str
    skipped: int = 0  # lines before the first row: Excel's "sep=;"


def detect(file: IO[bytes], encoding: str | None = None, delimiter: str | None = None) -> Shape:
    """How `file` is written; what is given is not questioned. Raises Refusal, see `open_sheet`."""
    if encoding is not None:
        try:
            encoding = codecs.lookup(encoding).name
        except LookupError:
            raise Refusal("sheet_unknown", _("“%(name)s” is not an encoding."), name=encoding[:40]) from None
    encoding = encoding or _encoding(file)
    file.seek(0)
    head = codecs.getincrementaldecoder(encoding)(errors="replace").decode(file.read(SAMPLE))
    if head.count("\0") > 2:
        raise faults.not_a_sheet()
    hint = re.match(r"sep=(.)[\r\n]", head, re.IGNORECASE)
    if hint and delimiter in (None, hint[1]):
        return Shape(encoding, hint[1], skipped=1)
    return Shape(encoding, delimiter or _delimiter(head))


def rows(file: IO[bytes], shape: Shape) -> Iterator[Found]:
    """Line number, cells and problem of each row."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=shape.encoding, errors="replace", newline="")
    try:
        lines = _Lines(text)
        for _skipped in range(shape.skipped):
            next(lines, None)
        lines.keep()
        for line, cells, problem in _parse(lines, shape.delimiter):
            yield line, [unguard(cell) for cell in cells], problem
    finally:
        text.detach()


class _TooManyLines(Exception):
    """A quoted cell goes on for longer than any real one."""


class _Lines:
    """Lines that can be given back: those a quote left open has swallowed are read again as rows."""

    def __init__(self, source: Iterator[str]) -> None:
        self.source = source
        self.waiting: deque[str] = deque()
        self.taken: list[str] = []
        self.number = 0  # of the last line taken

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= LINES_IN_A_ROW:
            raise _TooManyLines
        line = self.waiting.popleft() if self.waiting else next(self.source)
        self.taken.append(line)
        self.number += 1
        return line

    def keep(self) -> int:
        """The lines taken make a row. The number of the first one."""
        first = self.number - len(self.taken) + 1
        self.taken = []
        return first

    def give_back_all_but_one(self) -> int:
        """Only the first line taken is spoilt. Its number."""
        self.waiting.extendleft(reversed(self.taken[1:]))
        self.number -= max(len(self.taken) - 1, 0)
        self.taken = self.taken[:1]
        return self.keep()


def _parse(lines: _Lines, delimiter: str) -> Iterator[Found]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _TooManyLines) as error:
            problem = _problem(error)
            yield lines.give_back_all_but_one(), [], problem
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
        else:
            yield lines.keep(), cells, None


def _problem(error: csv.Error | _TooManyLines) -> Refusal:
    if isinstance(error, _TooManyLines) or "unexpected end" in str(error):
        return Refusal("row_unclosed_quote", _("A quotation mark is opened on this line and never closed."))
    if "field larger" in str(error):
        return Refusal(
            "row_cell_too_long", _("A cell has more than %(limit)s characters."), limit=csv.field_size_limit()
        )
    return Refusal("row_stray_quote", _("A quotation mark is misplaced on this line: double those inside a cell."))


def _encoding(file: IO[bytes]) -> str:
    file.seek(0)
    head = file.read(4096)
    for bom, name in BOMS:
        if head.startswith(bom):
            return name
    if wide := _wide(head):
        return wide
    if b"\0" in head:
        raise faults.not_a_sheet()
    return "utf-8" if _is_utf8(file) else "cp1252"


def _wide(head: bytes) -> str:
    """UTF-16 without its mark: every other byte of Western text is zero."""
    pairs = len(head) // 2
    if pairs and head[1::2].count(0) > 0.4 * pairs > 10 * head[0::2].count(0):
        return "utf-16-le"
    if pairs and head[0::2].count(0) > 0.4 * pairs > 10 * head[1::2].count(0):
        return "utf-16-be"
    return ""


def _is_utf8(file: IO[bytes]) -> bool:
    """Whether the file is UTF-8, but perhaps for a few bytes pasted from elsewhere."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    good = bad = 0
    while chunk := file.read(SAMPLE):
        text = decoder.decode(chunk)
        if not text.isascii():
            good += len(NOT_ASCII.findall(text))
            bad += text.count("\ufffd")
    bad += decoder.decode(b"", final=True).count("\ufffd")
    return bad == 0 or good > 10 * bad


def _delimiter(head: str) -> str:
    """The separator that cuts the first rows in most cells, evenly."""
    best = (0.0, ";")
    for delimiter in DELIMITERS:
        widths = []
        for _line, cells, problem in _parse(_Lines(iter(io.StringIO(head, newline=""))), delimiter):
            if problem is None and any(cells):
                widths.append(len(cells))
            if len(widths) == 30:
                break
        if len(widths) > 1 and len(head) >= SAMPLE - 4:
            widths.pop()  # the sample may end within a row
        if widths and widths[0] > 1:
            even = widths.count(widths[0]) / len(widths)
            best = max(best, (even * (1 - 1 / widths[0]), delimiter), key=lambda found: found[0])
    return best[1]
