"""Cells: a heat map of values, and the spectrum of a coloured vote."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from tilios.ui import colour
from tilios.ui.charts import frame as f

CELL = 34.0


def heat_map(
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[float | None]],
    *,
    title: str,
    description: str = "",
    unit: str = "",
) -> SafeString:
    """`values[row][column]`, darker when higher, with the figure in the cell; None is left empty."""
    left = min(170.0, max((f.text_width(row) for row in rows), default=0) + 12)
    widest = max((f.text_width(f.number(value)) for row in values for value in row if value is not None), default=0)
    step = max(CELL, widest + 12, min(70.0, max((f.text_width(one) for one in columns), default=0) + 8))
    highest = max((value for row in values for value in row if value is not None), default=0) or 1
    parts = [
        f.text(left + step * (index + 0.5), 14, f.shorten(name, step), anchor="middle", soft=True)
        for index, name in enumerate(columns)
    ]
    for down, (name, line) in enumerate(zip(rows, values, strict=True)):
        y = 24 + CELL * down
        parts.append(f.text(left - 10, y + CELL / 2 + 4, f.shorten(name, left - 10), anchor="end"))
        for across, value in enumerate(line):
            x = left + step * across
            tip = f"{name}, {columns[across]} : " + ("–" if value is None else f"{f.number(value)}{unit}")
            if value is None:
                parts.append(f.rect(x + 1, y + 1, step - 2, CELL - 2, css="none", fill=f.NONE, tip=tip, round_=4))
                continue
            # Never more than half of the colour, so that the ink of the theme reads on every cell.
            share = 0.08 + 0.42 * max(0.0, value) / highest
            parts.append(
                f.rect(x + 1, y + 1, step - 2, CELL - 2, css="heat", fill=f.HEAT, tip=tip, opacity=share, round_=4)
            )
            parts.append(f.text(x + step / 2, y + CELL / 2 + 4.5, f.number(value), anchor="middle"))
    return f.frame(left + step * len(columns), 26 + CELL * len(rows), parts, title=title, description=description)


@dataclass(frozen=True)
class Level:
    """One answer of a coloured vote: `symbol` is one letter or sign, for those who see no colour."""

    label: str
    symbol: str
    colour: str


@dataclass(frozen=True)
class SpectrumRow:
    """`counts[level]` answers, in the order of the levels, and those who gave no colour."""

    label: str
    counts: Sequence[int]
    apart: Sequence[Level] = ()


def spectrum(
    rows: Sequence[SpectrumRow], levels: Sequence[Level], *, title: str, description: str = "", width: float = 560
) -> SafeString:
    """The cells of each row, sorted from the first level to the last, and centred on the middle level.

    What pulls to the left and what pulls to the right is seen at once. Levels go from most favourable to least.
    Answers in `apart` (white, black) stand at the end of the row, out of the balance. Cells shrink to fit `width`.
    """
    sides = [_sides(row.counts) for row in rows]
    before, after = max((one for one, _ in sides), default=0), max((two for _, two in sides), default=0)
    aside = max((len(row.apart) for row in rows), default=0)
    columns = before + after + (aside + 1 if aside else 0)
    cell = max(9.0, min(30.0, width / max(1.0, columns)))
    middle, step = before * cell, cell + 34
    names, taken = _levels_legend(levels, width)
    parts = [names]
    for down, (row, (lead, _)) in enumerate(zip(rows, sides, strict=True)):
        y = taken + down * step
        parts.append(f.text(0, y + 14, f.shorten(row.label, width), weight=600))
        x = middle - lead * cell
        for level, count in zip(levels, row.counts, strict=True):
            for _ in range(count):
                parts.append(_answer(x, y + 21, cell, level, f"{row.label} : {level.label}"))
                x += cell
        x = (before + after + 1) * cell
        for level in row.apart:
            parts.append(_answer(x, y + 21, cell, level, f"{row.label} : {level.label}", edged=True))
            x += cell
        parts.append(f.rule(middle, y + 17, middle, y + 25 + cell, css="axis", stroke=f.INK))
    bottom = taken + len(rows) * step
    return f.frame(max(columns * cell, width), bottom, parts, title=title, description=description)


def _sides(counts: Sequence[int]) -> tuple[float, float]:
    """Cells before and after the middle; the middle level, where there is one, is cut in two."""
    half = len(counts) // 2
    centre = counts[half] / 2 if len(counts) % 2 else 0
    after = counts[half + 1 :] if len(counts) % 2 else counts[half:]
    return sum(counts[:half]) + centre, sum(after) + centre


def _answer(x: float, y: float, cell: float, level: Level, tip: str, *, edged: bool = False) -> SafeString:
    """One cell. White and black answers are `edged`, to be seen on any paper."""
    size = min(13.0, cell * 0.62)
    return format_html(
        '<g><title>{0}</title><rect class="{11}" x="{1}" y="{2}" width="{3}" height="{3}" fill="{4}" stroke="{5}" '
        'rx="2"/><text x="{6}" y="{7}" text-anchor="middle" font-size="{8}" font-weight="700" fill="{9}" '
        'aria-hidden="true">{10}</text></g>',
        tip,
        f.at(x),
        f.at(y),
        f.at(cell),
        level.colour,
        f.AXIS if edged else f.PAPER,
        f.at(x + cell / 2),
        f.at(y + cell / 2 + size * 0.36),
        f.at(size),
        colour.readable_on(level.colour),
        level.symbol,
        "axis" if edged else "gap",
    )


def _levels_legend(levels: Sequence[Level], width: float) -> tuple[SafeString, float]:
    parts, x, y = [], 0.0, 0.0
    for level in levels:
        needed = 28 + f.text_width(level.label) + 18
        if x and x + needed > width:
            x, y = 0.0, y + 26
        parts.append(_answer(x, y, 20, level, level.label))
        parts.append(f.text(x + 27, y + 15, level.label))
        x += needed
    return f.join(parts), y + 40
