"""The style sheet and the drawings show the same colours."""

import re
from pathlib import Path

import pytest

import tilios.tools.colours
from tilios.tools.colours.palettes import PALETTES, Palette

STYLES = (Path(tilios.tools.colours.__file__).parent / "static/colours/colours.css").read_text("utf-8")


@pytest.mark.parametrize("size", [3, 5, 7])
@pytest.mark.parametrize("palette", PALETTES.values(), ids=lambda palette: palette.slug)
def test_each_colour_and_its_ink_are_those_of_the_palette(palette: Palette, size: int) -> None:
    rule = re.search(rf"\.palette-{palette.slug}\.size-{size} \{{([^}}]*)\}}", STYLES)
    assert rule
    said = dict(re.findall(r"--([ci]\d): (#[0-9A-Fa-f]+);", rule[1]))
    for rank, colour in enumerate(palette.colours(size)):
        assert said[f"c{rank}"].upper() == colour
        assert said[f"i{rank}"] == {"#FFFFFF": "#fff", "#000000": "#000"}[palette.ink_on(colour)]
