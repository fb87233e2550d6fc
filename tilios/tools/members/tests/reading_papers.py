"""PDF papers read back: their words, where each stands in millimetres, what their codes say."""

import io
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pypdfium2
from PIL import Image

from tests.harness import programs

POINT = 25.4 / 72  # millimetres


@dataclass(frozen=True)
class Line:
    """A line of text on a page: millimetres from the left and the top of it."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@contextmanager
def opened(body: bytes) -> Iterator[pypdfium2.PdfDocument]:
    with pypdfium2.PdfDocument(io.BytesIO(body)) as document:
        yield document


def pages_of(body: bytes) -> list[str]:
    """The words of each page, their spaces made plain."""
    with opened(body) as document:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def sizes_of(body: bytes) -> list[tuple[float, float]]:
    """The width and height of each page, in millimetres."""
    with opened(body) as document:
        return [(round(page.get_width() * POINT, 1), round(page.get_height() * POINT, 1)) for page in document]


def lines_of(body: bytes, number: int = 0) -> list[Line]:
    """The runs of text of a page, from the top."""
    with opened(body) as document:
        page = document[number]
        height, text = page.get_height(), page.get_textpage()
        found = []
        for place in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(place)
            words = text.get_text_bounded(left, bottom, right, top).strip()
            found.append(Line(words, left * POINT, (height - top) * POINT, right * POINT, (height - bottom) * POINT))
        return sorted(found, key=lambda line: (round(line.top, 1), line.left))


def picture_of(body: bytes, number: int = 0, *, dpi: int = 300) -> Image.Image:
    with opened(body) as document:
        return document[number].render(scale=dpi / 72).to_pil().convert("L")


def codes_in(picture: Image.Image) -> list[str]:
    """What the QR codes of `picture` say, as a reader of codes that is not ours sees them (ZBar)."""
    reader = programs.find("zbarimg", package="zbar-tools")
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        picture.save(file, "png")
        file.flush()
        command = [reader, "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", file.name]
        read = subprocess.run(command, capture_output=True, text=True, check=False)
    assert read.returncode in {0, 4}, read.stderr  # 4: no code was found
    return read.stdout.split()
