"""Results as a picture: one drawing, written as SVG or painted as PNG, from the same places and words."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from PIL import Image, ImageDraw, ImageFont

import tilios.ui
from tilios.tools.polls.ballots import Level
from tilios.tools.polls.results import Line, Result
from tilios.tools.polls.telling import grades
from tilios.ui.charts import frame as f
from tilios.ui.charts import standalone

WIDTH, ROW, BAR, TOP = 960.0, 38.0, 20.0, 88.0
LEFT, COLUMN = 310.0, 100.0
MARGIN = 16.0
AHEAD = ("s1", f.SERIES[0])
COLOURS = {
    "yes": ("s3", f.SERIES[2]), "maybe": ("s2", f.SERIES[1]), "no": ("none", f.NONE), "none": ("none", f.NONE),
    "g6": ("grade", "#1f4e8c"), "g5": ("grade", "#4a7fbf"), "g4": ("grade", "#8db3dc"), "g3": ("grade", "#d9d3c3"),
    "g2": ("grade", "#edb36b"), "g1": ("grade", "#c9752a"), "g0": ("grade", "#8a3b00"),
}  # fmt: skip
OBJECTION = ("s4", f.SERIES[3])  # a no that stops, not a no that counts nothing
FEW = 3  # answers whose figures have a column each; beyond, they are in one column and the legend takes lines
LEGEND, WIDE = 235.0, 190.0
FONT_FILE = Path(tilios.ui.__file__).parent / "static/ui/build/fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2"
SCALE = 2  # pixels of the PNG for one of the drawing


@dataclass(frozen=True)
class Rect:
    x: float
    y: float
    width: float
    height: float
    css: str
    fill: str
    tip: str


@dataclass(frozen=True)
class Text:
    x: float
    y: float
    words: str
    bold: bool = False
    soft: bool = False
    size: int = f.FONT


def svg(result: Result) -> SafeString:
    """For a page: the theme repaints it."""
    parts, height = _parts(result)
    drawn = [
        f.rect(one.x, one.y, one.width, one.height, css=one.css, fill=one.fill, tip=one.tip, round_=3)
        if isinstance(one, Rect)
        else f.text(one.x, one.y, one.words, weight=650 if one.bold else 400, soft=one.soft)
        for one in parts
    ]
    return f.frame(WIDTH + 2 * MARGIN, height, drawn, title=result.poll.title, description=result.summary)


def svg_file(result: Result) -> str:
    return standalone(svg(result))


def png_file(result: Result) -> bytes:
    parts, height = _parts(result)
    picture = Image.new("RGB", (int((WIDTH + 2 * MARGIN) * SCALE), int(height * SCALE)), "#ffffff")
    pen = ImageDraw.Draw(picture)
    for one in parts:
        if isinstance(one, Rect):
            box = [one.x * SCALE, one.y * SCALE, (one.x + one.width) * SCALE - 1, (one.y + one.height) * SCALE - 1]
            if one.width >= 1:
                pen.rounded_rectangle(box, radius=3 * SCALE, fill=one.fill)
        else:
            font = _font(one.size * SCALE, one.bold)
            pen.text(
                (one.x * SCALE, one.y * SCALE), one.words, fill=f.SOFT if one.soft else f.INK, font=font, anchor="ls"
            )
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _parts(result: Result) -> tuple[list[Rect | Text], float]:
    """Title, legend, one row an option: name, bar, figures under the name of their answer; or the order drawn."""
    if not result.kind.takes_votes:
        return _lots(result)
    if len(result.levels) > FEW:
        return _many(result)
    parts: list[Rect | Text] = [
        Text(0, 18, f.shorten(result.poll.title, WIDTH), bold=True),
        Text(0, 40, f.shorten(result.summary, WIDTH), soft=True),
        Rect(0, 58, 5, 13, *AHEAD, str(_("In front"))),
        Text(12, 69, _("In front")),
    ]
    right = WIDTH - COLUMN * len(result.levels)
    for index, level in enumerate(result.levels):
        css, fill = COLOURS[level.css]
        x = right + COLUMN * index
        parts += [Rect(x + 8, 58, 13, 13, css, fill, str(level.label)), Text(x + 26, 69, str(level.label))]
    highest = max((line.row.given for line in result.lines), default=0)
    for index, line in enumerate(result.lines):
        parts += _row(line, TOP + index * ROW, highest, right)
    return _framed(parts, TOP + len(result.lines) * ROW)


def _lots(result: Result) -> tuple[list[Rect | Text], float]:
    """The options in the order drawn, those drawn marked as in front; in their own order before the draw."""
    parts = _head(result)
    for index, line in enumerate(result.ranked):
        y, drawn = 58 + index * ROW, bool(result.lots) and index < result.drawn
        if drawn:
            parts.append(Rect(0, y, 5, BAR, *AHEAD, str(pgettext("of an option", "Drawn"))))
        name = f.shorten(f"{index + 1}. {line.name}" if result.lots else line.name, WIDTH - 12)
        parts.append(Text(12, y + 15, name, bold=drawn))
    return _framed(parts, 58 + len(result.lines) * ROW)


def _many(result: Result) -> tuple[list[Rect | Text], float]:
    """Bars of many answers: a legend of several lines, the median grade or the figures in one column."""
    parts = _head(result)
    y: float
    for index, level in enumerate(result.levels):
        left, y = LEGEND * (index % 4), 58 + 24 * (index // 4)
        parts.append(Rect(left, y, 13, 13, *_colour(result, level), str(level.label)))
        parts.append(Text(left + 18, y + 11, str(level.label)))
    top = 58 + 24 * ((len(result.levels) + 3) // 4) + 14
    highest = result.highest
    room = WIDTH - WIDE - LEFT
    for index, line in enumerate(result.lines):
        x: float = LEFT
        y = top + index * ROW
        parts.append(Text(12, y + 15, f.shorten(line.name, LEFT - 24), bold=line.row.best))
        if line.row.best:
            parts.append(Rect(0, y, 5, BAR, *AHEAD, result.ahead_word))
        for level, count in line.cells:
            width = room * float(count) / float(highest) if highest else 0.0
            parts.append(Rect(x, y, max(0.0, width - 1), BAR, *_colour(result, level), f"{level.label} : {count}"))
            x += width
        if result.kind.middle:
            note = grades.median(result, line) if result.voters else ""
        else:
            note = "   ".join(f"{level.symbol} {count}" for level, count in line.cells)
        parts.append(Text(WIDTH - WIDE + 16, y + 15, note, bold=line.row.best))
    height = top + len(result.lines) * ROW
    if result.kind.middle and highest:
        parts.append(
            Rect(LEFT + room / 2 - 1, top - 5, 2, height - top - 8, "ink", f.INK, str(_("Middle of the votes")))
        )
    return _framed(parts, height)


def _head(result: Result) -> list[Rect | Text]:
    return [
        Text(0, 18, f.shorten(result.poll.title, WIDTH), bold=True),
        Text(0, 40, f.shorten(result.summary, WIDTH), soft=True),
    ]


def _framed(parts: Sequence[Rect | Text], height: float) -> tuple[list[Rect | Text], float]:
    return [replace(one, x=one.x + MARGIN, y=one.y + MARGIN) for one in parts], height + 2 * MARGIN


def _colour(result: Result, level: Level) -> tuple[str, str]:
    return OBJECTION if level.css == "no" and result.kind.slug == "consent" else COLOURS[level.css]


def _row(line: Line, y: float, highest: Any, right: float) -> Sequence[Rect | Text]:
    name = _("%(name)s (chosen)") % {"name": line.name} if line.is_chosen else line.name
    parts: list[Rect | Text] = [Text(12, y + 15, f.shorten(name, LEFT - 24), bold=line.row.best)]
    if line.row.best:
        parts.append(Rect(0, y, 5, BAR, *AHEAD, str(_("In front"))))
    x, room = LEFT, right - LEFT - 10
    for index, (level, count) in enumerate(line.cells):
        width = room * float(count) / float(highest) if highest else 0
        css, fill = COLOURS[level.css]
        parts.append(Rect(x, y, max(0.0, width - 1), BAR, css, fill, f"{level.label} : {count}"))
        parts.append(Text(right + COLUMN * index + 26, y + 15, str(count), bold=line.row.best))
        x += width
    return parts


@cache
def _font(size: int, bold: bool) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    try:
        font = ImageFont.truetype(FONT_FILE, size)
        font.set_variation_by_axes([680 if bold else 420])
    except OSError:  # the islands are not built, or FreeType reads no WOFF2
        return ImageFont.load_default(size)
    return font
