"""One colour chosen by a structure becomes a palette that stays readable in every theme.

A structure picks any colour; text on it and text in it must still be read. Lightness is moved in OKLCH, where
moving it keeps the hue, until the WCAG 2.2 contrast is reached. Nothing here knows Django.
"""

import math
import re
from dataclasses import dataclass

TEXT = 4.5
INTERFACE = 3.0
ENHANCED = 7.0

DEFAULT_ACCENT = "#2f4d9e"


@dataclass(frozen=True)
class Theme:
    """The grounds of one theme, the same as in frontend/styles/tokens.css (a test compares them)."""

    name: str
    ground: str  # the page
    grounds: tuple[str, ...]  # every ground on which accent text may stand
    dark: bool
    text: float = TEXT
    interface: float = INTERFACE


# The page, a sheet, a hollow; then the callouts: information, success, warning, danger.
_LIGHT_GROUNDS = ("#f8f4ea", "#fffdf7", "#ede6d6", "#e3ebf0", "#e5eddc", "#f8eac6", "#f8e2da")
_DARK_GROUNDS = ("#12161d", "#1a202a", "#232a36", "#1c2c3f", "#1d2f22", "#362b16", "#3c1f1e")
LIGHT = Theme("light", "#f8f4ea", _LIGHT_GROUNDS, dark=False)
DARK = Theme("dark", "#12161d", _DARK_GROUNDS, dark=True)
CONTRAST = Theme("contrast", "#ffffff", ("#ffffff",), dark=False, text=ENHANCED, interface=ENHANCED)
THEMES = (LIGHT, DARK, CONTRAST)

LIGHTEST, DARKEST = "#ffffff", "#0e1218"

Rgb = tuple[float, float, float]


def parse(value: str) -> Rgb:
    """Red, green, blue between 0 and 1, from "#2f4d9e", "2f4d9e" or "#24a". Raises ValueError on anything else."""
    match = re.fullmatch(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})", value.strip())
    if match is None:
        raise ValueError(f"not a colour: {value!r}")
    digits = match[1] if len(match[1]) == 6 else "".join(digit * 2 for digit in match[1])
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue


def to_hex(rgb: Rgb) -> str:
    return "#" + "".join(f"{round(min(1.0, max(0.0, channel)) * 255):02x}" for channel in rgb)


def luminance(value: str) -> float:
    """Relative luminance, WCAG 2.2."""
    red, green, blue = (_linear(channel) for channel in parse(value))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio between two colours, from 1 to 21 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def readable_on(fill: str) -> str:
    """White or ink, whichever reads best on `fill`."""
    return max((LIGHTEST, DARKEST), key=lambda ink: contrast(ink, fill))


def reach(value: str, grounds: tuple[str, ...], ratio: float, *, darker: bool) -> str:
    """`value`, moved as little as possible towards black or white until it contrasts with every ground."""
    lightness, chroma, hue = _to_oklch(parse(value))
    step = -0.005 if darker else 0.005
    while 0.0 <= lightness <= 1.0:
        candidate = _from_oklch(lightness, chroma, hue)
        if all(contrast(candidate, ground) >= ratio for ground in grounds):
            return candidate
        lightness += step
    return "#000000" if darker else "#ffffff"


def mix(one: str, other: str, share: float) -> str:
    """`share` of `one` in `other`, straight in sRGB."""
    red, green, blue = (a * share + b * (1 - share) for a, b in zip(parse(one), parse(other), strict=True))
    return to_hex((red, green, blue))


def palette(value: str) -> dict[str, str]:
    """The CSS variables of one structure: `--accent-THEME`, `-on`, `-strong`, `-text`, `-line`, `-soft`, `-soft-on`.

    - the bare name is the fill, as near as possible to the colour chosen; `-on` reads on it (>= 4.5:1), and on
      `-strong`, the fill under the pointer;
    - `-text` reads on every ground of the theme (>= 4.5:1, 7:1 in the contrast theme);
    - `-line` shows on them (>= 3:1): borders, focus rings, bars;
    - `-soft` is a tinted ground and `-soft-on` reads on it.
    """
    chosen = to_hex(parse(value))
    variables: dict[str, str] = {}
    for theme in THEMES:
        for part, colour in _accent(chosen, theme).items():
            variables[f"--accent-{theme.name}{part}"] = colour
    return variables


def stylesheet(value: str) -> str:
    """The style sheet served for a structure: its palette on the root element."""
    lines = "".join(f"{name}:{colour};" for name, colour in palette(value).items())
    return f":root{{{lines}}}\n"


def _accent(chosen: str, theme: Theme) -> dict[str, str]:
    fill = chosen
    if theme is CONTRAST:
        fill = reach(chosen, theme.grounds, ENHANCED, darker=True)
    on = readable_on(fill)
    if contrast(on, fill) < TEXT:  # mid greys: neither ink nor white is enough
        fill = reach(fill, (on,), TEXT, darker=on == LIGHTEST)
    # The pointer moves the fill away from its text, so that it can only read better.
    strong = mix(DARKEST if on == LIGHTEST else LIGHTEST, fill, 0.16)
    text = reach(chosen, theme.grounds, theme.text, darker=not theme.dark)
    soft = theme.ground if theme is CONTRAST else mix(chosen, theme.grounds[1], 0.18 if theme.dark else 0.13)
    return {
        "": fill,
        "-on": on,
        "-strong": strong,
        "-text": text,
        "-line": reach(chosen, theme.grounds, theme.interface, darker=not theme.dark),
        "-soft": soft,
        "-soft-on": reach(text, (soft,), theme.text, darker=not theme.dark),
    }


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _gamma(channel: float) -> float:
    return 12.92 * channel if channel <= 0.0031308 else float(1.055 * channel ** (1 / 2.4) - 0.055)


def _to_oklch(rgb: Rgb) -> Rgb:
    """Björn Ottosson's OKLab, in polar form: lightness 0..1, chroma, hue in radians."""
    red, green, blue = (_linear(channel) for channel in rgb)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _from_oklch(lightness: float, chroma: float, hue: float) -> str:
    """The nearest colour a screen can show: chroma gives way, lightness and hue stay."""
    while True:
        rgb = _oklab_to_rgb(lightness, chroma * math.cos(hue), chroma * math.sin(hue))
        if chroma < 0.002 or all(-0.0005 <= channel <= 1.0005 for channel in rgb):
            return to_hex(rgb)
        chroma *= 0.95


def _oklab_to_rgb(lightness: float, a: float, b: float) -> Rgb:
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        _gamma(max(0.0, 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short)),
        _gamma(max(0.0, -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short)),
        _gamma(max(0.0, -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short)),
    )
