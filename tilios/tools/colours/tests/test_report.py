"""The report: everything is in it, and it is a PDF."""

from pathlib import Path
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from tilios.tools.colours import figures, report
from tilios.tools.colours.drawing.looks import Look, percent, rows_of
from tilios.tools.colours.drawing.views import Material
from tilios.tools.colours.palettes import SAFE
from tilios.tools.colours.scales import BLACK, PRESETS, WHITE

SCALE = PRESETS["satisfaction5"].scale
STATEMENTS = [figures.Statement(1, "L’accueil du lieu"), figures.Statement(2, "Le chauffage")]
SUMS = {1: figures.Sums((40, 30, 10, 5, 5), 6, 4), 2: figures.Sums((2, 8, 20, 30, 35), 3, 2)}
MATERIAL = Material(
    STATEMENTS,
    lambda: SUMS,
    rounds=("Premier tour", "Second tour"),
    before=lambda: {2: figures.Sums((1, 4, 20, 35, 40))},
    moves=lambda: {2: {(4, 3): 5, (3, 3): 20, (1, 2): 1}},
)
REMARKS = {
    2: [report.Said("Il fait bon.", 0, "Alice"), report.Said("On gèle <i>ici</i> !", 4), report.Said("…", BLACK)]
}
LOOK = Look(SCALE, SAFE)


def made(material: Material = MATERIAL) -> report.Report:
    facts = [("Qui a répondu", "100 personnes")]
    structure = SimpleNamespace(name="La Fabrique")
    return report.Report("Satisfaction des usagers", structure, material, "Deux questions.", facts, {}, REMARKS)


def test_it_holds_what_was_asked_what_came_out_and_what_was_said() -> None:
    found = report.context(made(), LOOK)
    assert [block.row.statement.label for block in found["blocks"]] == ["L’accueil du lieu", "Le chauffage"]
    assert found["mosaics"] == []  # no grid was given
    assert len(found["rounds"]) == 1
    assert [picture.title for picture in found["flows"]] == ["Le chauffage"]
    said = found["blocks"][1].remarks
    assert [one.text for _key, one in said] == ["Il fait bon.", "On gèle <i>ici</i> !", "…"]
    assert [key.css for key, _one in said] == ["0", "4", "black"]
    assert len(found["keys"]) == len(SCALE) + 2
    assert SCALE.symbol_of(WHITE) in {key.sign for key in found["keys"]}


def test_what_is_best_received_comes_first() -> None:
    rows = rows_of(STATEMENTS[::-1], SUMS, SCALE)
    assert [row.statement.pk for row in report.best_first(rows)] == [1, 2]


def test_the_longest_bar_is_of_the_answer_most_given_and_shares_are_of_all_answers() -> None:
    block = report.context(made(), LOOK)["blocks"][0]
    assert [(share.count, share.percent, share.width) for share in block.shares] == [
        (40, percent(0.40), 100),
        (30, percent(0.30), 75),
        (10, percent(0.10), 25),
        (5, percent(0.05), 12),
        (5, percent(0.05), 12),
        (6, percent(0.06), 15),
        (4, percent(0.04), 10),
    ]


@given(st.lists(st.integers(), max_size=90), st.integers(1, 20))
def test_pages_lose_nothing_and_are_never_longer_than_asked(found: list[int], most: int) -> None:
    pages = report._pages(found, most)
    assert [one for page in pages for one in page] == found
    assert all(0 < len(page) <= most for page in pages)


def test_forty_statements_and_a_mosaic_are_cut_into_pages() -> None:
    statements = [figures.Statement(number, f"Énoncé {number}") for number in range(40)]
    voices = [figures.Voice(number) for number in range(12)]
    answers = {(one.pk, voice.pk): (one.pk + voice.pk) % 5 for one in statements for voice in voices}
    material = Material(
        statements,
        lambda: {one.pk: figures.Sums((3, 3, 2, 2, 2)) for one in statements},
        lambda: figures.Grid(statements, voices, answers),
        has_grid=True,
    )
    found = report.context(made(material), LOOK)
    assert [len(found[name]) for name in ("spectra", "mosaics", "rounds")] == [3, 2, 0]


def test_a_group_that_stays_hidden_has_no_mean() -> None:
    groups = {"Atelier": figures.Sums((0, 0, 6, 0, 0)), "Bureau": None}
    material = Material(STATEMENTS, lambda: SUMS, groups=lambda _pk: groups)
    table = report.context(made(material), LOOK)["groups"]
    assert table.count("<td") == 2 * 3
    assert table.count(">–<") == 2


def test_it_is_a_pdf_that_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(report.pdf_file(made(), LOOK))
    assert path.read_bytes().startswith(b"%PDF-")
    assert len(path.read_bytes()) < 400_000
