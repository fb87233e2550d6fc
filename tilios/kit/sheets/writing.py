"""Write a sheet row by row: memory does not grow with the number of rows."""

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from tilios.kit.sheets.formulas import guard

Cell = str | int | float | Decimal | bool | datetime.date | datetime.datetime | datetime.time | None
BATCH = 2**16
# Characters that XML cannot hold.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MIMETYPE}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>"""
NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
        ("number", "datastyle"),
        ("fo", "xsl-fo-compatible"),
    )
)
STYLES = """<office:automatic-styles>
<number:date-style style:name="D"><number:year number:style="long"/><number:text>-</number:text>
<number:month number:style="long"/><number:text>-</number:text>
<number:day number:style="long"/></number:date-style>
<number:date-style style:name="M"><number:year number:style="long"/><number:text>-</number:text>
<number:month number:style="long"/><number:text>-</number:text>
<number:day number:style="long"/><number:text> </number:text>
<number:hours number:style="long"/><number:text>:</number:text>
<number:minutes number:style="long"/></number:date-style>
<number:time-style style:name="T"><number:hours number:style="long"/><number:text>:</number:text>
<number:minutes number:style="long"/></number:time-style>
<style:style style:name="day" style:family="table-cell" style:data-style-name="D"/>
<style:style style:name="moment" style:family="table-cell" style:data-style-name="M"/>
<style:style style:name="clock" style:family="table-cell" style:data-style-name="T"/>
<style:style style:name="number" style:family="table-cell"/>
<style:style style:name="head" style:family="table-cell"><style:text-properties fo:font-weight="bold"/></style:style>
</office:automatic-styles>"""


def write_csv(rows: Iterable[Iterable[Cell]], *, delimiter: str = ";", bom: bool = True) -> Iterator[bytes]:
    """UTF-8 in pieces, for a streamed response or `file.writelines`. Text that looks like a formula is made inert.

    With ";" decimals have a comma, as French spreadsheets expect: they would read 12.5 as the twelfth of May.
    """
    comma = "," if delimiter == ";" else "."
    buffer = io.StringIO()
    if bom:
        buffer.write("\ufeff")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_csv_text(cell, comma) for cell in row])
        if buffer.tell() >= BATCH:
            yield buffer.getvalue().encode("utf-8", "replace")
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode("utf-8", "replace")


def write_xlsx(
    rows: Iterable[Iterable[Cell]], stream: IO[bytes], *, title: str = "Tilios", header: bool = True
) -> None:
    """An XLSX into `stream`; with `header` the first row is bold and stays in sight. Text is never a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_title(title))
    if header:
        sheet.freeze_panes = "A2"
    for number, row in enumerate(rows):
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=_xlsx_value(value))
            if isinstance(value, str):
                cell.data_type = "s"  # SECURITY: else openpyxl makes a formula of what begins with "="
            if header and number == 0:
                cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)
    book.save(stream)


def write_ods(rows: Iterable[Iterable[Cell]], stream: IO[bytes], *, title: str = "Tilios", header: bool = True) -> None:
    """An ODS into `stream`; with `header` the first row is bold. Text is never a formula."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", MIMETYPE, zipfile.ZIP_STORED)  # first and not compressed, says the standard
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        with archive.open("content.xml", "w", force_zip64=True) as part:
            text = io.TextIOWrapper(part, encoding="utf-8", write_through=False)
            text.write(
                f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content {NAMESPACES} office:version="1.3">'
            )
            text.write(
                f"{STYLES}<office:body><office:spreadsheet><table:table table:name={quoteattr(_sheet_title(title))}>"
                '<table:table-column table:number-columns-repeated="1024"/>'
            )
            for number, row in enumerate(rows):
                style = ' table:style-name="head"' if header and number == 0 else ""
                text.write(f"<table:table-row>{''.join(_ods_cell(cell, style) for cell in row)}</table:table-row>")
            text.write("</table:table></office:spreadsheet></office:body></office:document-content>")
            text.flush()
            text.detach()


def _csv_text(value: Cell, comma: str) -> str:
    match value:
        case str():
            return guard(value)
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case float() | Decimal():
            return _plain_number(value).replace(".", comma)
        case datetime.datetime():
            return value.isoformat(sep=" ", timespec="seconds")
        case datetime.time():
            return value.isoformat(timespec="seconds" if value.second else "minutes")
    return str(value)


def _plain_number(value: float | Decimal) -> str:
    """The fifteen digits that a spreadsheet keeps: 0.3 and not 0.30000000000000004."""
    return f"{value:f}" if isinstance(value, Decimal) else f"{value:.15g}"


def _writable(text: str) -> str:
    return UNWRITABLE.sub("", re.sub(r"\r\n?", "\n", text))


def _xlsx_value(value: Cell) -> Cell:
    match value:
        case str():
            # "_x0041_" is how XLSX writes "A": an underscore that would begin such a code is written as a code.
            return re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", _writable(value))
        case datetime.datetime():
            return value.replace(tzinfo=None)
    return value


def _ods_cell(value: Cell, style: str) -> str:
    match value:
        case None | "":
            return "<table:table-cell/>"
        case bool():
            return f'<table:table-cell office:value-type="boolean" office:boolean-value="{str(value).lower()}"/>'
        case str():
            lines = "".join(f"<text:p>{_ods_text(line)}</text:p>" for line in _writable(value).split("\n"))
            return f'<table:table-cell{style} office:value-type="string">{lines}</table:table-cell>'
        case datetime.datetime():
            moment = value.replace(tzinfo=None).isoformat(timespec="seconds")
            return _ods_value("moment", "date", f'office:date-value="{moment}"', moment.replace("T", " "))
        case datetime.date():
            return _ods_value("day", "date", f'office:date-value="{value.isoformat()}"', value.isoformat())
        case datetime.time():
            clock = f"PT{value.hour:02}H{value.minute:02}M{value.second:02}S"
            return _ods_value("clock", "time", f'office:time-value="{clock}"', value.isoformat(timespec="minutes"))
        case int() | float() | Decimal():
            number = str(value) if isinstance(value, int) else _plain_number(value)
            return _ods_value("number", "float", f'office:value="{number}"', number)


def _ods_value(style: str, kind: str, attribute: str, shown: str) -> str:
    return (
        f'<table:table-cell table:style-name="{style}" office:value-type="{kind}" {attribute}>'
        f"<text:p>{shown}</text:p></table:table-cell>"
    )


def _ods_text(line: str) -> str:
    """XML of one line: runs of spaces and tabs are elements, or they would be read as one space."""

    def spaces(match: re.Match[str]) -> str:
        return f'<text:s text:c="{len(match[0])}"/>'

    return re.sub(r"^ +| +$|(?<= ) +", spaces, escape(line)).replace("\t", "<text:tab/>")


def _sheet_title(title: str) -> str:
    """What spreadsheets accept for the name of a sheet: 31 characters, none of []:*?/\\."""
    return re.sub(r"[\[\]:*?/\\']", " ", _writable(title)).strip()[:31] or "Tilios"
