import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilios.kit.refusals import Refusal
from tilios.kit.sheets import Limits, open_sheet, write_csv

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufffd"), max_size=10)
CELLS = TEXTS | st.sampled_from(["=1+1", "+33 6 12", "-@x", "'=a", "''-a", "'", '"', ";", "a\r\nb", "\t", "sep=;"])
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=8)

PEOPLE = "nom_adh;prenom_adh;email_adh\nLefèvre;Noël;noel@exemple.fr\nMüller;Zoé;zoe@exemple.fr\n"


def read(data, **options):
    with open_sheet(io.BytesIO(data), **options) as sheet:
        return sheet, list(sheet)


def refusal_of(data, **options):
    with pytest.raises(Refusal) as refused:
        read(data, **options)
    return refused.value.code


@given(ROWS, st.sampled_from(";,\t"))
def test_what_is_written_reads_back(rows, delimiter):
    data = b"".join(write_csv(rows, delimiter=delimiter))
    _sheet, found = read(data, delimiter=delimiter)
    assert [row.cells for row in found] == [row for row in rows if any(cell.strip() for cell in row)]
    assert not any(row.problem for row in found)


@pytest.mark.parametrize(
    ("codec", "detected"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
    ],
)
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encoding_separator_and_line_ends_are_detected(codec, detected, delimiter, newline):
    data = PEOPLE.replace(";", delimiter).replace("\n", newline).encode(codec)
    sheet, rows = read(data)
    assert (sheet.kind, sheet.encoding, sheet.delimiter) == ("csv", detected, delimiter)
    assert [(row.line, *row.cells) for row in rows] == [
        (1, "nom_adh", "prenom_adh", "email_adh"),
        (2, "Lefèvre", "Noël", "noel@exemple.fr"),
        (3, "Müller", "Zoé", "zoe@exemple.fr"),
    ]


def test_commas_in_the_text_are_not_taken_for_separators():
    data = b'nom;adresse\nDupont;"1, rue du Bac, Lille"\nDurand;"2, rue du Bac, Lille"\n'
    sheet, rows = read(data)
    assert sheet.delimiter == ";"
    assert rows[1].cells == ["Dupont", "1, rue du Bac, Lille"]


def test_one_column_needs_no_separator():
    _sheet, rows = read(b"email\na@exemple.fr\nb@exemple.fr\n")
    assert [row.cells for row in rows] == [["email"], ["a@exemple.fr"], ["b@exemple.fr"]]


def test_the_hint_of_excel_is_obeyed_and_line_numbers_stay_true():
    sheet, rows = read(b"sep=|\r\na;b|c\r\nd|e\r\n")
    assert sheet.delimiter == "|"
    assert [(row.line, row.cells) for row in rows] == [(2, ["a;b", "c"]), (3, ["d", "e"])]


def test_a_cell_may_hold_lines_and_the_number_is_that_of_its_first():
    _sheet, rows = read(b'a;b\n"x\ny";z\n\nd;e\n')
    assert [(row.line, row.cells) for row in rows] == [(1, ["a", "b"]), (2, ["x\ny", "z"]), (5, ["d", "e"])]


def test_a_quote_never_closed_spoils_its_line_only():
    lines = ["nom;note"] + [f"n{i};x" for i in range(2000)]
    lines[700] = 'bad;"never closed'
    _sheet, rows = read("\n".join(lines).encode())
    assert len(rows) == 2001
    bad = [row for row in rows if row.problem]
    assert [(row.line, row.cells, row.problem.code) for row in bad] == [(701, [], "row_unclosed_quote")]


def test_a_quote_never_closed_near_the_end_spoils_its_line_only():
    _sheet, rows = read(b'a;b\nc;"d\ne;f\ng;h')
    assert [(row.line, row.problem and row.problem.code) for row in rows] == [
        (1, None),
        (2, "row_unclosed_quote"),
        (3, None),
        (4, None),
    ]


def test_a_misplaced_quote_is_reported():
    _sheet, rows = read(b'a;b\n"Jean "Jeannot"";x\ne;f\n5" de tuyau;y\n')
    assert [(row.line, row.problem and row.problem.code) for row in rows] == [
        (1, None),
        (2, "row_stray_quote"),
        (3, None),
        (4, None),
    ]
    assert rows[3].cells == ['5" de tuyau', "y"]


def test_rows_too_wide_and_cells_too_long_are_reported_and_cut():
    limits = Limits(columns=2, cell=5)
    _sheet, rows = read(b"a;b\nc;d;e\nabcdefgh;x\n", limits=limits)
    assert [(row.cells, row.problem and row.problem.code) for row in rows] == [
        (["a", "b"], None),
        (["c", "d"], "row_too_many_cells"),
        (["abcde", "x"], "row_cell_too_long"),
    ]


def test_a_cell_larger_than_the_reader_takes_is_reported():
    _sheet, rows = read(b"a;b\nc;" + b"x" * 200_000 + b"\nd;e\n")
    assert [(row.line, row.problem and row.problem.code) for row in rows] == [
        (1, None),
        (2, "row_cell_too_long"),
        (3, None),
    ]


def test_a_few_foreign_bytes_do_not_change_the_encoding_of_all():
    data = ("nom;ville\n" + "Lefèvre;Béthune\n" * 50).encode() + b"Beno\xeet;Lille\n"
    sheet, rows = read(data)
    assert sheet.encoding == "utf-8"
    assert rows[1].cells == ["Lefèvre", "Béthune"]
    assert [row.problem.code for row in rows if row.problem] == ["row_unreadable"]


def test_what_is_detected_can_be_overruled():
    sheet, rows = read("é,è;à".encode("cp1252"), encoding="mac_roman", delimiter=",")
    assert (sheet.encoding, sheet.delimiter) == ("mac-roman", ",")
    assert len(rows[0].cells) == 2
    assert refusal_of(b"a;b", encoding="klingon") == "sheet_unknown"


def test_what_is_not_a_sheet_is_refused():
    assert refusal_of(b"") == "sheet_empty"
    assert refusal_of(b"%PDF-1.7\n") == "sheet_not_a_sheet"
    assert refusal_of(b"\x89PNG\r\n\x1a\n") == "sheet_not_a_sheet"
    assert refusal_of(bytes(range(256)) * 10) == "sheet_not_a_sheet"
    assert refusal_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100)) == "sheet_old_excel"


def test_size_and_rows_are_limited():
    assert refusal_of(b"a;b\n" * 1000, limits=Limits(size=1000)) == "sheet_too_large"
    assert refusal_of(b"a;b\n" * 11, limits=Limits(rows=10)) == "sheet_too_many_rows"
    assert len(read(b"a;b\n" * 10, limits=Limits(rows=10))[1]) == 10


def test_the_header_is_the_first_row_and_reading_starts_again_each_time():
    with open_sheet(io.BytesIO(b"\n Nom ;Ville\nDupont;Lille\n")) as sheet:
        assert sheet.header() == ["Nom", "Ville"]
        assert [row.line for row in sheet] == [2, 3]
        assert [row.line for row in sheet] == [2, 3]


@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_a_refusal(data):
    try:
        _sheet, rows = read(data)
    except Refusal:
        return
    assert [row.line for row in rows] == sorted({row.line for row in rows})
