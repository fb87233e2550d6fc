"""The report of a session as PDF: what a funder or an assembly reads months later, without having been there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from tilios.tools.colours.drawing import Picture, opinion_map, rows_of, spectrum, two_rounds
from tilios.tools.colours.drawing.looks import Look, Row, decimal, percent
from tilios.tools.colours.drawing.mosaics import mosaic
from tilios.tools.colours.drawing.spectra import Bar, draw, one_statement
from tilios.tools.colours.drawing.views import Material
from tilios.tools.colours.figures.definitions import DEFINITIONS
from tilios.ui import pdf

TEMPLATE = "colours/report.pdf.html"
BARS_A_PAGE, PAIRS_A_PAGE = 12, 7


@dataclass(frozen=True)
class Said:
    """A remark: the answer it goes with (None when that was taken back), its words, whose ("" where not shown)."""

    answer: int | None
    text: str
    name: str = ""


@dataclass(frozen=True)
class Block:
    """One statement of the report."""

    row: Row
    drawing: SafeString
    summary: str
    mean: str
    median: str
    consensus: str
    spread: str
    opacity: str
    remarks: Sequence[tuple[str, str, str]]  # sign and words of the colour, text, name


@dataclass(frozen=True)
class Facts:
    """What is said of the session before its figures. Words are the reader's."""

    title: str
    introduction: str
    structure: str
    asked: str  # who was asked
    identity: str  # named, pseudonyms, secret
    voices: int
    dates: str  # from when to when
    round_name: str = ""


def made(facts: Facts, material: Material, look: Look, remarks: Mapping[int, Sequence[Said]]) -> bytes:
    """The report, in the language of the reader. Takes about a second: check `pdf.is_available()` before."""
    return pdf.render(TEMPLATE, context(facts, material, look, remarks))


def context(facts: Facts, material: Material, look: Look, remarks: Mapping[int, Sequence[Said]]) -> dict[str, Any]:
    """What the template reads."""
    rows = rows_of(material.statements, material.sums(), look.scale)
    pictures = [spectrum(rows[start : start + BARS_A_PAGE], look) for start in range(0, len(rows), BARS_A_PAGE)]
    if material.has_grid:
        pictures.append(mosaic(material.grid(), look, ordered=True))
    if len(rows) > 1:
        pictures.append(opinion_map(rows, look))
    return {
        "facts": facts,
        "structure": {"name": facts.structure},
        "pictures": pictures,
        "blocks": [_block(row, look, remarks.get(row.statement.pk, ())) for row in rows],
        "rounds": _rounds(material, rows, look),
        "levels": [
            (look.scale.symbol_of(one), look.scale.label_of(one), look.colour(one), look.ink(one))
            for one in look.answers
        ],
        "definitions": list(DEFINITIONS.values()),
    }


def _rounds(material: Material, rows: Sequence[Row], look: Look) -> list[Picture]:
    """Both rounds, some statements a page."""
    if material.rounds is None:
        return []
    before = rows_of(material.statements, material.before(), look.scale)
    pairs, moves = list(zip(before, rows, strict=True)), material.moves()
    parts = [pairs[start : start + PAIRS_A_PAGE] for start in range(0, len(pairs), PAIRS_A_PAGE)]
    return [two_rounds(part, moves, look, names=material.rounds) for part in parts]


def _bar(row: Row, look: Look) -> SafeString:
    """The spectrum of one statement, whose words stand above it and whose legend stands at the head of the report."""
    label = row.statement.label
    return draw([Bar("", row.sums)], look, title=label, description=one_statement(row, look), with_legend=False)


def _block(row: Row, look: Look, remarks: Sequence[Said]) -> Block:
    found = row.figures
    return Block(
        row=row,
        drawing=_bar(row, look),
        summary=one_statement(row, look),
        mean=decimal(found.mean),
        median="–" if found.median is None else look.scale.label_of(found.median),
        consensus="–" if found.consensus is None else percent(found.consensus),
        spread=decimal(found.spread),
        opacity=percent(found.opacity),
        remarks=[
            (
                "" if one.answer is None else f"{look.scale.symbol_of(one.answer)} {look.scale.label_of(one.answer)}",
                one.text,
                one.name,
            )
            for one in remarks
        ],
    )
