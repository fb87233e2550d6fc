"""One statement, large: how many gave each answer. For the meeting room.

The sign of an answer stands at the foot of its column, in its colour, whatever its height: columns have no least
height, so that they never say more than their numbers.
"""

from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from tilios.tools.colours.drawing.looks import NARROW, Look, Picture, Row, cell, percent, wrapped
from tilios.tools.colours.drawing.spectra import one_statement, table
from tilios.tools.colours.scales import BLACK, WHITE
from tilios.ui.charts import frame as f

COLUMN, GAP, HIGH, TOP, FOOT = 112.0, 14.0, 220.0, 30.0, 36.0
LINE, SIGN = 60.0, 36.0  # on a phone: height of a line, width of the cell of its sign


def distribution(row: Row, look: Look, *, title: str = "") -> Picture:
    """A column for each colour, white and black apart, as high as their share; lines on a phone."""
    title = title or row.statement.label
    said = one_statement(row, look)
    counts = {**dict(enumerate(row.sums.counts)), WHITE: row.sums.white, BLACK: row.sums.black}
    wide = _columns(counts, look, title=title, description=said)
    return Picture(title, wide, table([row], look), said, _lines(counts, look, title=title, description=said))


def _tip(answer: int, count: int, look: Look) -> str:
    return f"{look.scale.label_of(answer)} : {ngettext('%d answer', '%d answers', count) % count}"


def _columns(counts: dict[int, int], look: Look, *, title: str, description: str) -> SafeString:
    highest, total = max(counts.values(), default=0) or 1, sum(counts.values()) or 1
    parts: list[SafeString] = []
    x, ground = 1.0, TOP + HIGH
    for answer in look.answers:
        if answer == WHITE:
            x += GAP * 2
        count, tip = counts[answer], _tip(answer, counts[answer], look)
        tall, middle = HIGH * count / highest, x + COLUMN / 2
        if count:
            parts.append(cell(x, ground - tall, COLUMN, tall, answer, look, tip=tip))
        said = f"{count} · {percent(count / total)}"
        parts.append(f.text(middle, ground - tall - 9, said, anchor="middle", weight=700))
        sign = look.scale.symbol_of(answer)
        parts.append(cell(x, ground + 5, COLUMN, FOOT, answer, look, tip=tip, words=sign, largest=22))
        for place, line in enumerate(wrapped(look.scale.label_of(answer), COLUMN + GAP - 4, most=3)):
            parts.append(f.text(middle, ground + FOOT + 25 + 18 * place, line, anchor="middle"))
        x += COLUMN + GAP
    return f.frame(x - GAP + 1, ground + FOOT + 70, parts, title=title, description=description)


def _lines(counts: dict[int, int], look: Look, *, title: str, description: str) -> SafeString:
    highest, total = max(counts.values(), default=0) or 1, sum(counts.values()) or 1
    parts: list[SafeString] = []
    left = SIGN + 5
    y = 0.0
    for answer in look.answers:
        if answer == WHITE:
            y += GAP
        count, tip = counts[answer], _tip(answer, counts[answer], look)
        parts.append(f.text(0, y + 14, look.scale.label_of(answer)))
        parts.append(f.text(NARROW, y + 14, f"{count} · {percent(count / total)}", anchor="end", weight=700))
        sign = look.scale.symbol_of(answer)
        parts.append(cell(1, y + 21, SIGN - 1, 26, answer, look, tip=tip, words=sign))
        if count:
            parts.append(cell(left, y + 21, (NARROW - left - 1) * count / highest, 26, answer, look, tip=tip))
        y += LINE
    return f.frame(NARROW, y, parts, title=title, description=description)
