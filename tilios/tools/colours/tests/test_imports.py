"""Answers from a sheet: every way to say a colour, unknown cells by line and column, nothing imported by halves."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import Cast
from tilios.core.errors import Conflict, Invalid
from tilios.core.structures.scope import scope
from tilios.kit.refusals import Refusal
from tilios.kit.sheets import write_csv, write_ods, write_xlsx
from tilios.tools.colours import actions, imports
from tilios.tools.colours.drafts import from_lines, from_rows
from tilios.tools.colours.models import Answer, Voice
from tilios.tools.colours.scales import BLACK, PRESETS, WHITE
from tilios.tools.colours.tests.contract import give, open_session

SCALE = PRESETS["agreement5"].scale
STATEMENTS = [(11, "L'accueil"), (12, "Les horaires"), (13, "Les prix")]


def csv(*rows: list) -> bytes:
    return b"".join(write_csv(rows))


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("++", 0), ("+", 1), ("~", 2), ("−", 3), ("-", 3), ("--", 4), ("vert foncé", 0), ("Vert clair", 1),
        ("ORANGE", 2), ("dark red", 4), ("1", 0), ("5", 4), ("5,0", 4), ("?", WHITE), ("blanc", WHITE),
        ("White", WHITE), ("∅", BLACK), ("noir", BLACK), (str(SCALE.levels[1].label), 1),
    ],
)  # fmt: skip
def test_a_cell_says_a_colour_in_many_ways(cell: str, value: int) -> None:
    reading = imports.read(csv(["Nom", "L'accueil"], ["Zoé", cell]), STATEMENTS, SCALE)
    assert reading.faults == []
    assert reading.answers == [{11: value}]


def test_columns_are_named_by_words_or_numbers_and_the_rest_is_said() -> None:
    reading = imports.read(
        csv(["nom", "groupe", "Q2", "LES PRIX", "Âge"], ["Zoé", "Bar", "1", "2", "33"]), STATEMENTS, SCALE
    )
    assert (reading.names, reading.groups, reading.answers) == (["Zoé"], ["Bar"], [{12: 0, 13: 1}])
    assert reading.unknown == [(5, "Âge")]


def test_unknown_cells_are_listed_by_line_and_column() -> None:
    reading = imports.read(csv(["nom", "1", "2"], ["A", "bleu", "1"], ["B", "", "6"]), STATEMENTS, SCALE)
    assert [(one.line, one.column, one.cell) for one in reading.faults] == [(2, 2, "bleu"), (3, 3, "6")]


@pytest.mark.parametrize("kind", ["csv", "ods", "xlsx"])
def test_a_sheet_of_any_kind_is_tried_then_imported_then_undone(cast: Cast, kind: str) -> None:
    rows = [["Nom", "L'accueil", "Les horaires", "Les prix"], ["Zoé", "++", "blanc", 3], ["Yves", "--", "", 1]]
    out = io.BytesIO()
    if kind == "csv":
        out.write(csv(*rows))
    else:
        {"ods": write_ods, "xlsx": write_xlsx}[kind](rows, out)
    with scope(cast.fabrique):
        session = open_session(cast.alice)
    alice, url = cast.client("alice"), f"/s/la-fabrique/vote-colore/{session.pk}/importer/"
    trial = alice.post(url, {"file": SimpleUploadedFile(f"reponses.{kind}", out.getvalue())})
    page = trial.content.decode()
    assert trial.status_code == 200, page
    with scope(cast.fabrique):
        assert not Answer.objects.exists()
    content = page.split('name="content" value="')[1].split('"')[0]
    assert alice.post(url, {"content": content, "import": "1"}).status_code == 302
    with scope(cast.fabrique):
        assert Answer.objects.count() == 5
        assert sorted(Voice.objects.values_list("name", flat=True)) == ["Yves", "Zoé"]
        give(session, cast.bob, 2)
        batch = Voice.objects.filter(origin="imported").first().batch
        assert actions.undo_import(by=cast.alice, session=session, batch=batch) == 2
        assert Answer.objects.get().value == 2


def test_one_unknown_cell_and_nothing_is_imported(cast: Cast) -> None:
    sheet = csv(["Nom", "L'accueil"], ["Zoé", "++"], ["Yves", "mauve"])
    with scope(cast.fabrique):
        session = open_session(cast.alice)
        statements = list(session.statements.values_list("pk", "text"))
        reading = imports.read(sheet, statements, session.levels)
        with pytest.raises(Invalid):
            actions.import_answers(by=cast.alice, session=session, reading=reading)
        assert not Answer.objects.exists()
    url = f"/s/la-fabrique/vote-colore/{session.pk}/importer/"
    response = cast.client("alice").post(url, {"file": SimpleUploadedFile("reponses.csv", sheet)})
    assert response.status_code == 422
    assert "Ligne 3, colonne 2 : « mauve »" in response.content.decode()
    assert 'name="import"' not in response.content.decode()
    for wrong in (b"\x89PNG\r\n\x1a\n", b""):
        assert cast.client("alice").post(url, {"file": SimpleUploadedFile("x.csv", wrong)}).status_code == 422


def test_a_closed_session_and_names_already_there_refuse_the_import(fabrique: Cast) -> None:
    session = open_session(fabrique.alice)
    statements = list(session.statements.values_list("pk", "text"))
    reading = imports.read(csv(["Nom", "1"], ["Zoé", "1"]), statements, session.levels)
    actions.import_answers(by=fabrique.alice, session=session, reading=reading)
    with pytest.raises(Invalid):
        actions.import_answers(by=fabrique.alice, session=session, reading=reading)
    actions.close_session(by=fabrique.alice, session=session)
    with pytest.raises(Conflict):
        actions.import_answers(by=fabrique.alice, session=session, reading=reading)


def test_lines_and_rows_become_statements() -> None:
    drafts = from_lines("1. Le café | du matin\n\n- La soupe\n• Le pain\tbio\nÀ 18. heures")
    assert [(one.text, one.explanation) for one in drafts] == [
        ("Le café", "du matin"), ("La soupe", ""), ("Le pain", "bio"), ("À 18. heures", ""),
    ]  # fmt: skip
    rows = from_rows([["Le café", "du matin", "https://example.org"], ["La soupe", "", "javascript:alert(1)"], [""]])
    assert [(one.text, one.link) for one in rows] == [("Le café", "https://example.org"), ("La soupe", "")]


@given(st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=5), max_size=8))
def test_no_sheet_whatever_breaks_the_reading(rows: list[list[str]]) -> None:
    try:
        reading = imports.read(csv(["nom", "1", "2", "3", "4"], *rows), STATEMENTS, SCALE)
    except Refusal:
        return  # said in a sentence: this is no sheet
    assert all(value in SCALE.answers for answers in reading.answers for value in answers.values())
