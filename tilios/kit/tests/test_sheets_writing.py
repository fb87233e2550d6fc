import datetime
import io
import tracemalloc
from decimal import Decimal
from zoneinfo import ZoneInfo

import odf.opendocument
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from odf.table import TableCell

from tilios.kit.refusals import Refusal
from tilios.kit.sheets import open_sheet, write_csv, write_ods, write_xlsx
from tilios.kit.sheets.writing import UNWRITABLE

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufffd"), max_size=10)
CELLS = TEXTS | st.sampled_from(["=1+1", "+33", "-@x", "_x000D_", " a  b ", "a\tb", "a\nb", "a\r\nb", "<b>&", "'"])
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=6)
WRITERS = [write_ods, write_xlsx]

VALUES = [
    ["texte", "entier", "décimal", "centimes", "oui", "jour", "moment", "heure", "vide"],
    [
        "=SOMME(A1)",
        12,
        0.1 + 0.2,
        Decimal("12.50"),
        True,
        datetime.date(2024, 12, 31),
        datetime.datetime(2024, 12, 31, 14, 30, tzinfo=ZoneInfo("Europe/Paris")),
        datetime.time(9, 5),
        None,
    ],
]


def written(write, rows, **options):
    file = io.BytesIO()
    write(rows, file, **options)
    file.seek(0)
    return file


def readable(cell):
    """What a workbook can hold of a text, blank cells being empty ones."""
    cell = UNWRITABLE.sub("", cell.replace("\r\n", "\n").replace("\r", "\n"))
    return cell if cell.strip() else ""


def without_end(cells):
    cells = [cell if cell.strip() else "" for cell in cells]
    while cells and not cells[-1]:
        cells.pop()
    return cells


@pytest.mark.parametrize("write", WRITERS)
@given(rows=ROWS)
def test_what_is_written_reads_back_at_the_same_line(write, rows):
    try:
        with open_sheet(written(write, rows)) as sheet:
            found = [(row.line, without_end(row.cells)) for row in sheet]
    except Refusal as refusal:
        found = [] if refusal.code == "sheet_empty" else None
    expected = enumerate(([readable(cell) for cell in row] for row in rows), start=1)
    assert found == [(line, without_end(cells)) for line, cells in expected if any(cells)]


@pytest.mark.parametrize("write", WRITERS)
def test_values_keep_their_kind(write):
    with open_sheet(written(write, VALUES)) as sheet:
        assert sheet.kind == write.__name__.removeprefix("write_")
        rows = list(sheet)
    assert rows[1].cells[:8] == ["=SOMME(A1)", "12", "0.3", "12.5", "1", "2024-12-31", "2024-12-31 14:30:00", "09:05"]


def test_a_french_csv_has_decimal_commas():
    line = b"".join(write_csv(VALUES)).decode("utf-8-sig").splitlines()[1]
    assert line == "'=SOMME(A1);12;0,3;12,50;1;2024-12-31;2024-12-31 14:30:00+01:00;09:05;"
    assert b"12.50" in b"".join(write_csv(VALUES, delimiter=",", bom=False))


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "'=1", "＝1"])
def test_a_cell_that_begins_like_a_formula_is_made_inert(text):
    data = b"".join(write_csv([[text]])).decode("utf-8-sig")
    assert data.lstrip('"').startswith(f"'{text[0]}")


@pytest.mark.parametrize("text", ["+33 6 12 34 56 78", "-12,50", "+33 (0)6", "-", "a=b"])
def test_numbers_and_telephone_numbers_stay_as_typed(text):
    assert b"".join(write_csv([[text]], bom=False)).decode() == f"{text}\r\n"


def test_no_formula_reaches_a_workbook():
    book = openpyxl.load_workbook(written(write_xlsx, [["=1+1"]]))
    assert book.active["A1"].data_type == "s"
    document = odf.opendocument.load(written(write_ods, [["=1+1"]]))
    (cell,) = document.getElementsByType(TableCell)
    assert cell.getAttribute("formula") is None
    assert str(cell) == "=1+1"


def test_other_programs_read_our_ods():
    document = odf.opendocument.load(
        written(write_ods, [["nom", "note"], ["Noël & Cie", "a  b\tc\nd"]], title="Membres/2024")
    )
    assert document.mimetype == "application/vnd.oasis.opendocument.spreadsheet"
    (table,) = document.spreadsheet.childNodes
    assert table.getAttribute("name") == "Membres 2024"
    assert [str(cell) for cell in document.getElementsByType(TableCell)][:3] == ["nom", "note", "Noël & Cie"]


@pytest.mark.parametrize("write", [write_ods, write_xlsx, lambda rows, file: file.writelines(write_csv(rows))])
def test_memory_does_not_grow_with_the_rows(write, tmp_path):
    peaks = []
    for count in (1000, 10_000):
        with (tmp_path / "sheet").open("wb") as file:
            tracemalloc.start()
            write(([f"nom {i}", f"personne{i}@exemple.fr", i] for i in range(count)), file)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < peaks[0] + 2**20
