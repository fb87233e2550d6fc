"""One statement, large: how many gave each answer. For the meeting room."""

from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from tilios.tools.colours.drawing.looks import Look, Picture, Row, cell, percent, wrapped
from tilios.tools.colours.drawing.spectra import one_statement, table
from tilios.tools.colours.scales import BLACK, WHITE
from tilios.ui.charts import frame as f

COLUMN, GAP, HIGH, TOP = 112.0, 14.0, 240.0, 34.0


def distribution(row: Row, look: Look, *, title: str = "") -> Picture:
    """A column for each colour, white and black apart, as high as their share; each says its number."""
    title = title or row.statement.label
    said = one_statement(row, look)
    return Picture(title, _draw(row, look, title=title, description=said), table([row], look), said)


def _draw(row: Row, look: Look, *, title: str, description: str) -> SafeString:
    counts = {**dict(enumerate(row.sums.counts)), WHITE: row.sums.white, BLACK: row.sums.black}
    highest, total = max(counts.values(), default=0) or 1, row.sums.answered or 1
    parts: list[SafeString] = []
    x = 0.0
    for answer in look.answers:
        if answer == WHITE:
            x += GAP * 2
        count = counts[answer]
        tall = max(30.0, HIGH * count / highest)
        y = TOP + HIGH - tall
        label = look.scale.label_of(answer)
        tip = f"{label} : {ngettext('%d answer', '%d answers', count) % count}"
        parts.append(cell(x, y, COLUMN, tall, answer, look, tip=tip, words=look.scale.symbol_of(answer)))
        parts.append(f.text(x + COLUMN / 2, y - 10, f"{count} · {percent(count / total)}", anchor="middle", weight=700))
        for place, line in enumerate(wrapped(label, COLUMN + GAP - 4, most=3)):
            parts.append(f.text(x + COLUMN / 2, TOP + HIGH + 22 + 18 * place, line, anchor="middle"))
        x += COLUMN + GAP
    return f.frame(x - GAP, TOP + HIGH + 66, parts, title=title, description=description)
