"""Signs put in an OpenDocument text, for what pandoc does not read in it: alignment, boxes, colours, underlining, code,
breaks of page, formulas."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tilios.core.documents.converting import carrying, styles
from tilios.core.documents.converting.carrying import ALIGNS, CODE, COLOURS, END, PAGE, RULE, SPACE, TONES, UNDERLINE

STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
HREF = "{http://www.w3.org/1999/xlink}href"
_ALIGNS = {"center": "center", "end": "right", "right": "right", "justify": "justify"}
_TONES = {name: tone for tone, name in styles.CALLOUTS.items()}
_CAPTIONS = ("FigureCaption", "Illustration")
_CODE = ("Preformatted_20_Text", "Source_20_Code")
MOST_PARAGRAPHS = 40_000  # 18 s
DEEPEST_LIST = 12  # LibreOffice has 10 levels
Formula = Callable[[str], str | None]  # the folder of a formula: its TeX


@dataclass
class _Style:
    parent: str
    align: str = ""
    page: bool = False
    ground: str = ""
    underline: bool = False


def is_too_heavy(document: Any) -> bool:
    """Whether pandoc would take minutes: its time doubles with each level of a list, and goes as the square of how many
    paragraphs there are."""
    if sum(1 for _one in document.iter(f"{TEXT}p")) > MOST_PARAGRAPHS:
        return True
    above = ([None for _one in held.iterancestors(f"{TEXT}list")] for held in document.iter(f"{TEXT}list"))
    return any(len(one) >= DEEPEST_LIST for one in above)


def signed(document: Any, named: Any, formula: Formula) -> None:
    """Put the signs in `document`, the root of content.xml; `named` is the root of styles.xml, or None."""
    known = _styles(document, named)
    for one in document.iter(f"{STYLE}text-properties"):
        one.attrib.pop(f"{STYLE}text-underline-style", None)  # pandoc takes what is underlined for italic
    for paragraph in document.iter(f"{TEXT}p", f"{TEXT}h"):
        _paragraph(paragraph, known)
    for span in list(document.iter(f"{TEXT}span")):
        _span(span, known)
    for frame in list(document.iter(f"{DRAW}frame")):
        held = frame.find(f"{DRAW}object")
        said = " ".join((frame.findtext(f"{SVG}desc") or frame.findtext(f"{SVG}title") or "").split())
        if held is None and said:
            frame.tail = f"{carrying.ALT}{carrying.SIGNS.sub('', said)}{carrying.MATH_END}{frame.tail or ''}"
        tex = formula(held.get(HREF, "").removeprefix("./").strip("/")) if held is not None else None
        if tex:
            alone = (
                frame.getparent().tag == f"{TEXT}p"
                and len(frame.getparent()) == 1
                and not _says(frame.getparent(), frame)
            )
            opening = carrying.DISPLAY if alone else carrying.MATH
            _replace(frame, f"{opening}{tex}{carrying.MATH_END}")


def _styles(document: Any, named: Any) -> dict[str, _Style]:
    found: dict[str, _Style] = {}
    for root in (named, document):
        for one in root.iter(f"{STYLE}style") if root is not None else ():
            paragraph, text = one.find(f"{STYLE}paragraph-properties"), one.find(f"{STYLE}text-properties")
            made = _Style(one.get(f"{STYLE}parent-style-name", ""))
            if paragraph is not None:
                made.align = _ALIGNS.get(paragraph.get(f"{FO}text-align", ""), "")
                made.page = paragraph.get(f"{FO}break-before") == "page"
            if text is not None:
                made.ground = text.get(f"{FO}background-color", "").removeprefix("#")
                made.underline = text.get(f"{STYLE}text-underline-style", "none") != "none"
            found[one.get(f"{STYLE}name", "")] = made
    return found


def _parents(name: str, known: dict[str, _Style]) -> list[str]:
    """The style `name` and those it stands on, nearest first."""
    found = [name]
    while len(found) < 20 and found[-1] in known and known[found[-1]].parent:
        found.append(known[found[-1]].parent)
    return found


def _paragraph(paragraph: Any, known: dict[str, _Style]) -> None:
    names = _parents(paragraph.get(f"{TEXT}style-name", ""), known)
    held = [known[name] for name in names if name in known]
    signs = PAGE if held and held[0].page else ""
    if paragraph.tag == f"{TEXT}h":
        _begin(paragraph, signs)
        return
    if any(name in _CODE for name in names):
        signs += CODE
        for space in list(paragraph.iter(f"{TEXT}s")):
            count = space.get(f"{TEXT}c", "1")
            _replace(space, SPACE * (min(int(count), 200) if count.isdecimal() else 1))
    elif "Horizontal_20_Line" in names:
        signs += RULE
    elif any(name in _CAPTIONS for name in names):
        signs += carrying.CAPTION
    else:
        tone = next((_TONES[name] for name in names if name in _TONES), None)
        align = next((one.align for one in held if one.align), "")
        listed = next(paragraph.iterancestors(f"{TEXT}list-item"), None) is not None
        signs += TONES[tone] if tone else ""
        signs += ALIGNS[align] if align and not listed and "Title" not in names else ""
    _begin(paragraph, signs)


def _span(span: Any, known: dict[str, _Style]) -> None:
    held = [known[name] for name in _parents(span.get(f"{TEXT}style-name", ""), known) if name in known]
    colour = carrying.nearest(next((one.ground for one in held if one.ground and one.ground != "transparent"), ""))
    signs = COLOURS[colour] if colour else ""
    if any(one.underline for one in held) and next(span.iterancestors(f"{TEXT}a"), None) is None:
        signs += UNDERLINE
    if signs and (span.text or len(span)):
        _begin(span, signs)
        if len(span):
            span[-1].tail = (span[-1].tail or "") + END * len(signs)
        else:
            span.text += END * len(signs)


def _begin(element: Any, signs: str) -> None:
    if signs:
        element.text = signs + (element.text or "")


def _says(paragraph: Any, frame: Any) -> bool:
    return bool(carrying.SIGNS.sub("", paragraph.text or "").strip() or (frame.tail or "").strip())


def _replace(element: Any, text: str) -> None:
    """`text` in the place of `element`."""
    parent, before = element.getparent(), element.getprevious()
    text += element.tail or ""
    if before is None:
        parent.text = (parent.text or "") + text
    else:
        before.tail = (before.tail or "") + text
    parent.remove(element)
