"""Draw the mark of Tilios: three houses around a square with its tree; the streets between them make a T.

    python frontend/brand/draw.py

writes the SVG and PNG files of tilios/ui/static/ui/brand/, which are committed. Needs Pillow only.
"""

import math
from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).resolve().parents[2] / "tilios" / "ui" / "static" / "ui" / "brand"
SIZE = 64  # units of the drawing
SQUARE = (32.0, 30.0, 13.0)  # the open place: centre x, centre y, radius
TREE = (32.0, 30.0, 5.5)
HOUSES = (  # left, top, right, bottom, colour
    (4.0, 4.0, 60.0, 22.0, "#2f4d9e"),
    (4.0, 30.0, 28.0, 60.0, "#b0322f"),
    (36.0, 30.0, 60.0, 60.0, "#e0a526"),
)
LEAF = "#3d7034"
PAPER = "#f8f4ea"
CORNER = 3.0


def svg() -> str:
    """The same drawing as outlines, so that the ground shows through the streets."""
    x, y, r = SQUARE
    across = math.sqrt(r**2 - (y - HOUSES[0][3]) ** 2)
    down = math.sqrt(r**2 - (x - HOUSES[1][2]) ** 2)
    c = CORNER
    a, bite = f"a{c:g} {c:g} 0 0", f"A{r:g} {r:g} 0 0"
    paths = (
        f"M4 {4 + c:g}{a} 1 {c:g}-{c:g}H{60 - c:g}{a} 1 {c:g} {c:g}V22H{x + across:.2f}{bite} 0 {x - across:.2f} 22H4z",
        f"M4 30H{x - r:g}{bite} 0 28 {y + down:.2f}V60H{4 + c:g}{a} 1-{c:g}-{c:g}z",
        f"M60 30H{x + r:g}{bite} 1 36 {y + down:.2f}V60H{60 - c:g}{a} 0 {c:g}-{c:g}z",
    )
    houses = "".join(f'<path fill="{house[4]}" d="{path}"/>' for house, path in zip(HOUSES, paths, strict=True))
    tree = f'<circle cx="{TREE[0]:g}" cy="{TREE[1]:g}" r="{TREE[2]:g}" fill="{LEAF}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">{houses}{tree}</svg>\n'


def png(pixels: int, *, ground: str | None = None, margin: float = 0.0) -> Image.Image:
    """`margin` is the share of the side left empty around the mark: a maskable icon is cut to a circle of 80 %."""
    fine = pixels * 4
    scale = fine * (1 - 2 * margin) / SIZE
    shift = fine * margin

    def box(left: float, top: float, right: float, bottom: float) -> tuple[float, ...]:
        return tuple(shift + value * scale for value in (left, top, right, bottom))

    def disc(circle: tuple[float, float, float]) -> tuple[float, ...]:
        x, y, r = circle
        return box(x - r, y - r, x + r, y + r)

    mark = Image.new("RGBA", (fine, fine), (0, 0, 0, 0))
    draw = ImageDraw.Draw(mark)
    outer = ((True, True, False, False), (False, False, False, True), (False, False, True, False))
    for (left, top, right, bottom, colour), corners in zip(HOUSES, outer, strict=True):
        draw.rounded_rectangle(box(left, top, right, bottom), CORNER * scale, fill=colour, corners=corners)
    draw.ellipse(disc(SQUARE), fill=(0, 0, 0, 0))
    draw.ellipse(disc(TREE), fill=LEAF)
    page = Image.new("RGBA", (fine, fine), ground or (0, 0, 0, 0))
    page.alpha_composite(mark)
    return page.resize((pixels, pixels), Image.Resampling.LANCZOS)


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "mark.svg").write_text(svg())
    for name, image in {
        "icon-192": png(192, ground=PAPER, margin=0.1),
        "icon-512": png(512, ground=PAPER, margin=0.1),
        "icon-maskable-512": png(512, ground=PAPER, margin=0.2),
        "apple-touch-icon": png(180, ground=PAPER, margin=0.12),
    }.items():
        image.convert("RGB").save(FOLDER / f"{name}.png", optimize=True)
    png(48).save(FOLDER / "favicon.ico", sizes=[(16, 16), (32, 32), (48, 48)])


if __name__ == "__main__":
    main()
