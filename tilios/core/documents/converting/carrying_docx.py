"""Signs put in a document of Word, for what pandoc does not read in it: alignment, boxes, colours, breaks of page."""

from typing import Any

from lxml import etree

from tilios.core.documents.converting import carrying, styles
from tilios.core.documents.converting.carrying import ALIGNS, CODE, COLOURS, END, PAGE, SPACE, TONES

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
_CODE = ("PreformattedText", "HTMLPreformatted")
_ALIGNS = {"center": "center", "right": "right", "end": "right", "both": "justify"}
_HIGHLIGHTS = {"yellow": "yellow", "green": "green", "cyan": "blue", "magenta": "pink", "darkYellow": "yellow"}
_HIGHLIGHTS |= {"blue": "blue", "darkGreen": "green", "darkCyan": "blue", "darkBlue": "blue", "red": "pink"}
_HIGHLIGHTS |= {"darkMagenta": "pink", "darkRed": "pink"}
_TONES = {name: tone for tone, name in styles.CALLOUTS.items()}
_NAMED = {name: colour for colour, name in styles.HIGHLIGHTS.items()}


def signed(document: Any, named: Any) -> None:
    """Put the signs in `document`, the root of word/document.xml; `named` is the root of word/styles.xml, or None."""
    aligned = _aligned(named)
    for paragraph in document.iter(f"{W}p"):
        about = paragraph.find(f"{W}pPr")
        style = _value(about, "pStyle")
        signs = ""
        if about is not None and about.find(f"{W}pageBreakBefore") is not None:
            signs += PAGE
        if style in _TONES:
            signs += TONES[_TONES[style]]
        align = _ALIGNS.get(_value(about, "jc") or aligned.get(style, ""))
        if style in _CODE:
            signs += CODE
            for text in paragraph.iter(f"{W}t"):
                text.text = (text.text or "").replace(" ", SPACE)
        elif align and (about is None or about.find(f"{W}numPr") is None):
            signs += ALIGNS[align]
        if signs:
            run = etree.SubElement(paragraph, f"{W}r")
            etree.SubElement(run, f"{W}t").text = signs
            paragraph.insert(0 if about is None else 1, run)
    for run in document.iter(f"{W}r"):
        _colour(run)
        _raise(run)
    for drawing in document.iter(f"{DRAWING}docPr", f"{PICTURE}cNvPr"):
        drawing.set("descr", drawing.get("descr") or drawing.get("title") or "")
    for line in document.iter(f"{W}br"):
        if line.get(f"{W}type") == "page":
            line.tag = f"{W}t"
            line.attrib.clear()
            line.text = PAGE


def _colour(run: Any) -> None:
    about = run.find(f"{W}rPr")
    if about is None:
        return
    shade = about.find(f"{W}shd")
    colour = _NAMED.get(_value(about, "rStyle")) or _HIGHLIGHTS.get(_value(about, "highlight"))
    if colour is None and shade is not None:
        colour = carrying.nearest(shade.get(f"{W}fill") or "")
    texts = run.findall(f"{W}t")
    if colour and texts:
        texts[0].text = COLOURS[colour] + (texts[0].text or "")
        texts[-1].text += END


def _raise(run: Any) -> None:
    """LibreOffice says of what stands above or below the line how far it is moved."""
    about = run.find(f"{W}rPr")
    moved = _value(about, "position")
    if moved.lstrip("-").isdecimal() and int(moved) and about.find(f"{W}vertAlign") is None:
        place = "subscript" if moved.startswith("-") else "superscript"
        etree.SubElement(about, f"{W}vertAlign").set(f"{W}val", place)


def _aligned(named: Any) -> dict[str, str]:
    """How each style of paragraph is aligned, its parents' ways included."""
    found: dict[str, tuple[str, str]] = {}
    for style in named.iter(f"{W}style") if named is not None else ():
        found[style.get(f"{W}styleId", "")] = (_value(style.find(f"{W}pPr"), "jc"), _value(style, "basedOn"))
    return {name: _inherited(found, name) for name in found if not name.startswith(("Heading", "Title", "Titre"))}


def _inherited(found: dict[str, tuple[str, str]], name: str) -> str:
    for _generation in range(20):
        said, parent = found.get(name, ("", ""))
        if said or not parent:
            return said
        name = parent
    return ""


def _value(element: Any, name: str) -> str:
    found = element.find(f"{W}{name}") if element is not None else None
    return found.get(f"{W}val", "") if found is not None else ""
