"""PDF, by pdfium: the words of the pages, and a picture of the first."""

import io
import time
from contextlib import closing
from typing import IO

import pypdfium2 as pdfium

from tilios.kit.documents import texts
from tilios.kit.documents.problems import Problem, Unreadable

#: Seconds after which the pages read so far are what is kept.
PATIENCE_S = 15.0
PASSWORD = 4  # FPDF_ERR_PASSWORD
COVER_SIDE = 1024  # pixels


def read(file: IO[bytes], most: int = texts.MOST) -> tuple[str, int]:
    """The words of a PDF, and how many pages it has. Of a very long one, the words of its first pages."""
    with closing(_opened(file)) as document:
        parts: list[str] = []
        length = 0
        until = time.monotonic() + PATIENCE_S
        count = len(document)
        for number in range(count):
            words = _words(document, number)
            parts.append(words)
            length += len(words)
            if length >= most or time.monotonic() > until:
                break
        return texts.tidy("\n\n".join(part for part in parts if part), most), count


def cover(file: IO[bytes]) -> bytes:
    """The first page as a PNG of COVER_SIDE pixels at most. Raises Unreadable when there is none."""
    with closing(_opened(file)) as document:
        if not len(document):
            raise Unreadable(Problem.DAMAGED)
        try:
            page = document[0]
            width, height = page.get_size()
            scale = min(COVER_SIDE / max(width, height, 1.0), 4.0)
            image = page.render(scale=scale).to_pil().convert("RGB")
        except (pdfium.PdfiumError, ValueError) as error:
            raise Unreadable(Problem.DAMAGED) from error
        out = io.BytesIO()
        image.save(out, "PNG")
        return out.getvalue()


def _opened(file: IO[bytes]) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(file)
    except pdfium.PdfiumError as error:
        wrong = Problem.PASSWORD if getattr(error, "err_code", None) == PASSWORD else Problem.DAMAGED
        raise Unreadable(wrong) from error


def _words(document: pdfium.PdfDocument, number: int) -> str:
    """The words of a page; none if the page is broken: the others may be whole."""
    try:
        with closing(document[number]) as page, closing(page.get_textpage()) as words:
            # Line breaks of a PDF are those of its lines; a hyphen at the end of one is read as U+FFFE by pdfium.
            return str(words.get_text_range()).replace("\ufffe\r\n", "").replace("\ufffe", "")
    except pdfium.PdfiumError:
        return ""
