"""Documents to print and keep: a template in HTML laid out as PDF by WeasyPrint, with the fonts of the design system.

    if pdf.is_available():
        body = pdf.render("polls/minutes.pdf.html", {"poll": poll})

WeasyPrint needs Pango; where it is missing nothing offers a PDF (see `is_available`).
"""

from functools import cache
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

import tilios.ui

FOLDER = Path(tilios.ui.__file__).parent
FONTS = FOLDER / "static/ui/build/fonts"


@cache
def is_available() -> bool:
    """Whether this machine can lay out PDF documents."""
    try:
        _weasyprint()
    except (ImportError, OSError):
        return False
    return True


@cache
def _weasyprint() -> Any:
    """The library, once its grip on what everybody shares is loosened."""
    import weasyprint
    from PIL import ImageFile

    # SECURITY: WeasyPrint has Pillow accept images that are cut short, for the whole process. Pictures that people send
    # are refused when they are not whole (core/blobs/images.py), and must go on being so.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return weasyprint


def render(template: str, context: dict[str, Any]) -> bytes:
    """The PDF of `template`, which extends "ui/print.html". Takes from 0.2 s to a few seconds: never in a list.

    The document holds what the template holds: drawings are SVG inside the page, nothing is fetched.
    """
    html = render_to_string(template, context)
    made: bytes | None = _weasyprint().HTML(string=html, url_fetcher=_fetcher()).write_pdf(pdf_tags=True)
    return made or b""


@cache
def _fetcher() -> Any:
    _weasyprint()
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OnlyOurFonts(URLFetcher):
        # SECURITY: a document is made of people's words; nothing they write makes the server ask for an address or
        # read a file.
        def fetch(self, url: str, headers: Any = None) -> Any:
            name = url.removeprefix("tilios-font:")
            path = FONTS / name
            if name == url or Path(name).name != name or not path.is_file():
                raise ValueError(f"not fetched: {url[:80]}")
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": "font/woff2"})

    return OnlyOurFonts()
