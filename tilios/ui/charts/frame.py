"""What every chart shares: its frame, its text, its scale, its table, its export."""

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils import formats
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

# The light palette of frontend/styles/tokens.css; a test compares them.
SERIES = ("#2f5d9e", "#d98a1f", "#2f8577", "#b0322f", "#8a6bb0", "#6f7f2a", "#8a5a3a", "#5d6b7c")
INK, SOFT, AXIS, GRID, PAPER, NONE, HEAT = "#1c2331", "#565a61", "#857b68", "#d9cfba", "#fffdf7", "#ede6d6", "#2f5d9e"
FONT = 14  # pixels
LETTER = 0.52  # mean width of a letter, in sizes of the font


def join(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def number(value: float) -> str:
    """A figure in the language of the reader: 1 234,5 in French."""
    digits = 0 if float(value).is_integer() else 1
    return formats.number_format(value, decimal_pos=digits, use_l10n=True, force_grouping=True)


def at(value: float) -> str:
    """A coordinate, short."""
    return f"{value:.1f}".removesuffix(".0")


def frame(width: float, height: float, parts: Iterable[SafeString], *, title: str, description: str) -> SafeString:
    """`title` names the drawing, `description` says what it shows; both are read aloud as one label."""
    label = f"{title}. {description}" if description else title
    return format_html(
        '<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}" '
        'role="img" aria-label="{2}" font-size="{3}" font-family="sans-serif">{4}</svg>',
        at(width),
        at(height),
        label,
        FONT,
        join(parts),
    )


def text(
    x: float, y: float, content: str, *, anchor: str = "start", soft: bool = False, weight: int = 400
) -> SafeString:
    return format_html(
        '<text class="{}" x="{}" y="{}" text-anchor="{}" fill="{}"{}>{}</text>',
        "soft" if soft else "ink",
        at(x),
        at(y),
        anchor,
        SOFT if soft else INK,
        mark_safe(f' font-weight="{weight}"') if weight != 400 else "",  # noqa: S308 (an integer)
        content,
    )


def rect(
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    css: str,
    fill: str,
    tip: str,
    opacity: float = 1,
    round_: float = 0,
) -> SafeString:
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}" fill="{}"{}{}><title>{}</title></rect>',
        css,
        at(x),
        at(y),
        at(max(0.0, width)),
        at(max(0.0, height)),
        fill,
        format_html(' fill-opacity="{}"', f"{opacity:.2f}") if opacity < 1 else "",
        format_html(' rx="{}"', at(round_)) if round_ else "",
        tip,
    )


def rule(x1: float, y1: float, x2: float, y2: float, *, css: str = "grid", stroke: str = GRID) -> SafeString:
    return format_html(
        '<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}"/>', css, at(x1), at(y1), at(x2), at(y2), stroke
    )


def legend(labels: Sequence[str], width: float, *, left: float = 0.0) -> tuple[SafeString, float]:
    """Squares and names on as many lines as they need, and the height they take."""
    parts: list[SafeString] = []
    x, y = left, 0.0
    for index, label in enumerate(labels):
        needed = 22 + text_width(label) + 18
        if x > left and x + needed > width:
            x, y = left, y + 22
        parts.append(rect(x, y + 2, 13, 13, css=f"s{index % 8 + 1}", fill=SERIES[index % 8], tip=label, round_=3))
        parts.append(text(x + 20, y + 13, label))
        x += needed
    return join(parts), y + 28


def text_width(content: str) -> float:
    return len(str(content)) * FONT * LETTER


def shorten(content: str, width: float) -> str:
    """`content`, cut with an ellipsis to fit `width` pixels; the whole stays in the table."""
    room = max(1, int(width / (FONT * LETTER)))
    return content if len(content) <= room else content[: room - 1].rstrip() + "…"


def ticks(highest: float, count: int = 4) -> list[float]:
    """Round values from 0 to at least `highest`: 0, 5, 10, 15, 20."""
    if highest <= 0:
        return [0.0, 1.0]
    raw = highest / count
    magnitude = 10.0 ** math.floor(math.log10(raw))
    step = next(nice * magnitude for nice in (1, 2, 2.5, 5, 10) if nice * magnitude >= raw)
    if step < 1 and float(highest).is_integer():
        step = 1.0
    return [step * index for index in range(math.ceil(highest / step - 1e-9) + 1)]


def table(head: Sequence[str], rows: Iterable[Sequence[Any]], *, caption: str = "", cards: bool = False) -> SafeString:
    """The same figures as a table: the first cell of a row is its head, numbers are set to the right."""
    lines = [
        [
            {
                "text": number(cell) if isinstance(cell, int | float) and not isinstance(cell, bool) else cell,
                "number": isinstance(cell, int | float),
            }
            for cell in row
        ]
        for row in rows
    ]
    numeric = [bool(lines) and all(row[at_]["number"] for row in lines if at_ < len(row)) for at_ in range(len(head))]
    heads = list(zip(head, numeric, strict=True))
    context = {"head": heads, "rows": lines, "caption": caption, "cards": cards}
    return mark_safe(render_to_string("ui/components/table.html", context))  # noqa: S308 (a template)


def figure(svg: SafeString, table: SafeString, caption: str, *, csv_url: str = "") -> SafeString:
    """The drawing with its figures beside, folded: what the page shows."""
    context = {"svg": svg, "table": table, "caption": caption, "csv_url": csv_url}
    return mark_safe(render_to_string("ui/components/figure.html", context))  # noqa: S308 (a template)


def standalone(svg: str) -> str:
    """The drawing as a file of its own: XML declaration, white paper behind, classes gone, colours kept."""
    bare = re.sub(r' class="[^"]*"', "", svg)
    opening = bare.index(">") + 1
    paper = '<rect width="100%" height="100%" fill="#ffffff"/>'
    bare = bare[:opening].replace("currentColor", INK) + paper + bare[opening:].replace("currentColor", INK)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{bare}\n'
