"""The report: everything is in it, and it is a PDF."""

from pathlib import Path

from tilios.tools.colours import figures, report
from tilios.tools.colours.drawing.looks import Look
from tilios.tools.colours.drawing.views import Material
from tilios.tools.colours.palettes import SAFE
from tilios.tools.colours.scales import BLACK, PRESETS, WHITE

SCALE = PRESETS["satisfaction5"].scale
STATEMENTS = [figures.Statement(1, "L’accueil du lieu"), figures.Statement(2, "Le chauffage")]
SUMS = {1: figures.Sums((40, 30, 10, 5, 5), 6, 4), 2: figures.Sums((2, 8, 20, 30, 35), 3, 2)}
FACTS = report.Facts(
    title="Satisfaction des usagers",
    introduction="Deux questions.",
    structure="La Fabrique",
    asked="les membres",
    identity="réponses secrètes",
    voices=100,
    dates="mars 2026",
)
MATERIAL = Material(
    STATEMENTS,
    lambda: SUMS,
    rounds=("Premier tour", "Second tour"),
    before=lambda: {2: figures.Sums((1, 4, 20, 35, 40))},
    moves=lambda: {2: {(4, 3): 5, (3, 3): 20, (1, 2): 1}},
)
REMARKS = {
    2: [report.Said(0, "Il fait bon.", "Alice"), report.Said(4, "On gèle <i>ici</i> !"), report.Said(BLACK, "…")]
}


def test_it_holds_what_was_asked_what_came_out_and_what_was_said() -> None:
    found = report.context(FACTS, MATERIAL, Look(SCALE, SAFE), REMARKS)
    assert [block.row.statement.label for block in found["blocks"]] == ["L’accueil du lieu", "Le chauffage"]
    assert len(found["pictures"]) == 2  # no grid was given: no mosaic
    assert len(found["rounds"]) == 1
    assert [text for _colour, text, _name in found["blocks"][1].remarks] == [
        "Il fait bon.",
        "On gèle <i>ici</i> !",
        "…",
    ]
    assert len(found["levels"]) == len(SCALE) + 2
    assert SCALE.symbol_of(WHITE) in {sign for sign, *_rest in found["levels"]}


def test_it_is_a_pdf_that_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(report.made(FACTS, MATERIAL, Look(SCALE, SAFE), REMARKS))
    assert path.read_bytes().startswith(b"%PDF-")
    assert len(path.read_bytes()) < 400_000
