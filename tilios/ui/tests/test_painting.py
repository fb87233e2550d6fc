"""Drawings painted as PNG show what the SVG says."""

import io

import pytest
from django.utils.safestring import mark_safe
from PIL import Image

from tilios.ui import charts
from tilios.ui.charts import frame as f
from tilios.ui.charts import painting
from tilios.ui.charts.painting import MARGIN, SCALE


def painted(*parts: str) -> Image.Image:
    svg = f.frame(100, 60, [f.join([part]) for part in parts], title="t", description="")  # type: ignore[list-item]
    return Image.open(io.BytesIO(charts.png(svg)))


def at(picture: Image.Image, x: float, y: float) -> tuple[int, ...]:
    return picture.getpixel((int((x + MARGIN) * SCALE), int((y + MARGIN) * SCALE)))  # type: ignore[return-value]


def test_a_rectangle_is_where_it_is_said_in_its_colour() -> None:
    picture = painted(f.rect(10, 10, 20, 20, css="s1", fill="#2f5d9e", tip="x"))
    assert picture.size == ((100 + 2 * MARGIN) * SCALE, (60 + 2 * MARGIN) * SCALE)
    assert at(picture, 20, 20) == (0x2F, 0x5D, 0x9E)
    assert at(picture, 40, 20) == (255, 255, 255)


def test_a_path_may_hold_several_outlines_and_curves() -> None:
    found = list(painting.outlines("M1 2h10v5h-10zM20 2C30 2 30 8 40 8v4z"))
    assert found[0] == ([(1, 2), (11, 2), (11, 7), (1, 7)], True)
    points, closed = found[1]
    assert closed
    assert points[0] == (20, 2)
    assert points[-2] == pytest.approx((40, 8))
    assert points[-1] == pytest.approx((40, 12))


def test_words_are_written_straight_and_turned() -> None:
    straight = painted(f.text(50, 30, "Bonjour", anchor="middle", weight=700))
    assert min(straight.convert("L").tobytes()) < 120
    turned = painted(mark_safe('<text x="50" y="30" transform="rotate(-60 50 30)" fill="#1c2331">Bonjour ∅</text>'))
    dark = [index for index, value in enumerate(turned.convert("L").tobytes()) if value < 120]
    rows = {index // turned.width for index in dark}
    assert max(rows) - min(rows) > 40  # as high as it was long


def test_every_chart_of_the_style_guide_can_be_painted() -> None:
    for drawing in (
        charts.bars(["a", "b"], [1, 2], title="t"),
        charts.line(["a", "b"], [charts.Series("x", [1, 2])], title="t"),
        charts.stacked_bars(["a"], [charts.Series("x", [1])], title="t"),
        charts.heat_map(["a"], ["b"], [[1.0]], title="t"),
    ):
        assert Image.open(io.BytesIO(charts.png(drawing))).width > 100


def test_a_standalone_drawing_is_painted_as_the_drawing_it_is_made_of() -> None:
    drawn = charts.bars(["a", "b"], [1, 2], title="Bars")
    assert charts.png(charts.standalone(drawn)) == charts.png(drawn)
