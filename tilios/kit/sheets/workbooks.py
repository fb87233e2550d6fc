"""ODS and XLSX. Both are XML in a zip: small files that can unfold to any size, so all is counted before it is loaded.

SECURITY: calamine reads fast but trusts what it reads, and holds a sheet as a full rectangle in memory. It is given
only a copy of the parts that were read here, once their size, the extent of sheets and the length of text are known.
"""

import datetime
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, Literal
from xml.parsers import expat

import python_calamine

from tilios.kit.refusals import Refusal, _
from tilios.kit.sheets import faults
from tilios.kit.sheets.delimited import Found
from tilios.kit.sheets.extents import OdsExtent, SharedStrings, XlsxExtent
from tilios.kit.sheets.limits import Limits

CHUNK = 2**16
ENTRIES = 5000
BREAK = re.compile(rb"<text:(tab|line-break)\b[^<>]*/>")
SHARED_STRINGS = "xl/sharedstrings.xml"


@dataclass(frozen=True)
class Book:
    kind: Literal["ods", "xlsx"]
    workbook: python_calamine.CalamineWorkbook
    names: list[str]


def load(file: IO[bytes], limits: Limits) -> Book:
    """The workbook in `file`. Raises Refusal, see `open_sheet`."""
    with _told(), zipfile.ZipFile(file) as archive, tempfile.NamedTemporaryFile() as copy:
        kind = _kind(archive)
        _copy_checked(archive, copy, kind, limits)
        copy.flush()
        workbook = python_calamine.load_workbook(copy.name)  # which keeps it open after its name is gone
        return Book(kind, workbook, workbook.sheet_names)


def choose(book: Book, name: str | None) -> str:
    """The name of the sheet to read: the one asked for, else the first that is visible and holds something."""
    if name is not None:
        if name not in book.names:
            raise Refusal("sheet_unknown", _("This file has no sheet called “%(name)s”."), name=name[:40])
        return name
    visible = [
        sheet.name
        for sheet in book.workbook.sheets_metadata
        if sheet.visible == python_calamine.SheetVisibleEnum.Visible
        and sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
    ]
    for candidate in visible:
        if _sheet(book, candidate).height:
            return candidate
    raise faults.empty()


def rows(book: Book, name: str) -> Iterator[Found]:
    sheet = _sheet(book, name)
    before = [""] * (sheet.start[1] if sheet.start else 0)
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        yield line, before + [as_text(cell) for cell in cells], None


def as_text(value: Any) -> str:
    """A cell as text: ISO dates, "14:30", whole numbers without decimals, the fifteen digits that a sheet keeps."""
    match value:
        case str():
            return value
        case bool():
            return "1" if value else "0"
        case int():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
        case datetime.datetime():
            return value.isoformat(sep=" ", timespec="seconds")
        case datetime.time():
            return value.isoformat(timespec="seconds" if value.second else "minutes")
        case datetime.timedelta():
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
        case None:
            return ""
    return str(value)


def _sheet(book: Book, name: str) -> python_calamine.CalamineSheet:
    with _told():
        return book.workbook.get_sheet_by_name(name)


@contextmanager
def _told() -> Iterator[None]:
    """What the libraries say of a bad file, as a Refusal."""
    try:
        yield
    except Refusal:
        raise
    except (RuntimeError, python_calamine.PasswordError) as error:
        if isinstance(error, NotImplementedError):  # a way to compress that we do not read
            raise faults.damaged() from error
        raise Refusal("sheet_password", _("This file has a password. Save it without one.")) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, expat.ExpatError, KeyError, ValueError, OSError) as error:
        raise faults.damaged() from error
    except python_calamine.CalamineError as error:
        raise faults.damaged() from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # calamine stumbled; it derives from BaseException
            raise faults.damaged() from error
        raise


def _kind(archive: zipfile.ZipFile) -> Literal["ods", "xlsx"]:
    names = set(archive.namelist())
    if "content.xml" in names and "mimetype" in names:
        if not archive.read("mimetype")[:60].startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
            raise faults.not_a_sheet()
        return "ods"
    if "[Content_Types].xml" in names and "xl/workbook.xml" in names:
        return "xlsx"
    raise faults.not_a_sheet()


def _copy_checked(archive: zipfile.ZipFile, copy: IO[bytes], kind: Literal["ods", "xlsx"], limits: Limits) -> None:
    """Copy the parts that calamine reads, counting what they hold. Shared strings come first: cells point at them."""
    entries = archive.infolist()
    if len(entries) > ENTRIES or len({entry.filename.lower() for entry in entries}) != len(entries):
        raise faults.damaged()
    wanted = [entry for entry in entries if re.search(r"\.(?:xml|rels)$|^mimetype$", entry.filename, re.IGNORECASE)]
    wanted.sort(key=lambda entry: entry.filename.lower() != SHARED_STRINGS)
    if sum(entry.file_size for entry in wanted) > limits.unpacked:
        raise limits.too_much_inside()
    shared = SharedStrings(limits)
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as clean:
        for entry in wanted:
            counter = _counter(entry.filename.lower(), kind, shared, limits)
            with archive.open(entry) as part, clean.open(entry.filename, "w") as target:
                for chunk in _with_breaks(part) if kind == "ods" else _chunks(part):
                    if counter:
                        counter.feed(chunk)
                    target.write(chunk)
            if counter:
                counter.close()


def _chunks(part: IO[bytes]) -> Iterator[bytes]:
    while chunk := part.read(CHUNK):
        yield chunk


def _with_breaks(part: IO[bytes]) -> Iterator[bytes]:
    """`part` with tabs and line breaks as characters: calamine passes over these elements and would join two words."""
    rest = b""
    for chunk in _chunks(part):
        whole, opening, rest = (rest + chunk).rpartition(b"<")
        rest = opening + rest
        yield BREAK.sub(_break, whole)
    yield BREAK.sub(_break, rest)


def _break(match: re.Match[bytes]) -> bytes:
    return b"\t" if match[1] == b"tab" else b"\n"


def _counter(name: str, kind: str, shared: SharedStrings, limits: Limits) -> Any:
    """What counts the part called `name`. Any part of an XLSX may be a worksheet: relations say which."""
    if kind == "ods":
        return OdsExtent(limits) if name == "content.xml" else None
    if name == SHARED_STRINGS:
        return shared
    return XlsxExtent(limits, shared.lengths) if name.endswith(".xml") else None
