"""Documents to print and keep: a template in HTML laid out as PDF by WeasyPrint, with the fonts of the design system.

    if pdf.is_available():
        body = pdf.render("polls/minutes.pdf.html", {"poll": poll})

WeasyPrint needs Pango; where it is missing nothing offers a PDF (see `is_available`).
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

import tilios.ui

FOLDER = Path(tilios.ui.__file__).parent
FONTS = FOLDER / "static/ui/build/fonts"
Pictures = Mapping[str, tuple[bytes, str]]
PIXELS_AN_INCH = 200  # pictures beyond are made smaller: paper shows no more


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


def render(
    template: str,
    context: dict[str, Any],
    pictures: Pictures | None = None,
    variant: str = "pdf/ua-1",
) -> bytes:
    """The PDF of `template`, which extends "ui/print.html". Takes from 0.2 s to a few seconds: never in a list.

    The document holds what the template holds: drawings are SVG inside the page, pictures are given as their bytes and
    media type under a name (`<img src="tilios-picture:NAME">`), nothing is fetched. It has the tags of PDF/UA-1
    (ISO 14289-1), which screen readers follow; `variant` "pdf/a-3a" (ISO 19005-3) has them too, and takes attachments.
    """
    return render_parts(template, [(context, pictures or {})], variant=variant)


def render_parts(
    template: str,
    parts: Iterable[tuple[dict[str, Any], Pictures]],
    *,
    variant: str = "pdf/ua-1",
    laid_out: Callable[[int], None] = lambda _parts: None,
) -> bytes:
    """One PDF of `template` laid out for each of `parts`, its context and its pictures, one after the other.

    For papers of hundreds of pages: what a part needs is let go once it is laid out, and `laid_out` is told how many
    are. Page numbers begin again with each part. `parts` must hold one at least.
    """
    documents = []
    for context, pictures in parts:
        html = render_to_string(template, context)
        documents.append(_weasyprint().HTML(string=html, url_fetcher=_fetcher(pictures)).render(pdf_variant=variant))
        laid_out(len(documents))
    pages = [page for document in documents for page in document.pages]
    made: bytes | None = documents[0].copy(pages).write_pdf(pdf_variant=variant, dpi=PIXELS_AN_INCH)
    return made or b""


def _fetcher(pictures: Pictures | None = None) -> Any:
    _weasyprint()
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OnlyWhatIsGiven(URLFetcher):
        # SECURITY: a document is made of people's words; nothing they write makes the server ask for an address or
        # read a file.
        def fetch(self, url: str, headers: Any = None) -> Any:
            if pictures and (given := pictures.get(url.removeprefix("tilios-picture:"))):
                return URLFetcherResponse(url, given[0], {"Content-Type": given[1]})
            name = url.removeprefix("tilios-font:")
            path = FONTS / name
            if name == url or Path(name).name != name or not path.is_file():
                raise ValueError(f"not fetched: {url[:80]}")
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": "font/woff2"})

    return OnlyWhatIsGiven()
