"""The words of office documents straight from their XML: slides, and texts where pandoc is missing."""

import html
import re
from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from tilios.kit.documents import archives
from tilios.kit.documents.problems import Problem, Unreadable

#: Where the paragraphs are, by format.
PARTS = {
    "docx": re.compile(r"word/(?:document|footnotes|header\d*|footer\d*)\.xml"),
    "pptx": re.compile(r"ppt/(?:slides/slide|notesSlides/notesSlide)\d+\.xml"),
    "odt": re.compile(r"content\.xml"),
    "odp": re.compile(r"content\.xml"),
}
SLIDE = re.compile(r"ppt/slides/slide(\d+)\.xml")
DRAWN_PAGE = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}page"


def paragraphs(file: IO[bytes], form: str) -> list[str]:
    """The paragraphs of a docx, odt, pptx or odp, in the order of the document."""
    archive = archives.opened(file)
    found = sorted((name for name in archive.namelist() if PARTS[form].fullmatch(name)), key=_order)
    if not found:
        raise Unreadable(Problem.DAMAGED)
    return [words for name in found for words in _paragraphs(_parsed(archives.part(archive, name)))]


def slides(file: IO[bytes], form: str) -> list[list[str]]:
    """The paragraphs of each slide of a pptx or odp."""
    archive = archives.opened(file)
    if form == "odp":
        if "content.xml" not in archive.namelist():
            raise Unreadable(Problem.DAMAGED)
        content = _parsed(archives.part(archive, "content.xml"))
        return [list(_paragraphs(page)) for page in content.iter(DRAWN_PAGE)]
    found = sorted((name for name in archive.namelist() if SLIDE.fullmatch(name)), key=_order)
    return [list(_paragraphs(_parsed(archives.part(archive, name)))) for name in found]


def as_html(shown: list[list[str]]) -> str:
    """Slides as sections, the first paragraph of each as its heading."""
    parts = []
    for lines in shown:
        first, *rest = lines or ["—"]
        inside = "".join(f"<p>{html.escape(line)}</p>" for line in rest)
        parts.append(f"<section><h2>{html.escape(first)}</h2>{inside}</section>")
    return "".join(parts)


def _parsed(source: bytes) -> Element:
    try:
        # SECURITY: no DOCTYPE: entities unfold without end, and name files. No office suite writes one.
        root: Element = fromstring(source, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Unreadable(Problem.DAMAGED) from error
    return root


def _paragraphs(root: Element) -> Iterator[str]:
    """The paragraphs below `root` that say something. Without recursion: nesting is the document's to choose."""
    for element in root.iter():
        if _local(element) in ("p", "h"):
            words = " ".join("".join(_words(element)).split())
            if words:
                yield words


def _words(paragraph: Element) -> Iterator[str]:
    # What stands between runs in OOXML is the indenting of the file; in ODF it is text.
    mixed = "opendocument" in str(paragraph.tag)
    for element in paragraph.iter():
        name = _local(element)
        if name in ("tab", "br", "line-break", "s"):
            yield " "
        if (mixed or name == "t") and element.text:
            yield element.text
        if mixed and element is not paragraph and element.tail:
            yield element.tail


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _order(name: str) -> list[tuple[int, str]]:
    """slide2 before slide10, the slide before its notes, the text before its notes."""
    number = re.search(r"(\d+)\.xml$", name)
    return [(int(number[1]) if number else 0, name.rpartition("/")[0].removeprefix("ppt/notes") + name)]
