"""Workbooks made to exhaust memory, or broken: each is refused with its reason, before calamine loads it."""

import io
import random
import zipfile
from contextlib import suppress

import openpyxl
import pytest

from tilios.kit.refusals import Refusal
from tilios.kit.sheets import Limits, open_sheet, write_ods, write_xlsx

NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)


def refusal_of(file, **options):
    with pytest.raises(Refusal) as refused, open_sheet(file, **options) as sheet:
        list(sheet)
    return refused.value.code


def workbook(write=write_xlsx, rows=(("a", "b"), ("c", "d"))):
    file = io.BytesIO()
    write(rows, file)
    file.seek(0)
    return file


def changed(file, **parts):
    """The workbook in `file`, some of its parts replaced or added: xl/styles.xml is called xl__styles_xml."""
    out = io.BytesIO()
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            key = name.replace("/", "__").replace(".", "_")
            target.writestr(name, parts.pop(key, None) or source.read(name))
        for key, content in parts.items():
            target.writestr(key.replace("__", "/").removesuffix("_xml") + ".xml", content)
    out.seek(0)
    return out


def ods(rows):
    """An ODS of one table; `rows` is its XML with short names."""
    for short, tag in (("row", "table:table-row"), ("cell", "table:table-cell")):
        rows = rows.replace(f"<{short}", f"<{tag}").replace(f"</{short}", f"</{tag}")
    rows = rows.replace(" rows=", " table:number-rows-repeated=").replace(
        " columns=", " table:number-columns-repeated="
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {NAMESPACES}><office:body><office:spreadsheet>'
        f'<table:table table:name="t">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    return changed(workbook(write_ods), content_xml=content)


def sheet_xml(cells):
    return (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{cells}</sheetData></worksheet>"
    )


def test_one_cell_far_away_does_not_make_a_huge_rectangle():
    far = sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row><row r="99999"><c r="XFD99999"><v>1</v></c></row>')
    assert refusal_of(changed(workbook(), xl__worksheets__sheet1_xml=far)) == "sheet_too_large"
    farther = sheet_xml('<row r="1048576"><c r="A1048576"><v>1</v></c></row>')
    assert refusal_of(changed(workbook(), xl__worksheets__sheet1_xml=farther)) == "sheet_too_many_rows"


def test_cells_that_are_only_styled_take_no_place():
    styled = sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>')
    with open_sheet(changed(workbook(), xl__worksheets__sheet1_xml=styled)) as sheet:
        assert [(row.line, row.cells) for row in sheet] == [(1, ["1"])]


def test_a_text_shared_by_many_cells_counts_each_time():
    cells = "".join(f'<row r="{i}"><c r="A{i}" t="s"><v>0</v></c></row>' for i in range(1, 9000))
    strings = f"<sst><si><t>{'x' * 30_000}</t></si></sst>"
    assert refusal_of(
        changed(workbook(), xl__sharedStrings_xml=strings, xl__worksheets__sheet1_xml=sheet_xml(cells))
    ) == ("sheet_too_large")
    few = sheet_xml('<row r="1"><c r="A1" t="s"><v>0</v></c></row>')
    with open_sheet(changed(workbook(), xl__sharedStrings_xml=strings, xl__worksheets__sheet1_xml=few)) as sheet:
        assert [row.cells for row in sheet] == [["x" * 30_000]]
    assert refusal_of(changed(workbook(), xl__worksheets__sheet1_xml=few)) == "sheet_damaged"


def test_a_worksheet_kept_elsewhere_is_counted_too():
    far = sheet_xml('<row r="99999"><c r="XFD99999"><v>1</v></c></row>')
    file = workbook()
    with zipfile.ZipFile(file) as archive:
        relations = archive.read("xl/_rels/workbook.xml.rels").replace(b"worksheets/sheet1.xml", b"hidden/far.xml")
    assert (
        refusal_of(changed(file, xl___rels__workbook_xml_rels=relations, xl__hidden__far_xml=far)) == "sheet_too_large"
    )


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ('<row rows="1000000"><cell><text:p>x</text:p></cell></row>', "sheet_too_many_rows"),
        (
            '<row rows="90000"><cell columns="16000" office:value-type="float" office:value="1"/></row>',
            "sheet_too_large",
        ),
        (f'<row rows="90000"><cell><text:p>{"x" * 9000}</text:p></cell></row>', "sheet_too_large"),
        ('<row><cell><text:p>a<text:s text:c="99999999999"/></text:p></cell></row>', "sheet_too_large"),
    ],
)
def test_repetitions_of_an_ods_count(rows, code):
    assert refusal_of(ods(rows)) == code


