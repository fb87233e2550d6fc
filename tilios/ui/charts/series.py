"""Bars, stacked bars and lines: values by category or by time."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from tilios.ui.charts import frame as f

HEIGHT = 230.0
TOP = 24.0


@dataclass(frozen=True)
class Series:
    """One named line or layer: as many values as the chart has labels; None where nothing is known."""

    label: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class _Plot:
    """The area where values become pixels."""

    left: float
    top: float
    width: float
    height: float
    highest: float

    def x(self, index: int, count: int) -> float:
        """The middle of a category."""
        return self.left + self.width * (index + 0.5) / count

    def y(self, value: float) -> float:
        return self.top + self.height * (1 - value / self.highest)


def bars(
    labels: Sequence[str],
    values: Sequence[float | None],
    *,
    title: str,
    description: str = "",
    unit: str = "",
    width: float = 560,
) -> SafeString:
    """One bar for each label, with its value written above. `unit` follows the values (" %", " €")."""
    plot, parts = _open(labels, [value or 0 for value in values], width=width, top=TOP, unit=unit)
    step = plot.width / max(1, len(labels))
    thick = min(step * 0.68, 56)
    for index, (label, value) in enumerate(zip(labels, values, strict=True)):
        if value is None:
            continue
        x, y = plot.x(index, len(labels)), plot.y(value)
        said = f"{f.number(value)}{unit}"
        parts.append(
            f.rect(
                x - thick / 2, y, thick, plot.y(0) - y, css="s1", fill=f.SERIES[0], tip=f"{label} : {said}", round_=3
            )
        )
        if f.text_width(said) <= step + 4:
            parts.append(f.text(x, y - 6, said, anchor="middle", weight=600))
    parts.append(_base(plot))
    return f.frame(width, plot.top + plot.height + 30, parts, title=title, description=description)


def stacked_bars(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    title: str,
    description: str = "",
    unit: str = "",
    width: float = 560,
) -> SafeString:
    """Layers that add up, for each label; the legend stands above, in the order of the layers."""
    names, taken = f.legend([one.label for one in series], width)
    totals = [sum(one.values[index] or 0 for one in series) for index in range(len(labels))]
    plot, parts = _open(labels, totals, width=width, top=taken + 12, unit=unit)
    thick = min(plot.width / max(1, len(labels)) * 0.68, 56)
    for index, label in enumerate(labels):
        reached = 0.0
        for layer, one in enumerate(series):
            value = one.values[index] or 0
            y = plot.y(reached + value)
            tip = f"{label}, {one.label} : {f.number(value)}{unit}"
            high = plot.y(reached) - y - (1.5 if reached else 0)
            if value:
                x = plot.x(index, len(labels)) - thick / 2
                parts.append(f.rect(x, y, thick, high, css=f"s{layer % 8 + 1}", fill=f.SERIES[layer % 8], tip=tip))
            reached += value
    parts.append(_base(plot))
    return f.frame(width, plot.top + plot.height + 30, [names, *parts], title=title, description=description)


def line(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    title: str,
    description: str = "",
    unit: str = "",
    width: float = 560,
) -> SafeString:
    """Values over time. A None breaks the line. Each series has its own dash and dot, for those who see no colour."""
    names, taken = f.legend([one.label for one in series], width) if len(series) > 1 else (SafeString(""), 0)
    known = [value for one in series for value in one.values if value is not None]
    plot, parts = _open(labels, known, width=width, top=taken + TOP - 10, unit=unit)
    parts.append(_base(plot))
    for rank, one in enumerate(series):
        points = [
            None if value is None else (plot.x(index, len(labels)), plot.y(value))
            for index, value in enumerate(one.values)
        ]
        parts.append(_path(points, rank))
        for label, point, value in zip(labels, points, one.values, strict=True):
            if point is not None and value is not None:
                parts.append(_dot(*point, rank, f"{label}, {one.label} : {f.number(value)}{unit}"))
    return f.frame(width, plot.top + plot.height + 30, [names, *parts], title=title, description=description)


def _open(
    labels: Sequence[str], values: Sequence[float], *, width: float, top: float, unit: str
) -> tuple[_Plot, list[SafeString]]:
    """The plot with its scale on the left and its labels below."""
    scale = f.ticks(max(values, default=0))
    marks = [f"{f.number(value)}{unit}" for value in scale]
    left = max(f.text_width(mark) for mark in marks) + 10
    plot = _Plot(left, top, width - left - 4, HEIGHT, scale[-1])
    parts = []
    for value, mark in zip(scale, marks, strict=True):
        y = plot.y(value)
        parts.append(f.text(left - 8, y + 4, mark, anchor="end", soft=True))
        if value:
            parts.append(f.rule(left, y, left + plot.width, y))
    room = plot.width / max(1, len(labels))
    every = _every(labels, room)
    for index, label in enumerate(labels):
        if index % every == 0:
            short = f.shorten(label, room * every - 4)
            parts.append(f.text(plot.x(index, len(labels)), top + HEIGHT + 20, short, anchor="middle", soft=True))
    return plot, parts


def _every(labels: Sequence[str], room: float) -> int:
    """Write one label in 1, 2, 3… so that they do not touch."""
    longest = min(max((f.text_width(label) for label in labels), default=0), 90)
    return max(1, round((longest + 6) / room + 0.49)) if len(labels) > 8 else 1


def _base(plot: _Plot) -> SafeString:
    y = plot.y(0)
    return f.rule(plot.left, y, plot.left + plot.width, y, css="axis", stroke=f.AXIS)


def _path(points: Sequence[tuple[float, float] | None], rank: int) -> SafeString:
    commands, pen_down = [], False
    for point in points:
        if point is None:
            pen_down = False
            continue
        commands.append(f"{'L' if pen_down else 'M'}{f.at(point[0])} {f.at(point[1])}")
        pen_down = True
    dash = ("", "7 4", "2 4", "10 3 2 3")[rank % 4]
    return format_html(
        '<path class="l{}" d="{}" fill="none" stroke="{}" stroke-width="2.5" stroke-linejoin="round"{}/>',
        rank % 8 + 1,
        "".join(commands),
        f.SERIES[rank % 8],
        format_html(' stroke-dasharray="{}"', dash) if dash else "",
    )


def _dot(x: float, y: float, rank: int, tip: str) -> SafeString:
    shape = ("M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z", "M-4-4h8v8h-8z", "M0-5L5 4H-5z", "M0-5L5 0L0 5L-5 0z")[rank % 4]
    return format_html(
        '<path class="s{}" d="{}" transform="translate({} {})" fill="{}"><title>{}</title></path>',
        rank % 8 + 1,
        shape,
        f.at(x),
        f.at(y),
        f.SERIES[rank % 8],
        tip,
    )
