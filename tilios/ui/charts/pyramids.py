"""Two sides of one scale: how many of each sort there are, from the lowest step to the highest."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from tilios.ui.charts import frame as f
from tilios.ui.charts.series import Series

STEP, THICK = 26.0, 20.0


def pyramid(
    labels: Sequence[str],
    left: Series,
    right: Series,
    *,
    title: str,
    description: str = "",
    unknown: str = "",
    width: float = 560,
) -> SafeString:
    """`labels` from the bottom to the top, with a bar to the left and one to the right of each.

    Where a value is None, `unknown` is written. The sides are named above, so that no colour is needed to tell them.
    """
    middle = max((f.text_width(label) for label in labels), default=0) + 16
    known = [value for one in (left, right) for value in one.values if value is not None]
    highest = max(known, default=0) or 1
    beside = max([f.text_width(f.number(value)) for value in known] + [f.text_width(unknown)]) + 10
    reach = (width - middle) / 2 - beside
    lefts, rights = (width - middle) / 2, (width + middle) / 2
    parts = [
        f.text(lefts, 14, f.shorten(left.label, lefts), anchor="end", weight=600),
        f.text(rights, 14, f.shorten(right.label, lefts), weight=600),
    ]
    for down, index in enumerate(reversed(range(len(labels)))):
        y = 26 + STEP * down
        parts.append(f.text(width / 2, y + THICK / 2 + 5, labels[index], anchor="middle", soft=True))
        for side, one in enumerate((left, right)):
            value = one.values[index]
            long = reach * (value or 0) / highest
            edge = rights if side else lefts
            said = unknown if value is None else f.number(value)
            x = edge if side else edge - long
            tip = f"{labels[index]}, {one.label} : {said}"
            parts.append(f.rect(x, y, long, THICK, css=f"s{side + 1}", fill=f.SERIES[side], tip=tip, round_=3))
            end = edge + long + 6 if side else edge - long - 6
            parts.append(f.text(end, y + THICK / 2 + 5, said, anchor="start" if side else "end", soft=value is None))
    return f.frame(width, 32 + STEP * len(labels), parts, title=title, description=description)
