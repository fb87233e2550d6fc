"""A drawing of ours as PNG, for documents that take no SVG. Painted by Pillow, which every instance has.

It knows what our drawings are made of (rect, circle, line, path, text and their plain attributes), no more: a drawing
of anybody else is not for it.
"""

import io
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from PIL import Image, ImageColor, ImageDraw, ImageFont

import tilios.ui
from tilios.ui.charts import frame as f

SCALE = 2  # pixels of the PNG for one of the drawing
MARGIN = 16.0
FONT_FILE = Path(tilios.ui.__file__).parent / "static/ui/build/fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2"
SPELT = {"∅": "Ø", "←": "‹", "→": "›"}  # signs the font does not have
STEPS = 24  # of a curve
Point = tuple[float, float]


def png(svg: str) -> bytes:
    """The drawing on white paper, twice its size so that it prints well."""
    root = fromstring(svg.replace("currentColor", f.INK))
    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    size = (round((width + 2 * MARGIN) * SCALE), round((height + 2 * MARGIN) * SCALE))
    picture = Image.new("RGB", size, "#ffffff")
    brush = _Brush(picture)
    for element in root.iter():
        brush.paint(element)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


class _Brush:
    def __init__(self, picture: Image.Image) -> None:
        self.picture = picture
        self.pen = ImageDraw.Draw(picture, "RGBA")

    def paint(self, element: Element) -> None:
        name = element.tag.rpartition("}")[2]
        if name in {"rect", "circle", "line", "path", "text"}:
            getattr(self, f"_{name}")(element)

    def _rect(self, element: Element) -> None:
        x, y = _number(element, "x"), _number(element, "y")
        width, height = _number(element, "width"), _number(element, "height")
        if width <= 0 or height <= 0:
            return
        box = [*_at((x, y)), *_at((x + width, y + height))]
        fill, edge = _colour(element, "fill"), _colour(element, "stroke")
        if radius := _number(element, "rx"):
            self.pen.rounded_rectangle(box, radius * SCALE, fill=fill, outline=edge)
        else:
            self.pen.rectangle(box, fill=fill, outline=edge)

    def _circle(self, element: Element) -> None:
        x, y, r = _number(element, "cx"), _number(element, "cy"), _number(element, "r")
        box = [*_at((x - r, y - r)), *_at((x + r, y + r))]
        self.pen.ellipse(box, fill=_colour(element, "fill"), outline=_colour(element, "stroke"))

    def _line(self, element: Element) -> None:
        ends = [(_number(element, f"x{end}"), _number(element, f"y{end}")) for end in (1, 2)]
        self.pen.line([_at(ends[0]), _at(ends[1])], fill=_colour(element, "stroke"), width=SCALE)

    def _path(self, element: Element) -> None:
        fill, edge = _colour(element, "fill"), _colour(element, "stroke")
        width = round(float(element.get("stroke-width", "1")) * SCALE) or 1
        for points, is_closed in outlines(element.get("d", "")):
            places = [_at(point) for point in points]
            if fill and len(places) > 2:
                self.pen.polygon(places, fill=fill)
            if edge and len(places) > 1:
                self.pen.line([*places, places[0]] if is_closed else places, fill=edge, width=width)

    def _text(self, element: Element) -> None:
        words = "".join(SPELT.get(letter, letter) for letter in element.text or "")
        if not words:
            return
        size = float(element.get("font-size", str(f.FONT))) * SCALE
        font = _font(round(size), int(element.get("font-weight", "400")) > 500)
        place = _at((_number(element, "x"), _number(element, "y")))
        anchor = {"middle": "ms", "end": "rs"}.get(element.get("text-anchor", "start"), "ls")
        ink = _colour(element, "fill") or f.INK
        turned = re.match(r"rotate\((-?[\d.]+)", element.get("transform", ""))
        if turned is None:
            self.pen.text(place, words, fill=ink, font=font, anchor=anchor)
            return
        side = 2 * round(font.getlength(words)) + 8 * SCALE
        layer = Image.new("RGBA", (side, side))
        ImageDraw.Draw(layer).text((side / 2, side / 2), words, fill=ink, font=font, anchor=anchor)
        layer = layer.rotate(-float(turned[1]), resample=Image.Resampling.BICUBIC)
        corner = (round(place[0] - side / 2), round(place[1] - side / 2))
        self.picture.paste(layer, corner, layer)


def _number(element: Element, name: str) -> float:
    value = element.get(name, "0")
    return 0.0 if value.endswith("%") else float(value)  # the paper of a standalone drawing, which is there already


def _at(point: Point) -> Point:
    return (point[0] + MARGIN) * SCALE, (point[1] + MARGIN) * SCALE


def _colour(element: Element, name: str) -> tuple[int, ...] | None:
    value = element.get(name, "none")
    if value == "none":
        return None
    opacity = float(element.get(f"{name}-opacity", "1"))
    return (*ImageColor.getrgb(value)[:3], round(255 * opacity))


def outlines(d: str) -> Iterator[tuple[list[Point], bool]]:
    """The outlines of a path (commands M L h v l C z) as points, and whether each is closed."""
    points: list[Point] = []
    for command, text in re.findall(r"([MLhvlCz])([^MLhvlCz]*)", d):
        numbers = [float(number) for number in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", text)]
        if command == "M":
            if points:
                yield points, False
            points = [(numbers[0], numbers[1])]
        elif command == "z":
            yield points, True
            points = []
        else:
            points += _further(command, numbers, points[-1])
    if points:
        yield points, False


def _further(command: str, numbers: list[float], start: Point) -> list[Point]:
    x, y = start
    match command:
        case "h":
            return [(x + numbers[0], y)]
        case "v":
            return [(x, y + numbers[0])]
        case "l":
            return [(x + numbers[0], y + numbers[1])]
        case "L":
            return [(numbers[0], numbers[1])]
        case _:
            ends = [start, *zip(numbers[::2], numbers[1::2], strict=True)]
            return [_on_curve(ends, step / STEPS) for step in range(1, STEPS + 1)]


def _on_curve(ends: list[Point], t: float) -> Point:
    """A point of a cubic Bézier curve."""
    shares = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    return (
        sum(share * end[0] for share, end in zip(shares, ends, strict=True)),
        sum(share * end[1] for share, end in zip(shares, ends, strict=True)),
    )


@cache
def _font(size: int, bold: bool) -> ImageFont.FreeTypeFont:
    try:
        font = ImageFont.truetype(FONT_FILE, size)
        font.set_variation_by_axes([680 if bold else 420])
    except OSError:  # the islands are not built, or FreeType reads no WOFF2
        return ImageFont.load_default(size)  # type: ignore[return-value]
    return font
