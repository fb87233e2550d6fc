"""Our styles in an OpenDocument text (OASIS ODF 1.3)."""

import re
from collections.abc import Callable
from typing import Any

from lxml import etree

from tilios.core.documents.converting.styles import (
    ALIGNMENTS,
    CALLOUTS,
    COLOURS,
    HIGHLIGHTS,
    INK,
    LINE,
    SHADE,
    SOFT,
    TONES,
)

STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0"
FO = "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
DRAW = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
SVG = "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
SPACES = f'xmlns:style="{STYLE}" xmlns:fo="{FO}" xmlns:office="{OFFICE}" xmlns:text="{TEXT}"'
_BOLD = f'fo:font-weight="bold" fo:color="#{INK}"'
_SIZES = {1: 17, 2: 14, 3: 12, 4: 11}


def _styles(content: bytes) -> bytes:
    root = etree.fromstring(content)
    held = root.find(f"{{{OFFICE}}}styles")
    for name, made in _wanted().items():
        for old in held.findall(f"{{{STYLE}}}style"):
            if old.get(f"{{{STYLE}}}name") == name:
                held.remove(old)
        held.append(made)
    for default in held.findall(f"{{{STYLE}}}default-style"):
        if default.get(f"{{{STYLE}}}family") == "paragraph":
            said = default.find(f"{{{STYLE}}}text-properties")
            said.set(f"{{{FO}}}font-size", "11pt")
            said.set(f"{{{FO}}}font-family", "'Liberation Sans', Arial, sans-serif")
            said.attrib.pop(f"{{{STYLE}}}font-name", None)
            said.set(f"{{{FO}}}color", f"#{INK}")
    for page in root.iter(f"{{{STYLE}}}page-layout-properties"):
        for name, value in {
            "page-width": "21cm",
            "page-height": "29.7cm",
            "margin-left": "2cm",
            "margin-right": "2cm",
        }.items():
            page.set(f"{{{FO}}}{name}", value)
    for footer in root.iter(f"{{{STYLE}}}footer"):
        for child in list(footer):
            footer.remove(child)
        footer.append(
            _part(
                '<text:p text:style-name="MP1"><text:page-number text:select-page="current">1</text:page-number>'
                " / <text:page-count>1</text:page-count></text:p>"
            )
        )
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _wanted() -> dict[str, Any]:
    """Styles by name, as elements."""
    made = [
        _style("Text_20_body", "Standard", 'fo:margin-top="0cm" fo:margin-bottom="0.25cm" fo:line-height="130%"'),
        _style("Title", "Heading", 'fo:margin-bottom="0.3cm"', f'fo:font-size="22pt" {_BOLD}'),
        _style("PageBreak", "Standard", 'fo:break-before="page"'),
        _style("Author", "Standard", "", f'fo:color="#{SOFT}"'),
        _style("Date", "Standard", 'fo:margin-bottom="0.6cm"', f'fo:color="#{SOFT}"'),
        _style(
            "Quotations", "Text_20_body",
            f'fo:margin-left="0.6cm" fo:padding-left="0.3cm" fo:border-left="1.5pt solid #{LINE}"',
            f'fo:color="#{SOFT}"',
        ),
        _style(
            "Preformatted_20_Text", "Standard", f'fo:background-color="#{SHADE}" fo:margin-bottom="0cm"',
            'fo:font-family="\'Liberation Mono\', monospace" fo:font-size="9.5pt"',
        ),
        _style("Table_20_Heading", "Table_20_Contents", "", 'fo:font-weight="bold"'),
        _style("MP1", "Footer", 'fo:text-align="end"', f'fo:font-size="9pt" fo:color="#{SOFT}"'),
    ]  # fmt: skip
    made += [
        _style(
            f"Heading_20_{level}", "Heading",
            f'fo:margin-top="{0.15 + size / 30:.2f}cm" fo:margin-bottom="0.2cm" fo:keep-with-next="always"',
            f'fo:font-size="{size}pt" fo:font-style="normal" {_BOLD}', level=level,
        )
        for level, size in _SIZES.items()
    ]  # fmt: skip
    made += [
        _style(name, "Text_20_body", f'fo:text-align="{ {"right": "end"}.get(align, align) }"')
        for align, name in ALIGNMENTS.items()
    ]
    made += [
        _style(
            CALLOUTS[tone], "Text_20_body",
            f'fo:background-color="#{ground}" fo:border-left="3pt solid #{border}" fo:padding="0.2cm"'
            ' fo:margin-left="0.2cm"',
        )
        for tone, (border, ground) in TONES.items()
    ]  # fmt: skip
    made += [
        _style(HIGHLIGHTS[colour], "", "", f'fo:background-color="#{ground}"', family="text")
        for colour, ground in COLOURS.items()
    ]
    return {one.get(f"{{{STYLE}}}name"): one for one in made}


def _style(
    name: str, parent: str, paragraph: str, text: str = "", *, family: str = "paragraph", level: int | None = None
) -> Any:
    above = f' style:parent-style-name="{parent}"' if parent else ""
    level_said = (
        f' style:default-outline-level="{level}" style:next-style-name="Text_20_body" style:class="text"'
        if level
        else ""
    )
    properties = f"<style:paragraph-properties {paragraph}/>" if paragraph else ""
    properties += f"<style:text-properties {text}/>" if text else ""
    encoded = name.replace(" ", "_20_")
    shown = encoded.replace("_20_", " ")
    return _part(
        f'<style:style style:name="{encoded}" style:display-name="{shown}" style:family="{family}"{above}{level_said}>'
        f"{properties}</style:style>"
    )


def _part(xml: str) -> Any:
    return etree.fromstring(re.sub(r"^<([\w:-]+)", rf"<\1 {SPACES}", xml))


def described(content: bytes, words: list[str]) -> bytes:
    """`content` with what is said in the place of each picture."""
    root = etree.fromstring(content)
    frames = [frame for frame in root.iter(f"{{{DRAW}}}frame") if frame.find(f"{{{DRAW}}}image") is not None]
    for frame, said in zip(frames, words, strict=False):
        if said:
            etree.SubElement(frame, f"{{{SVG}}}desc").text = said
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _content(content: bytes) -> bytes:
    """Lines around the cells of tables, and a ground below their headers."""
    root = etree.fromstring(content)
    for style in root.iter(f"{{{STYLE}}}style"):
        if style.get(f"{{{STYLE}}}family") != "table-cell":
            continue
        cell = style.find(f"{{{STYLE}}}table-cell-properties")
        if cell is None:
            cell = etree.SubElement(style, f"{{{STYLE}}}table-cell-properties")
        cell.set(f"{{{FO}}}border", f"0.5pt solid #{LINE}")
        cell.set(f"{{{FO}}}padding", "0.12cm")
        if "Header" in style.get(f"{{{STYLE}}}name", ""):
            cell.set(f"{{{FO}}}background-color", f"#{SHADE}")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


PARTS: dict[str, Callable[[bytes], bytes]] = {"styles.xml": _styles, "content.xml": _content}
