import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilios.ui import colour

STYLES = Path(__file__).resolve().parents[3] / "frontend" / "styles"
COLOURS = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")


def test_contrast_is_the_one_of_wcag():
    assert colour.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colour.contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert colour.contrast("#2f4d9e", "#2f4d9e") == 1


def test_a_colour_is_read_long_short_and_without_its_sign():
    assert colour.parse("#24a") == colour.parse("2244AA")


@pytest.mark.parametrize("value", ["", "blue", "#12345", "#12345g", "#fff;}body{display:none"])
def test_anything_else_is_refused(value):
    with pytest.raises(ValueError, match="not a colour"):
        colour.palette(value)


@given(COLOURS)
def test_any_colour_gives_a_palette_that_can_be_read(chosen):
    palette = colour.palette(chosen)
    for theme in colour.THEMES:
        accent = f"--accent-{theme.name}"
        assert colour.contrast(palette[f"{accent}-on"], palette[accent]) >= colour.TEXT
        assert colour.contrast(palette[f"{accent}-on"], palette[f"{accent}-strong"]) >= colour.TEXT
        assert colour.contrast(palette[f"{accent}-soft-on"], palette[f"{accent}-soft"]) >= theme.text
        for ground in theme.grounds:
            assert colour.contrast(palette[f"{accent}-text"], ground) >= theme.text
            assert colour.contrast(palette[f"{accent}-line"], ground) >= theme.interface


def test_a_colour_that_reads_already_is_kept():
    palette = colour.palette("#2f4d9e")
    assert palette["--accent-light"] == palette["--accent-light-text"] == "#2f4d9e"


def test_the_hue_stays_when_lightness_moves():
    red, green, blue = colour.parse(colour.palette("#ffd400")["--accent-light-text"])
    assert red > green > blue


def test_the_style_sheet_holds_the_palette_and_nothing_else():
    sheet = colour.stylesheet("#2f4d9e")
    assert re.fullmatch(r":root\{(--[a-z-]+:#[0-9a-f]{6};)+\}\n", sheet)


def _tokens(file: str) -> dict[str, str]:
    return dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6});", (STYLES / file).read_text()))


def test_the_grounds_are_those_of_the_style_sheet():
    for theme, file in (
        (colour.LIGHT, "tokens.css"),
        (colour.DARK, "themes/dark.css"),
        (colour.CONTRAST, "themes/contrast.css"),
    ):
        tokens = _tokens(file)
        names = ("ground", "sheet", "sunken", "info-soft", "success-soft", "warning-soft", "danger-soft")
        assert {tokens[f"--{name}"] for name in names} == set(theme.grounds)
        assert tokens["--ground"] == theme.ground


def test_the_accent_of_the_style_sheet_is_the_default_one():
    tokens = _tokens("tokens.css")
    assert {name: tokens[name] for name in colour.palette(colour.DEFAULT_ACCENT)} == colour.palette(
        colour.DEFAULT_ACCENT
    )


@pytest.mark.parametrize(
    ("file", "theme"),
    [("tokens.css", colour.LIGHT), ("themes/dark.css", colour.DARK), ("themes/contrast.css", colour.CONTRAST)],
)
def test_inks_and_dyes_read_on_every_paper(file, theme):
    tokens = {**_tokens("tokens.css"), **_tokens(file)}
    dyes = [name for name in tokens if name.endswith("-text") and not name.startswith("--accent")]
    if theme.dark:
        assert len(dyes) == 8
    else:  # there, the text of a dye is the dye itself
        dyes = ["--pastel", "--garance", "--gaude", "--fougere", "--prune", "--noyer", "--canard", "--ardoise"]
    for name in ["--ink", "--ink-soft", *dyes]:
        for ground in theme.grounds:
            assert colour.contrast(tokens[name], ground) >= theme.text, (name, ground)
    for tone in ("info", "success", "warning", "danger"):
        assert colour.contrast(tokens[f"--{tone}"], tokens[f"--{tone}-soft"]) >= theme.text, tone
        assert colour.contrast(tokens["--ink"], tokens[f"--{tone}-soft"]) >= theme.text, tone
    assert colour.contrast(tokens["--danger-on"], tokens["--danger"]) >= theme.text
    assert colour.contrast(tokens["--ink"], tokens["--marked"]) >= theme.text
    assert all(colour.contrast(tokens["--line-strong"], ground) >= theme.interface for ground in theme.grounds), (
        "the border of a field is seen"
    )


def test_plates_carry_white():
    tokens = _tokens("tokens.css")
    for name in ("pastel", "garance", "gaude", "fougere", "prune", "noyer", "canard", "ardoise"):
        assert colour.contrast(tokens[f"--{name}"], "#ffffff") >= colour.TEXT, name
