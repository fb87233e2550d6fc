"""The report of a session as PDF: what a funder or an assembly reads months later, without having been there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tilios.tools.colours import figures
from tilios.tools.colours.drawing import Picture, flows, mosaic, opinion_map, rows_of, spectrum, two_rounds
from tilios.tools.colours.drawing.looks import Look, Row, decimal, percent
from tilios.tools.colours.drawing.maps import REGIONS, region
from tilios.tools.colours.drawing.mosaics import in_order
from tilios.tools.colours.drawing.movements import moved
from tilios.tools.colours.drawing.views import Material
from tilios.tools.colours.figures import Grid
from tilios.tools.colours.figures.definitions import DEFINITIONS
from tilios.tools.colours.scales import BLACK, WHITE
from tilios.ui import charts, pdf

TEMPLATE = "colours/report.pdf.html"
FLOWS = 2  # statements whose movements are drawn: those that moved most
BARS, PAIRS, ROWS = 14, 9, 24  # of a spectrum, a comparison, a mosaic, on one page

One = TypeVar("One")


@dataclass(frozen=True)
class Said:
    """A remark: its words, the answer it goes with (None when that was taken back), whose ("" where not shown)."""

    text: str
    answer: int | None
    name: str = ""
    is_discussed: bool = False


@dataclass(frozen=True)
class Report:
    """What is printed: all of it, so whoever makes one puts in it what its reader may see.

    `facts` are pairs of words: who was asked, how many answered, from when to when. `explanations` and `remarks` (in
    the order of colours) are by statement.
    """

    title: str
    structure: Any
    material: Material
    introduction: SafeString | str = ""
    facts: Sequence[tuple[Any, str]] = ()
    explanations: Mapping[int, str] = field(default_factory=dict)
    remarks: Mapping[int, Sequence[Said]] = field(default_factory=dict)


@dataclass(frozen=True)
class Key:
    """One answer of the scale: its sign and words, its class in the document and the colours of it."""

    css: str
    sign: str
    label: str
    colour: str
    ink: str


@dataclass(frozen=True)
class Share:
    """How many gave one answer; `width` is the length of its bar, in percents of the longest one."""

    key: Key
    count: int
    percent: str
    width: int


@dataclass(frozen=True)
class Block:
    """One statement of the report: its distribution, its figures in words, what was said of it."""

    number: int
    row: Row
    explanation: str
    shares: Sequence[Share]
    figures: Sequence[tuple[str, str]]
    region: str
    remarks: Sequence[tuple[Key | None, Said]]


def pdf_file(report: Report, look: Look) -> bytes:
    """The PDF, in the language of the reader. Takes a second or two: check `pdf.is_available()` before."""
    return pdf.render(TEMPLATE, context(report, look))


def context(report: Report, look: Look) -> dict[str, Any]:
    """What the template reads. Drawings longer than a page are cut into several."""
    material = report.material
    rows = rows_of(material.statements, material.sums(), look.scale)
    keys = _keys(look)
    found: dict[str, Any] = {
        "report": report,
        "structure": report.structure,
        "keys": list(keys.values()),
        "said": spectrum(rows, look).summary,
        "spectra": [_printed(spectrum(page, look)) for page in _pages(best_first(rows), BARS)],
        "mosaics": _mosaics(material, look),
        "map": _printed(opinion_map(rows, look)) if len(rows) > 1 else None,
        "blocks": [_block(number, row, keys, report, look) for number, row in enumerate(rows, 1)],
        "groups": _groups(rows, material, look),
        "definitions": list(DEFINITIONS.values()),
    }
    found["widths"] = sorted({share.width for block in found["blocks"] for share in block.shares})
    return {**found, **_rounds(rows, material, look)}


# Parts --------------------------------------------------------------------------------------------------------------


def best_first(rows: Sequence[Row]) -> list[Row]:
    """Rows from the best received to the least, as in the sorted mosaic; those without a colour last."""
    return sorted(
        rows,
        key=lambda row: (row.figures.position is None, -(row.figures.position or 0), row.figures.spread or 0),
    )


def figures_in_words(row: Row, look: Look) -> list[tuple[str, str]]:
    """The figures of a statement as (name, words); those that nobody's colour gives are left out."""
    found = row.figures
    names = {name: str(words[0]) for name, words in DEFINITIONS.items()}
    said = [(names["answered"], str(found.answered))]
    if found.median is None or found.consensus is None:
        return said
    said += [
        (names["expressed"], str(found.expressed)),
        (names["mean"], _mean(found.mean, look)),
        (names["median"], f"{look.scale.symbol_of(found.median)} {look.scale.label_of(found.median)}"),
        (names["spread"], decimal(found.spread)),
        (names["consensus"], percent(found.consensus)),
    ]
    return [*said, (names["opacity"], percent(found.opacity))] if found.opacity else said