def test_the_empty_end_of_an_ods_takes_no_place():
    rows = (
        '<row rows="2"><cell columns="16384"/></row>'
        "<row><cell/>"
        '<cell office:value-type="string"><text:p>a<text:tab/>b<text:line-break/>c</text:p></cell>'
        '<cell columns="16382"/></row>'
        '<row rows="1048000"><cell columns="16384"/></row>'
    )
    with open_sheet(ods(rows)) as sheet:
        assert [(row.line, row.cells) for row in sheet] == [(3, ["", "a\tb\nc"])]


def test_a_zip_that_unfolds_to_gigabytes_is_refused_unread():
    file = io.BytesIO()
    with zipfile.ZipFile(workbook()) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name != "xl/styles.xml":
                target.writestr(name, source.read(name))
        with target.open("xl/styles.xml", "w") as part:
            for _chunk in range(300):
                part.write(b" " * 2**20)
    assert file.tell() < 2**20
    file.seek(0)
    assert refusal_of(file) == "sheet_too_large"


def test_a_size_that_lies_is_found_out():
    file = io.BytesIO()
    with zipfile.ZipFile(workbook()) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name != "xl/theme/theme1.xml":
                target.writestr(name, source.read(name))
        target.writestr("xl/theme/theme1.xml", b"<a>" + b" " * 5_000_000 + b"</a>")
    data = bytearray(file.getvalue())
    real = (5_000_007).to_bytes(4, "little")
    while (at := data.find(real)) >= 0:
        data[at : at + 4] = (100).to_bytes(4, "little")
    assert refusal_of(io.BytesIO(bytes(data))) == "sheet_damaged"


def test_entities_are_refused():
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><office:document-content/>'
    assert refusal_of(changed(workbook(write_ods), content_xml=bomb)) == "sheet_damaged"
    assert refusal_of(changed(workbook(), xl__worksheets__sheet1_xml=bomb)) == "sheet_damaged"


def test_another_zip_is_not_a_sheet():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("lisez-moi.txt", "bonjour")
    file.seek(0)
    assert refusal_of(file) == "sheet_not_a_sheet"
    text = changed(workbook(write_ods), mimetype="application/vnd.oasis.opendocument.text")
    assert refusal_of(text) == "sheet_not_a_sheet"


def test_a_password_is_named():
    data = bytearray(workbook().getvalue())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := data.find(signature, at + 1)) >= 0:
            data[at + offset] |= 1
    assert refusal_of(io.BytesIO(bytes(data))) == "sheet_password"


@pytest.mark.parametrize("write", [write_ods, write_xlsx])
def test_a_workbook_cut_or_scrambled_is_refused_or_read(write):
    whole = workbook(write, [["nom", "ville"]] + [[f"n{i}", "Lille"] for i in range(50)]).getvalue()
    chance = random.Random(1)
    for _attempt in range(200):
        data = bytearray(whole)
        for _change in range(chance.randint(1, 6)):
            data[chance.randrange(4, len(data))] = chance.randrange(256)
        if chance.random() < 0.3:
            del data[chance.randrange(10, len(data)) :]
        with suppress(Refusal), open_sheet(io.BytesIO(bytes(data))) as sheet:
            assert len(list(sheet)) <= 51


def test_the_first_visible_sheet_with_something_is_read_unless_one_is_named():
    book = openpyxl.Workbook()
    book.active.title = "Vide"
    hidden, people = book.create_sheet("Caché"), book.create_sheet("Membres")
    hidden["A1"], people["B2"] = "secret", "Zoé"
    hidden.sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    with open_sheet(file) as sheet:
        assert sheet.names == ["Vide", "Caché", "Membres"]
        assert [(row.line, row.cells) for row in sheet] == [(2, ["", "Zoé"])]
    file.seek(0)
    with open_sheet(file, sheet="Caché") as sheet:
        assert [row.cells for row in sheet] == [["secret"]]
    file.seek(0)
    assert refusal_of(file, sheet="Absent") == "sheet_unknown"


def test_limits_are_the_callers():
    rows = [["a", "b"]] * 20
    assert refusal_of(workbook(rows=rows), limits=Limits(rows=10)) == "sheet_too_many_rows"
    assert refusal_of(workbook(write_ods, rows), limits=Limits(cells=30)) == "sheet_too_large"
