"""The mosaic: a row for each statement, a column for each person, a coloured cell for each answer.

Raw, it is the meeting as it sat down; sorted, the most agreed statements come first and the most favourable people to
the left, so that one sees who holds together. Hundreds of people make one path for each colour of a row, not a shape
for each cell.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tilios.tools.colours import figures
from tilios.tools.colours.drawing.looks import EDGE, NARROW, SIGN_FROM, WIDTH, Look, Picture, Row, cell, legend, wrapped
from tilios.tools.colours.figures import Grid, Statement, Voice, sums_of
from tilios.tools.colours.scales import BLACK, WHITE
from tilios.ui import charts
from tilios.ui.charts import frame as f

NAMES = 300.0
HIGH, TWO_LINES, WIDEST, LEAST = 30.0, 42.0, 34.0, 0.5
NOTCH, NOTCHED_FROM = 2.5, 2.0  # pixels: of the line in a narrow piece, and how narrow a piece may be to show one
TABLE_UP_TO = 60  # people: beyond, the table of the spectrum says more


def mosaic(grid: Grid, look: Look, *, ordered: bool, title: str = "") -> Picture:
    """The mosaic, raw or sorted."""
    title = title or (_("Sorted mosaic") if ordered else _("Mosaic"))
    shown = in_order(grid, look) if ordered else grid
    said = _summary(shown, ordered)
    if (WIDTH - NAMES) / max(1, len(grid.people)) < SIGN_FROM:
        said = _("%(said)s In narrow cells a line stands high for favourable answers, low for others.") % {"said": said}
    wide = _draw(shown, look, Frame(WIDTH, NAMES), title=title, description=said)
    narrow = _draw(shown, look, Frame(NARROW, 0), title=title, description=said)
    return Picture(title, wide, _table(shown, look), said, narrow)


def in_order(grid: Grid, look: Look) -> Grid:
    """Statements from the most to the least favourable (the more agreed first when level); people likewise."""
    rows = [(statement, _figures(grid, statement, look)) for statement in grid.statements]
    statements = [
        statement
        for statement, found in sorted(
            rows, key=lambda row: (row[1].position is None, -(row[1].position or 0), row[1].spread or 0)
        )
    ]
    weights = look.scale.weights
    totals: dict[int, list[float]] = {}
    for (_statement, voice), answer in grid.answers.items():
        if answer >= 0:
            totals.setdefault(voice, []).append(weights[answer])
    means = {voice: sum(found) / len(found) for voice, found in totals.items()}
    people = sorted(grid.people, key=lambda voice: (voice.pk not in means, -means.get(voice.pk, 0)))
    return Grid(statements, people, grid.answers)


def _figures(grid: Grid, statement: Statement, look: Look) -> figures.Figures:
    given = [
        (grid.answers[statement.pk, voice.pk], voice.weight)
        for voice in grid.people
        if (statement.pk, voice.pk) in grid.answers
    ]
    return figures.of(sums_of(given, len(look.scale)), look.scale)


# Drawing ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Frame:
    """Where cells begin: beside the words of the statements, or (`left` 0, on a phone) below them."""

    width: float
    left: float

    def cell(self, people: int) -> float:
        """How wide a cell is."""
        wide = max(LEAST, min(WIDEST, (self.width - self.left - 2) / max(1, people)))
        # A little wider than the page, and the signs are there.
        return SIGN_FROM + 1 if 9 <= wide < SIGN_FROM and people <= 80 else wide


def _draw(grid: Grid, look: Look, frame: Frame, *, title: str, description: str) -> SafeString:
    wide, left = frame.cell(len(grid.people)), frame.left
    named = any(voice.name for voice in grid.people) and wide >= SIGN_FROM
    width = max(frame.width, left + wide * len(grid.people) + (64 if named else 2))
    names, taken = legend(look, frame.width)
    parts, y = [names], taken
    if named:
        parts += [_name(voice, left + wide * (place + 0.5), y + 96) for place, voice in enumerate(grid.people)]
        y += 104
    for statement in grid.statements:
        words, high, y = _label(statement, y, frame)
        parts += words
        row = grid.row(statement)
        if wide >= SIGN_FROM:
            parts.append(_cells(row, statement, grid.people, left, y, wide, high - 2, look))
        else:
            parts.append(_runs(row, left, y, wide, high - 2, look))
        y += high
    return f.frame(width, y + 6, parts, title=title, description=description)


def _label(statement: Statement, y: float, frame: Frame) -> tuple[list[SafeString], float, float]:
    """The words of a row, how high its cells are, and where they start."""
    lines = wrapped(statement.label, frame.left - 14 if frame.left else frame.width)
    if not frame.left:
        words = [f.text(0, y + 20 + 18 * place, line) for place, line in enumerate(lines)]
        return words, HIGH, y + 10 + 18 * len(lines)
    high = HIGH if len(lines) == 1 else TWO_LINES
    top = y + (high - 18 * len(lines)) / 2
    return [f.text(0, top + 13 + 18 * place, line) for place, line in enumerate(lines)], high, y


def _name(voice: Voice, x: float, y: float) -> SafeString:
    return mark_safe(  # noqa: S308 (numbers and escaped words)
        f'<text class="soft" x="{f.at(x)}" y="{f.at(y)}" transform="rotate(-60 {f.at(x)} {f.at(y)})" font-size="12" '
        f'fill="{f.SOFT}">{escape(f.shorten(voice.name, 112))}</text>'
    )


def _cells(
    row: Sequence[int | None],
    statement: Statement,
    people: Sequence[Voice],
    left: float,
    y: float,
    wide: float,
    high: float,
    look: Look,
) -> SafeString:
    parts = []
    for place, answer in enumerate(row):
        if answer is None:
            continue
        who = people[place].name
        said = look.scale.label_of(answer)
        tip = f"{who}, {statement.label} : {said}" if who else f"{statement.label} : {said}"
        parts.append(
            cell(left + wide * place, y, wide, high, answer, look, tip=tip, words=look.scale.symbol_of(answer))
        )
    return f.join(parts)


def _runs(row: Sequence[int | None], left: float, y: float, wide: float, high: float, look: Look) -> SafeString:
    """Neighbours of one colour are one piece, all pieces of a colour one path. A line stands in each, high for the most
    favourable colour, low for the least: without colour, on paper, the mosaic is still read.
    """
    pieces: dict[int, list[tuple[float, float]]] = {}
    start = 0
    for place in range(1, len(row) + 1):
        if place < len(row) and row[place] == row[start]:
            continue
        answer = row[start]
        if answer is not None:
            pieces.setdefault(answer, []).append((left + wide * start, wide * (place - start)))
        start = place
    paths, signs = [], []
    last = len(look.scale) - 1
    for answer, found in sorted(pieces.items()):
        label = escape(look.scale.label_of(answer))
        paths.append(f"<path {_piece(found, y, high, answer, look)}><title>{label}</title></path>")
        if answer >= 0:
            level = y + 3 + (high - 6 - NOTCH) * answer / last
            lines = "".join(
                f"M{f.at(x)} {f.at(level)}h{f.at(width)}v{NOTCH}h{f.at(-width)}z"
                for x, width in found
                if NOTCHED_FROM <= width < SIGN_FROM + 6
            )
            if lines:
                signs.append(f'<path d="{lines}" fill="{look.ink(answer)}" fill-opacity=".75"/>')
        sign = escape(look.scale.symbol_of(answer))
        for x, width in found:
            if width >= SIGN_FROM + 6:
                signs.append(
                    f'<text x="{f.at(x + width / 2)}" y="{f.at(y + high / 2 + 4.5)}" text-anchor="middle" '
                    f'font-size="13" font-weight="700" fill="{look.ink(answer)}" aria-hidden="true">{sign}</text>'
                )
    return mark_safe("".join(paths + signs))  # noqa: S308 (numbers, colours of ours, escaped words)


def _piece(found: Sequence[tuple[float, float]], y: float, high: float, answer: int, look: Look) -> str:
    """The attributes of the path of all pieces of a colour: a thick line, the shortest way to write a rectangle; white
    and black have an edge.
    """
    colour = look.colour(answer)
    if answer in {WHITE, BLACK}:
        d = "".join(f"M{f.at(x)} {f.at(y)}h{f.at(width)}v{f.at(high)}h{f.at(-width)}z" for x, width in found)
        return f'd="{d}" fill="{colour}" stroke="{EDGE}" stroke-width=".6"'
    d = "".join(f"M{f.at(x)} {f.at(y + high / 2)}h{f.at(width)}" for x, width in found)
    return f'd="{d}" fill="none" stroke="{colour}" stroke-width="{f.at(high)}"'


# Words --------------------------------------------------------------------------------------------------------------


def _summary(grid: Grid, ordered: bool) -> str:
    people = ngettext("%d person", "%d people", len(grid.people)) % len(grid.people)
    statements = ngettext("%d statement", "%d statements", len(grid.statements)) % len(grid.statements)
    said = _("%(people)s, %(statements)s.") % {"people": people, "statements": statements}
    if not ordered or not grid.statements:
        return said
    return _("%(said)s The most favourable statements come first, the most favourable people to the left.") % {
        "said": said
    }


def _table(grid: Grid, look: Look) -> SafeString:
    if len(grid.people) > TABLE_UP_TO:
        return _sums_table(grid, look)
    nameless = _("Voice %d")
    heads = [_("Statement"), *(voice.name or nameless % place for place, voice in enumerate(grid.people, 1))]
    lines = [
        [statement.label, *("" if answer is None else look.scale.symbol_of(answer) for answer in grid.row(statement))]
        for statement in grid.statements
    ]
    return charts.table(heads, lines)


def _sums_table(grid: Grid, look: Look) -> SafeString:
    from tilios.tools.colours.drawing.spectra import table

    rows = []
    for statement in grid.statements:
        given = [(answer, 1) for answer in grid.row(statement) if answer is not None]
        sums = sums_of(given, len(look.scale))
        rows.append(Row(statement, sums, figures.of(sums, look.scale)))
    return table(rows, look)