def _mean(mean: float | None, look: Look) -> str:
    highest, lowest = look.scale.weights[0], look.scale.weights[-1]
    return _("%(mean)s (from %(least)s to %(most)s)") % {
        "mean": decimal(mean),
        "least": decimal(lowest, 0 if lowest.is_integer() else 1),
        "most": decimal(highest, 0 if highest.is_integer() else 1),
    }


def _keys(look: Look) -> dict[int, Key]:
    names = {WHITE: "white", BLACK: "black"}
    return {
        answer: Key(
            names.get(answer, str(answer)),
            look.scale.symbol_of(answer),
            look.scale.label_of(answer),
            look.colour(answer),
            look.ink(answer),
        )
        for answer in look.answers
    }


def _printed(picture: Picture) -> Picture:
    """The drawing in the letters of the document."""
    svg = picture.svg.replace('font-family="sans-serif"', 'font-family="Text, DejaVu Sans"', 1)
    return replace(picture, svg=mark_safe(svg))  # noqa: S308 (a drawing of ours)


def _pages(found: Sequence[One], most: int) -> list[Sequence[One]]:
    """`found` cut in pages of nearly the same size, of `most` at the most."""
    size = -(-len(found) // max(1, -(-len(found) // most))) or 1
    return [found[start : start + size] for start in range(0, len(found), size)]


def _mosaics(material: Material, look: Look) -> list[Picture]:
    """The sorted mosaic, page after page: people keep their column from one to the next."""
    if not material.has_grid:
        return []
    grid = in_order(material.grid(), look)
    return [
        _printed(mosaic(Grid(page, grid.people, grid.answers), look, ordered=False, title=_("Sorted mosaic")))
        for page in _pages(grid.statements, ROWS)
    ]


def _block(number: int, row: Row, keys: Mapping[int, Key], report: Report, look: Look) -> Block:
    where, remarks = region(row.figures), report.remarks.get(row.statement.pk, ())
    return Block(
        number=number,
        row=row,
        explanation=report.explanations.get(row.statement.pk, ""),
        shares=_shares(row, keys),
        figures=figures_in_words(row, look),
        region=str(REGIONS[where]) if where else "",
        remarks=[(None if one.answer is None else keys[one.answer], one) for one in remarks],
    )


def _shares(row: Row, keys: Mapping[int, Key]) -> list[Share]:
    counts = [*row.sums.counts, row.sums.white, row.sums.black]
    total, highest = sum(counts) or 1, max(counts) or 1
    return [
        Share(key, count, percent(count / total), round(100 * count / highest))
        for key, count in zip(keys.values(), counts, strict=True)
    ]


def _groups(rows: Sequence[Row], material: Material, look: Look) -> SafeString | None:
    """The mean of each group for each statement, as a table; None where there are no groups to compare."""
    if material.groups is None:
        return None
    found = [material.groups(row.statement.pk) for row in rows]
    names = list(dict.fromkeys(name for groups in found for name in groups))
    if len(names) < 2:
        return None
    lines = []
    for row, groups in zip(rows, found, strict=True):
        shown = [groups.get(name) for name in names]
        means = [None if sums is None else figures.of(sums, look.scale).mean for sums in shown]
        lines.append([row.statement.label, *(decimal(mean) for mean in means), decimal(row.figures.mean)])
    return charts.table([_("Statement"), *names, _("All")], lines)


def _rounds(rows: Sequence[Row], material: Material, look: Look) -> dict[str, Any]:
    """Two rounds side by side, and the movements of the statements that moved most."""
    if material.rounds is None:
        return {"rounds": [], "rounds_said": "", "flows": []}
    moves = material.moves()
    pairs = list(zip(rows_of(material.statements, material.before(), look.scale), rows, strict=True))
    changed = {row.statement.pk: sum(moved(moves.get(row.statement.pk, {}))[:2]) for row in rows}
    most = sorted((row for row in rows if changed[row.statement.pk]), key=lambda row: -changed[row.statement.pk])
    names = material.rounds
    return {
        "rounds": [_printed(two_rounds(page, moves, look, names=names)) for page in _pages(pairs, PAIRS)],
        "rounds_said": two_rounds(pairs, moves, look, names=names).summary,
        "flows": [_printed(flows(row.statement, moves[row.statement.pk], look, names=names)) for row in most[:FLOWS]],
    }
