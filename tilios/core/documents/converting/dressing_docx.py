"""Our styles in a document of Word (ECMA-376)."""

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

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
FOOTER = "word/footer1.xml"
_MARGINS = (
    '<w:pgMar w:top="1134" w:right="1134" w:bottom="1247" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/>'
)
_SIZES = {1: 34, 2: 28, 3: 24, 4: 22}  # half points
_FONT = '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri" w:eastAsia="Calibri"/>'


def _styles(content: bytes) -> bytes:
    root = etree.fromstring(content)
    for made in _wanted():
        for old in root.findall(f"{{{W}}}style"):
            if old.get(f"{{{W}}}styleId") == made.get(f"{{{W}}}styleId"):
                root.remove(old)
        root.append(made)
    defaults = root.find(f"{{{W}}}docDefaults/{{{W}}}rPrDefault/{{{W}}}rPr")
    if defaults is not None:
        for name in ("rFonts", "sz", "szCs", "color"):
            for old in defaults.findall(f"{{{W}}}{name}"):
                defaults.remove(old)
        for place, one in enumerate(_parts(f'{_FONT}<w:color w:val="{INK}"/><w:sz w:val="22"/><w:szCs w:val="22"/>')):
            defaults.insert(place, one)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _wanted() -> list[Any]:
    made = [
        _style("BodyText", "Body Text", "Normal", _spaced(0, 140, 300)),
        _style("Title", "Title", "Normal", f"<w:keepNext/>{_spaced(0, 120, 264)}", _bold(44)),
        _style("Author", "Author", "Normal", '<w:spacing w:after="0"/>', f'<w:color w:val="{SOFT}"/>'),
        _style("Date", "Date", "Normal", '<w:spacing w:after="360"/>', f'<w:color w:val="{SOFT}"/>'),
        _style(
            "BlockText", "Block Text", "BodyText",
            f'<w:pBdr>{_line("left", LINE, 18, 8)}</w:pBdr><w:ind w:left="340"/>', f'<w:color w:val="{SOFT}"/>',
        ),
        _style("Compact", "Compact", "BodyText", _spaced(20, 20, 264)),
        _style("Footer", "footer", "Normal", '<w:jc w:val="right"/>', f'<w:color w:val="{SOFT}"/><w:sz w:val="18"/>'),
        _part(_table()),
    ]  # fmt: skip
    made += [
        _style(
            f"Heading{level}", f"heading {level}", "Normal",
            f'<w:keepNext/><w:keepLines/>{_spaced(120 + size * 6, 100, 264)}<w:outlineLvl w:val="{level - 1}"/>',
            _bold(size), follows="BodyText",
        )
        for level, size in _SIZES.items()
    ]  # fmt: skip
    made += [
        _style(name, name, "BodyText", f'<w:jc w:val="{ {"justify": "both"}.get(align, align) }"/>')
        for align, name in ALIGNMENTS.items()
    ]
    made += [
        _style(
            CALLOUTS[tone], CALLOUTS[tone], "BodyText",
            f'<w:pBdr>{_line("left", border, 36, 8)}</w:pBdr>{_ground(ground)}<w:ind w:left="227"/>',
        )
        for tone, (border, ground) in TONES.items()
    ]  # fmt: skip
    made += [
        _part(
            f'<w:style w:type="character" w:customStyle="1" w:styleId="{HIGHLIGHTS[colour]}">'
            f'<w:name w:val="{HIGHLIGHTS[colour]}"/><w:rPr>{_ground(ground)}</w:rPr></w:style>'
        )
        for colour, ground in COLOURS.items()
    ]
    return made


def _table() -> str:
    borders = "".join(_line(side, LINE, 4, 0) for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    margins = "".join(f'<w:{side} w:w="90" w:type="dxa"/>' for side in ("top", "left", "bottom", "right"))
    return (
        '<w:style w:type="table" w:default="1" w:styleId="Table"><w:name w:val="Table"/>'
        f"<w:tblPr><w:tblBorders>{borders}</w:tblBorders><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>"
        f'<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr>{_ground(SHADE)}</w:tcPr>'
        "</w:tblStylePr></w:style>"
    )


def _spaced(before: int, after: int, line: int) -> str:
    """Room before and after in twentieths of a point, the height of a line in 240ths of its own."""
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="auto"/>'


def _bold(size: int) -> str:
    return f'{_FONT}<w:b/><w:color w:val="{INK}"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'


def _ground(colour: str) -> str:
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{colour}"/>'


def _line(side: str, colour: str, eighths: int, space: int) -> str:
    return f'<w:{side} w:val="single" w:sz="{eighths}" w:space="{space}" w:color="{colour}"/>'


def _style(identifier: str, name: str, parent: str, paragraph: str, run: str = "", *, follows: str = "") -> Any:
    after = f'<w:next w:val="{follows}"/>' if follows else ""
    return _part(
        f'<w:style w:type="paragraph" w:styleId="{identifier}"><w:name w:val="{name}"/><w:basedOn w:val="{parent}"/>'
        f"{after}<w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _part(xml: str) -> Any:
    return etree.fromstring(re.sub(r"^<([\w:]+)", rf'<\1 xmlns:w="{W}" xmlns:r="{R}"', xml))


def _parts(xml: str) -> list[Any]:
    return list(_part(f"<w:rPr>{xml}</w:rPr>"))


def _document(content: bytes) -> bytes:
    """A4, and the footer, in each section."""
    root = etree.fromstring(content)
    for section in root.iter(f"{{{W}}}sectPr"):
        section.insert(0, _part('<w:footerReference w:type="default" r:id="rIdFooter"/>'))
        for one in section.findall(f"{{{W}}}pgSz") + section.findall(f"{{{W}}}pgMar"):
            section.remove(one)
        notes = [
            index for index, one in enumerate(section) if one.tag in (f"{{{W}}}footnotePr", f"{{{W}}}footerReference")
        ]
        section.insert(notes[-1] + 1, _part('<w:pgSz w:w="11906" w:h="16838"/>'))
        section.insert(notes[-1] + 2, _part(_MARGINS))
    for table in root.iter(f"{{{W}}}tblW"):
        table.set(f"{{{W}}}type", "pct")
        table.set(f"{{{W}}}w", "5000")  # fiftieths of a percent: the width of the page
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _relations(content: bytes) -> bytes:
    said = f'<Relationship Type="{R}/footer" Id="rIdFooter" Target="footer1.xml"/></Relationships>'
    return content.replace(b"</Relationships>", said.encode())


def _types(content: bytes) -> bytes:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"
    return content.replace(b"</Types>", f'<Override PartName="/{FOOTER}" ContentType="{kind}"/></Types>'.encode())


def _field(name: str) -> str:
    return f'<w:fldSimple w:instr=" {name} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


PARTS: dict[str, Callable[[bytes], bytes]] = {
    "word/styles.xml": _styles,
    "word/document.xml": _document,
    "word/_rels/document.xml.rels": _relations,
    "[Content_Types].xml": _types,
}
MORE = {
    FOOTER: (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:ftr xmlns:w="{W}"><w:p><w:pPr>'
        f'<w:pStyle w:val="Footer"/></w:pPr>{_field("PAGE")}<w:r>'
        f'<w:t xml:space="preserve"> / </w:t></w:r>{_field("NUMPAGES")}</w:p></w:ftr>'
    ).encode()
}
