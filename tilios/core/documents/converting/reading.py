"""The tree of pandoc as ours. What has no place in ours is read for its words."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from tilios.core.documents.building.runs import tidy
from tilios.core.documents.schema import schema
from tilios.core.documents.tree import DEEPEST, Marks, Node, Run

Pictures = Callable[[str], int | None]
_MARKS = {
    "Strong": "bold", "Emph": "italic", "Underline": "underline", "Strikeout": "strike",
    "Superscript": "superscript", "Subscript": "subscript",
}  # fmt: skip
_ALIGN = {"AlignCenter": "center", "AlignRight": "right"}
_BOXES = {"☐": False, "☒": True, "☑": True, "[x]": True, "[X]": True}
_BOX = re.compile(r"^(?:[☐☒☑]|\[[xX ]\]) *")
_TONES = frozenset(schema().values["tone"])


def from_pandoc(document: dict[str, Any], pictures: Pictures) -> tuple[str, list[Node]]:
    """The title that a document of pandoc gives itself, and its blocks; always one at least."""
    reader = _Reader(pictures, _first_level(document["blocks"]))
    title = document["meta"].get("title", {})
    said = "".join(_plain(title.get("c", []))).strip() if title.get("t") == "MetaInlines" else ""
    return said, reader.blocks(document["blocks"], 0) or [Node("paragraph")]


def _first_level(blocks: list[Any]) -> int:
    return min((block["c"][0] for block in blocks if block["t"] == "Header"), default=1)


class _Reader:
    def __init__(self, pictures: Pictures, first_level: int) -> None:
        self.pictures, self.first_level = pictures, first_level

    def blocks(self, blocks: list[Any], depth: int) -> list[Node]:
        if depth > DEEPEST - 10:
            return []
        return [node for block in blocks for node in self._block(block, depth)]

    def _block(self, block: dict[str, Any], depth: int) -> list[Node]:
        content: Any = block.get("c")
        match block["t"]:
            case "Para" | "Plain":
                return self._paragraph(content, None)
            case "LineBlock":
                lines = [[*line, {"t": "LineBreak"}] for line in content]
                return self._paragraph([inline for line in lines for inline in line], None)
            case "Header":
                level = max(1, min(content[0] - self.first_level + 1, 4))
                return [Node("heading", {"level": level}, self.line(content[2], {}))]
            case "CodeBlock":
                language = content[0][1][0] if content[0][1] else None
                return [Node("codeBlock", {"language": language}, [Run(content[1])] if content[1] else [])]
            case "BlockQuote":
                return [Node("blockquote", {}, [*(self.blocks(content, depth + 1) or [Node("paragraph")])])]
            case "BulletList":
                return self._list(content, "bulletList", {}, depth)
            case "OrderedList":
                return self._list(content[1], "orderedList", {"start": content[0][0]}, depth)
            case "DefinitionList":
                return [node for term, defined in content for node in self._defined(term, defined, depth)]
            case "HorizontalRule":
                return [Node("horizontalRule")]
            case "Table":
                return self._table(content, depth)
            case "Figure":
                return self._figure(content, depth)
            case "Div":
                return self._div(content, depth)
            case "RawBlock":
                return [Node("pageBreak")] if 'w:type="page"' in content[1] or "data-page-break" in content[1] else []
        return []

    def _paragraph(self, inlines: list[Any], align: str | None) -> list[Node]:
        """A paragraph, then the pictures that stood in it: a picture is a block of its own."""
        pictures = list(_pictures_in(inlines))
        formulas = [one for one in inlines if one["t"] == "Math" and one["c"][0]["t"] == "DisplayMath"]
        if formulas and len(inlines) == len(formulas):
            return [Node("mathBlock", {"tex": one["c"][1]}) for one in formulas]
        children = self.line(inlines, {})
        parted = [child.text for child in children if isinstance(child, Run)] == ["\u00a0"]  # between two lists
        found = [Node("paragraph", {"align": align}, children)] if (children or not pictures) and not parted else []
        return found + [node for one in pictures for node in self._picture(one, "")]

    def _picture(self, image: dict[str, Any], caption: str) -> list[Node]:
        attributes, alt, (address, _title) = image["c"]
        number = self.pictures(address)
        if number is None:
            return []
        said = "".join(_plain(alt))
        values = {"file": number, "alt": said, "caption": caption, "width": _pixels(dict(attributes[2]).get("width"))}
        return [Node("image", values)]

    def _figure(self, content: Any, depth: int) -> list[Node]:
        _attributes, (_short, legend), blocks = content
        caption = " ".join("".join(_plain(block.get("c", []))) for block in legend if block["t"] in ("Para", "Plain"))
        inlines = [inline for block in blocks if block["t"] in ("Para", "Plain") for inline in block["c"]]
        pictures = list(_pictures_in(inlines))
        if not pictures:
            return self.blocks(blocks, depth + 1)
        return [node for one in pictures for node in self._picture(one, caption.strip())]

    def _div(self, content: Any, depth: int) -> list[Node]:
        (_name, classes, values), blocks = content
        style = dict(values).get("style", "")
        for align in ("center", "right", "justify"):
            if (f"align-{align}" in classes or f"text-align: {align}" in style) and len(blocks) == 1:
                block = blocks[0]
                if block["t"] in ("Para", "Plain"):
                    return self._paragraph(block["c"], align)
        if "figure" in classes:  # Markdown
            legends = [block["c"][1] for block in blocks if block["t"] == "Div" and "caption" in block["c"][0][1]]
            rest = [block for block in blocks if block["t"] != "Div"]
            return self._figure([None, [None, legends[0] if legends else []], rest], depth)
        tones = _TONES & set(classes)
        if "callout" in classes and tones:
            if len(blocks) == 1 and blocks[0]["t"] == "BlockQuote":
                blocks = blocks[0]["c"]
            return [
                Node("callout", {"tone": next(iter(tones))}, [*(self.blocks(blocks, depth + 1) or [Node("paragraph")])])
            ]
        return self.blocks(blocks, depth + 1)

    def _list(self, items: list[Any], kind: str, values: dict[str, Any], depth: int) -> list[Node]:
        boxes = [_box(item) for item in items]
        tasks = kind == "bulletList" and bool(items) and all(box is not None for box in boxes)
        made: list[Node | Run] = []
        for item, box in zip(items, boxes, strict=True):
            inside = self.blocks(item, depth + 1)
            if not inside or inside[0].kind != "paragraph":
                inside.insert(0, Node("paragraph"))
            if tasks:
                _without_box(inside[0])
                made.append(Node("taskItem", {"checked": bool(box)}, [*inside]))
            else:
                made.append(Node("listItem", {}, [*inside]))
        return [Node("taskList" if tasks else kind, values if not tasks else {}, made)] if made else []

    def _defined(self, term: list[Any], defined: list[Any], depth: int) -> list[Node]:
        head = Node("paragraph", {}, self.line(term, {"bold": {}}))
        return [head, *(node for blocks in defined for node in self.blocks(blocks, depth + 1))]

    def _table(self, content: Any, depth: int) -> list[Node]:
        _attributes, (_short, legend), _columns, head, bodies, foot = content
        rows = [(row, "tableHeader") for row in head[1]]
        for body in bodies:
            rows += [(row, "tableHeader") for row in body[2]] + [(row, "tableCell") for row in body[3]]
        rows += [(row, "tableCell") for row in foot[1]]
        made = [self._row(row, kind, depth) for row, kind in rows if row[1]]
        table = [Node("table", {}, [*made])] if made else []
        return [*self.blocks(legend, depth + 1), *table]

    def _row(self, row: Any, kind: str, depth: int) -> Node:
        cells: list[Node | Run] = []
        for _attributes, align, rowspan, colspan, blocks in row[1]:
            values = {"colspan": colspan, "rowspan": rowspan, "align": _ALIGN.get(align["t"])}
            cells.append(Node(kind, values, [*(self.blocks(blocks, depth + 1) or [Node("paragraph")])]))
        return Node("tableRow", {}, cells)

    # Inside a line --------------------------------------------------------------------------------------------------

    def line(self, inlines: list[Any], marks: Marks) -> list[Node | Run]:
        return tidy(self._inlines(inlines, marks))

    def _inlines(self, inlines: list[Any], marks: Marks) -> list[Node | Run]:
        return [child for inline in inlines for child in self._inline(inline, marks)]

    def _inline(self, inline: dict[str, Any], marks: Marks) -> list[Node | Run]:
        kind: str = inline["t"]
        content: Any = inline.get("c")
        if kind in _MARKS:
            return self._inlines(content, {**marks, _MARKS[kind]: {}})
        match kind:
            case "Str":
                return [Run(content, marks)]
            case "Space" | "SoftBreak":
                return [Run(" ", marks)]
            case "LineBreak":
                return [Node("hardBreak")]
            case "Code":
                return [Run(content[1], {**marks, "code": {}})]
            case "SmallCaps" | "Cite":
                return self._inlines(content if kind == "SmallCaps" else content[1], marks)
            case "Quoted":
                opening, closing = ("“", "”") if content[0]["t"] == "DoubleQuote" else ("‘", "’")
                return [Run(opening, marks), *self._inlines(content[1], marks), Run(closing, marks)]
            case "Link":
                safe = schema().is_safe(content[2][0]) and not content[2][0].startswith("#")
                return self._inlines(content[1], {**marks, "link": {"href": content[2][0]}} if safe else marks)
            case "Span":
                found = _span_marks(content[0])
                if "highlight" in marks:  # the colour is said by the span around
                    found.pop("highlight", None)
                return self._inlines(content[1], {**marks, **found})
            case "Math":
                return [Node("math", {"tex": content[1]})]
            case "Note":
                return [self._note(content)]
        return []

    def _note(self, blocks: list[Any]) -> Node:
        inlines = [inline for line in _lines_of(blocks) for inline in ({"t": "Space"}, *line)]
        allowed = schema().nodes["footnote"].marks
        runs = [child for child in self.line(inlines, {}) if isinstance(child, Run)]
        return Node(
            "footnote", {}, [Run(run.text, {n: v for n, v in run.marks.items() if n in allowed}) for run in runs]
        )


def _lines_of(blocks: list[Any]) -> Iterator[list[Any]]:
    """The lines of blocks, whatever they are in: a note indented by LibreOffice is a quotation for pandoc."""
    for block in blocks:
        kind, content = block["t"], block.get("c")
        if kind in ("Para", "Plain"):
            yield content
        elif kind == "BlockQuote":
            yield from _lines_of(content)
        elif kind == "Div":
            yield from _lines_of(content[1])
        elif kind in ("BulletList", "OrderedList"):
            for item in content if kind == "BulletList" else content[1]:
                yield from _lines_of(item)


def _span_marks(attributes: Any) -> Marks:
    _name, classes, values = attributes
    found: Marks = {}
    if "mark" in classes or "colour" in dict(values):
        found["highlight"] = {"colour": dict(values).get("colour", "yellow")}
    if "underline" in classes:
        found["underline"] = {}
    return found


def _plain(inlines: list[Any]) -> list[str]:
    """The characters of inlines, whatever they are."""
    found: list[str] = []
    for inline in inlines:
        kind, content = inline["t"], inline.get("c")
        if kind == "Str":
            found.append(content)
        elif kind in ("Space", "SoftBreak", "LineBreak"):
            found.append(" ")
        elif kind == "Code":
            found.append(content[1])
        elif isinstance(content, list):
            inside = content if kind in _MARKS or kind == "SmallCaps" else content[1] if len(content) > 1 else []
            if isinstance(inside, list) and all(isinstance(one, dict) and "t" in one for one in inside):
                found += _plain(inside)
    return found


def _pictures_in(inlines: list[Any]) -> list[dict[str, Any]]:
    found = []
    for inline in inlines:
        content = inline.get("c")
        if inline["t"] == "Image":
            found.append(inline)
        elif inline["t"] in _MARKS and isinstance(content, list):
            found += _pictures_in(content)
        elif inline["t"] in ("Link", "Span"):
            found += _pictures_in(content[1])
    return found


def _pixels(width: str | None) -> int | None:
    """A width of pandoc ("3.5in", "200px") at 96 pixels an inch; None for a share of the page."""
    for unit, each in (("px", 1.0), ("in", 96.0), ("cm", 96 / 2.54), ("mm", 9.6 / 2.54), ("pt", 96 / 72)):
        if width and width.endswith(unit):
            try:
                return max(1, min(round(float(width.removesuffix(unit)) * each), 4000))
            except ValueError:
                return None
    return None


def _box(item: list[Any]) -> bool | None:
    """Whether the item begins with a box that is ticked; None when it begins with no box."""
    if not item or item[0]["t"] not in ("Para", "Plain"):
        return None
    signs = [one.get("c", " ") for one in item[0]["c"][:3]]
    if signs == ["[", " ", "]"]:  # as Markdown writes it
        return False
    return _BOXES.get(signs[0]) if signs and isinstance(signs[0], str) else None


def _without_box(paragraph: Node) -> None:
    first = paragraph.children[0] if paragraph.children else None
    if isinstance(first, Run):
        first.text = _BOX.sub("", first.text)
        paragraph.children = [child for child in paragraph.children if isinstance(child, Node) or child.text]
