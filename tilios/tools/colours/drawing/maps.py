"""The map: where each statement stands, from disagreement to agreement, and from together to divided."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tilios.tools.colours.drawing.looks import NARROW, Look, Picture, Row, decimal, percent, wrapped
from tilios.tools.colours.figures import Figures
from tilios.ui import charts
from tilios.ui.charts import frame as f

WIDTH, HEIGHT, LEFT, TOP, DOT = 720.0, 430.0, 26.0, 12.0, 14.0
FOOT = TOP + HEIGHT + 34
#: Below this consensus people are divided, whatever their mean.
TOGETHER_FROM = 0.4
MIDDLE = (0.4, 0.6)  # of the line from least to most favourable
REGIONS: dict[str, Any] = {
    "agree": gettext_lazy("Agree together"),
    "disagree": gettext_lazy("Disagree together"),
    "undecided": gettext_lazy("Undecided"),
    "contested": gettext_lazy("Contested"),
}


def region(found: Figures) -> str:
    """The region of a statement: "agree", "disagree", "undecided", "contested"; "" where nobody gave a colour."""
    if found.position is None or found.consensus is None:
        return ""
    if found.consensus < TOGETHER_FROM:
        return "contested"
    if found.position > MIDDLE[1]:
        return "agree"
    return "disagree" if found.position < MIDDLE[0] else "undecided"


def opinion_map(rows: Sequence[Row], look: Look, *, title: str = "") -> Picture:
    """Statements by their mean (across) and by how divided people are (upwards). Numbers are those of the table."""
    title = title or _("Map of opinions")
    known = [(number, row) for number, row in enumerate(rows, 1) if row.figures.position is not None]
    said = _summary([row for _number, row in known])
    names, taken = _names(known)
    plot, small = Plot(WIDTH), Plot(NARROW - LEFT - 2)
    wide = [*_ground(plot), *_dots(known, plot), *names]
    svg = f.frame(LEFT + WIDTH + 2, FOOT + taken, wide, title=title, description=said)
    parts = [*_ground(small), *_dots(known, small)]
    narrow = f.frame(LEFT + small.width + 2, FOOT, parts, title=title, description=said)
    return Picture(title, svg, _table(rows), said, narrow, [(number, row.statement.label) for number, row in known])


@dataclass(frozen=True)
class Plot:
    """Where figures become pixels."""

    width: float

    def x(self, position: float) -> float:
        return LEFT + position * self.width

    def y(self, consensus: float) -> float:
        return TOP + consensus * HEIGHT


def _ground(plot: Plot) -> list[SafeString]:
    line, (low, high) = plot.y(TOGETHER_FROM), MIDDLE
    areas = [
        (LEFT, TOP, plot.width, line - TOP, "contested"),
        (LEFT, line, plot.width * low, TOP + HEIGHT - line, "disagree"),
        (plot.x(low), line, plot.width * (high - low), TOP + HEIGHT - line, "undecided"),
        (plot.x(high), line, plot.width * (1 - high), TOP + HEIGHT - line, "agree"),
    ]
    parts = []
    for x, y, width, height, name in areas:
        label = str(REGIONS[name])
        parts.append(
            mark_safe(  # noqa: S308 (numbers)
                f'<rect class="none" x="{f.at(x + 1.5)}" y="{f.at(y + 1.5)}" width="{f.at(width - 3)}" '
                f'height="{f.at(height - 3)}" rx="6" fill="{f.NONE}"/>'
            )
        )
        lines = wrapped(label, width - 8, most=3)
        at = y + 24 if name == "contested" else y + height - 14 - 18 * (len(lines) - 1)
        parts += [
            f.text(x + width / 2, at + 18 * place, one, anchor="middle", weight=650) for place, one in enumerate(lines)
        ]
    foot = TOP + HEIGHT + 24
    parts.append(f.text(LEFT, foot, _("← unfavourable"), soft=True))
    parts.append(f.text(LEFT + plot.width, foot, _("favourable →"), anchor="end", soft=True))
    middle = TOP + HEIGHT / 2
    words = escape(_("← together · divided →"))
    parts.append(
        mark_safe(  # noqa: S308 (numbers and escaped words)
            f'<text class="soft" x="14" y="{f.at(middle)}" transform="rotate(-90 14 {f.at(middle)})" '
            f'text-anchor="middle" fill="{f.SOFT}">{words}</text>'
        )
    )
    return parts


def _dots(known: Sequence[tuple[int, Row]], plot: Plot) -> list[SafeString]:
    wanted = [(plot.x(row.figures.position or 0), plot.y(row.figures.consensus or 0)) for _number, row in known]
    places = spread_out(wanted, width=plot.width)
    parts = []
    for (number, row), (x, y) in zip(known, places, strict=True):
        tip = escape(f"{number}. {row.statement.label}")
        parts.append(
            mark_safe(  # noqa: S308 (numbers and escaped words)
                f'<g><title>{tip}</title><circle class="s1" cx="{f.at(x)}" cy="{f.at(y)}" r="{f.at(DOT)}" '
                f'fill="{f.SERIES[0]}"/><text class="on-dot" x="{f.at(x)}" y="{f.at(y + 5)}" text-anchor="middle" '
                f'font-weight="700" fill="#ffffff">{number}</text></g>'
            )
        )
    return parts


def _names(known: Sequence[tuple[int, Row]]) -> tuple[list[SafeString], float]:
    """What the numbers stand for, in two columns below the map, and the height they take."""
    parts: list[SafeString] = []
    column, half, lowest = (WIDTH - 24) / 2, -(-len(known) // 2), 0.0
    for x, part in ((LEFT, known[:half]), (LEFT + column + 24, known[half:])):
        y = FOOT + 22
        for number, row in part:
            parts.append(f.text(x + 22, y, f"{number}.", anchor="end", weight=700))
            for line in wrapped(row.statement.label, column - 30, most=3):
                parts.append(f.text(x + 30, y, line))
                y += 19
            y += 5
        lowest = max(lowest, y - FOOT)
    return parts, lowest if known else 0.0


def spread_out(
    places: Sequence[tuple[float, float]], *, width: float = WIDTH, rounds: int = 80
) -> list[tuple[float, float]]:
    """Places moved just enough that no dot covers another, inside the frame; always the same for the same places."""
    found = [list(place) for place in places]
    least = 2 * DOT + 2
    for _round in range(rounds):
        moved = False
        for one in range(len(found)):
            for other in range(one):
                dx, dy = found[one][0] - found[other][0], found[one][1] - found[other][1]
                far = (dx * dx + dy * dy) ** 0.5
                if far >= least:
                    continue
                moved = True
                if far < 0.01:
                    dx, dy, far = 1.0 + 0.1 * one, 0.3 + 0.1 * other, 1.0
                push = (least - far) / 2 / far
                found[one][0] += dx * push
                found[one][1] += dy * push
                found[other][0] -= dx * push
                found[other][1] -= dy * push
        for place in found:
            place[0] = min(LEFT + width - DOT - 2, max(LEFT + DOT + 2, place[0]))
            place[1] = min(TOP + HEIGHT - DOT - 2, max(TOP + DOT + 2, place[1]))
        if not moved:
            break
    return [(x, y) for x, y in found]


def _summary(rows: Sequence[Row]) -> str:
    if not rows:
        return _("Nobody has given a colour yet.")
    counts = {name: sum(region(row.figures) == name for row in rows) for name in REGIONS}
    said = [
        _("%(region)s: %(count)d") % {"region": REGIONS[name], "count": count}
        for name, count in counts.items()
        if count
    ]
    statements = ngettext("%d statement.", "%d statements.", len(rows)) % len(rows)
    return f"{statements} {', '.join(said)}."


def _table(rows: Sequence[Row]) -> SafeString:
    heads = [_("Number"), _("Statement"), _("Region"), _("Mean"), _("Consensus"), _("Spread")]
    lines = [
        [
            str(number),
            row.statement.label,
            str(REGIONS[name]) if (name := region(row.figures)) else "–",
            decimal(row.figures.mean),
            "–" if row.figures.consensus is None else percent(row.figures.consensus),
            decimal(row.figures.spread),
        ]
        for number, row in enumerate(rows, 1)
    ]
    return charts.table(heads, lines, cards=True)
