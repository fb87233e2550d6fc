"""Colours as different eyes see them.

Simulation: Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency"
(IEEE TVCG 15(6), 2009), severity 1.0, applied to linear RGB. Distance: CIE76 in CIELAB, D65.
"""

import itertools
import math

import pytest

from tilios.tools.colours.palettes import BLACK_COLOUR, CLASSIC, PALETTES, SAFE, WHITE_COLOUR, Palette

Matrix = tuple[tuple[float, float, float], ...]
VISIONS: dict[str, Matrix] = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
TO_XYZ: Matrix = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
D65 = (0.95047, 1.0, 1.08883)
sizes = pytest.mark.parametrize("size", [3, 5, 7])


def linear(colour: str) -> list[float]:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def times(matrix: Matrix, vector: list[float]) -> list[float]:
    return [math.sumprod(row, vector) if hasattr(math, "sumprod") else sum(map(float.__mul__, map(float, row), vector))
            for row in matrix]  # fmt: skip


def lab(rgb: list[float]) -> tuple[float, float, float]:
    shares = [part / white for part, white in zip(times(TO_XYZ, rgb), D65, strict=True)]
    x, y, z = [share ** (1 / 3) if share > 216 / 24389 else (24389 / 27 * share + 16) / 116 for share in shares]
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def seen(colour: str, vision: str) -> tuple[float, float, float]:
    return lab([min(1.0, max(0.0, part)) for part in times(VISIONS[vision], linear(colour))])


def distance(one: str, other: str, vision: str) -> float:
    return math.dist(seen(one, vision), seen(other, vision))


def contrast(one: str, other: str) -> float:
    lights = sorted(0.05 + times(TO_XYZ, linear(colour))[1] for colour in (one, other))
    return lights[1] / lights[0]


@sizes
@pytest.mark.parametrize("vision", VISIONS)
def test_every_pair_of_the_safe_palette_is_told_apart_by_every_eye(size: int, vision: str) -> None:
    every = (*SAFE.colours(size), WHITE_COLOUR, BLACK_COLOUR)
    for one, other in itertools.combinations(every, 2):
        assert distance(one, other, vision) >= 25, (one, other)


@sizes
@pytest.mark.parametrize("palette", PALETTES.values(), ids=lambda palette: palette.slug)
def test_what_is_written_on_a_colour_is_read(size: int, palette: Palette) -> None:
    for colour in (*palette.colours(size), WHITE_COLOUR, BLACK_COLOUR):
        assert contrast(colour, palette.ink_on(colour)) >= 4.5


def test_the_ends_of_the_classic_palette_look_alike_to_some_which_is_why_cells_carry_signs() -> None:
    best, worst = CLASSIC.colours(5)[0], CLASSIC.colours(5)[-1]
    assert distance(best, worst, "normal") > 90
    assert distance(best, worst, "deutan") < 25
    safe_best, safe_worst = SAFE.colours(5)[0], SAFE.colours(5)[-1]
    assert min(distance(safe_best, safe_worst, vision) for vision in VISIONS) > 40


@sizes
def test_the_ends_are_dark_and_the_middle_light(size: int) -> None:
    """In grey, on paper, the middle is told from the ends; the signs tell the ends."""
    for palette in PALETTES.values():
        lights = [seen(colour, "normal")[0] for colour in palette.colours(size)]
        assert lights[size // 2] > max(lights[0], lights[-1]) + 15
