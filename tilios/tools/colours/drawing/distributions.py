"""One statement, large: how many gave each answer. For the meeting room."""

from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from tilios.tools.colours.drawing.looks import NARROW, Look, Picture, Row, cell, percent, wrapped
from tilios.tools.colours.drawing.spectra import one_statement, table
from tilios.tools.colours.scales import BLACK, WHITE
from tilios.ui.charts import frame as f

COLUMN, GAP, HIGH, TOP, LEAST = 112.0, 14.0, 240.0, 34.0, 30.0


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
    x = 0.0
    for answer in look.answers:
        if answer == WHITE:
            x += GAP * 2
        count, label = counts[answer], look.scale.label_of(answer)
        tall = max(LEAST, HIGH * count / highest)
        y = TOP + HIGH - tall
        sign = look.scale.symbol_of(answer)
        parts.append(cell(x, y, COLUMN, tall, answer, look, tip=_tip(answer, count, look), words=sign))
        parts.append(f.text(x + COLUMN / 2, y - 10, f"{count} · {percent(count / total)}", anchor="middle", weight=700))
        for place, line in enumerate(wrapped(label, COLUMN + GAP - 4, most=3)):
            parts.append(f.text(x + COLUMN / 2, TOP + HIGH + 22 + 18 * place, line, anchor="middle"))
        x += COLUMN + GAP
    return f.frame(x - GAP, TOP + HIGH + 66, parts, title=title, description=description)


def _lines(counts: dict[int, int], look: Look, *, title: str, description: str) -> SafeString:
    highest, total = max(counts.values(), default=0) or 1, sum(counts.values()) or 1
    parts: list[SafeString] = []
    y = 0.0
    for answer in look.answers:
        if answer == WHITE:
            y += GAP
        count = counts[answer]
        wide = max(LEAST, NARROW * count / highest)
        parts.append(f.text(0, y + 14, look.scale.label_of(answer)))
        parts.append(f.text(NARROW, y + 14, f"{count} · {percent(count / total)}", anchor="end", weight=700))
        sign = look.scale.symbol_of(answer)
        parts.append(cell(0, y + 21, wide, 26, answer, look, tip=_tip(answer, count, look), words=sign))
        y += 60
    return f.frame(NARROW, y, parts, title=title, description=description)
