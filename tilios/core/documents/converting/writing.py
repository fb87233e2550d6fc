"""Our tree as the tree of pandoc (https://hackage.haskell.org/package/pandoc-types, API 1.23)."""

import base64
import re
from collections.abc import Callable
from typing import Any

from tilios.core.documents.converting import styles
from tilios.core.documents.tree import Node, Run

API = [1, 23, 1]
Picture = Callable[[int], tuple[bytes, str] | None]  # number of the attachment: its bytes, its media type
_MARKS = {
    "bold": "Strong", "italic": "Emph", "underline": "Underline", "strike": "Strikeout",
    "superscript": "Superscript", "subscript": "Subscript",
}  # fmt: skip
_PIECES = re.compile(r"[ \t\n]+|[^ \t\n]+")
_ALIGN = {"center": "AlignCenter", "right": "AlignRight"}
_NARROWEST, _WIDEST = 14, 60  # characters of a column that count
EMPTY = ["", [], []]


def to_pandoc(
    doc: Node, *, title: str, author: str, language: str, date: str, picture: Picture, styled: bool = False
) -> dict[str, Any]:
    """The document of pandoc that says what `doc` says; `styled` for office documents, whose styles have names."""
    said = {"title": title, "author": author, "date": date, "lang": language}
    meta = {name: {"t": "MetaInlines", "c": _words(value)} for name, value in said.items() if value}
    return {"pandoc-api-version": API, "meta": meta, "blocks": _Writer(picture, styled).blocks(doc)}


class _Writer:
    def __init__(self, picture: Picture, styled: bool) -> None:
        self.picture, self.styled = picture, styled

    def blocks(self, node: Node) -> list[Any]:
        return [block for child in node.nodes() for block in self._block(child)]

    def _block(self, node: Node) -> list[Any]:
        match node.kind:
            case "paragraph":
                return [self._aligned(node, {"t": "Para", "c": self.line(node)})]
            case "heading":
                return [{"t": "Header", "c": [node.attributes["level"], EMPTY, self.line(node)]}]
            case "blockquote":
                return [{"t": "BlockQuote", "c": self.blocks(node)}]
            case "callout":
                return [self._callout(node)]
            case "codeBlock":
                language = [node.attributes["language"]] if node.attributes["language"] else []
                return [{"t": "CodeBlock", "c": [["", language, []], node.words()]}]
            case "bulletList":
                return [{"t": "BulletList", "c": [self.blocks(item) for item in node.nodes()]}]
            case "orderedList":
                style = [node.attributes["start"], {"t": "Decimal"}, {"t": "Period"}]
                return [{"t": "OrderedList", "c": [style, [self.blocks(item) for item in node.nodes()]]}]
            case "taskList":
                return [{"t": "BulletList", "c": [self._task(item) for item in node.nodes()]}]
            case "table":
                return [self._table(node)]
            case "horizontalRule":
                return [{"t": "HorizontalRule"}]
            case "pageBreak":
                return _page_break()
            case "image":
                return self._image(node)
            case "file":
                return [{"t": "Para", "c": _words(node.attributes["name"])}]
            case "embed":
                return [{"t": "Para", "c": _words(node.attributes["label"])}]
            case "mathBlock":
                return [{"t": "Para", "c": [{"t": "Math", "c": [{"t": "DisplayMath"}, node.attributes["tex"]]}]}]
        return []

    def _callout(self, node: Node) -> dict[str, Any]:
        """A call-out is a quotation where styles have no names."""
        tone = node.attributes["tone"]
        if self.styled:
            return _named(styles.CALLOUTS[tone], self.blocks(node))
        quoted = [{"t": "BlockQuote", "c": self.blocks(node)}]
        return {"t": "Div", "c": [["", ["callout", tone], []], quoted]}

    def _aligned(self, node: Node, block: dict[str, Any]) -> dict[str, Any]:
        align = node.attributes["align"]
        if not align:
            return block
        if self.styled:
            return _named(styles.ALIGNMENTS[align], [block])
        return {"t": "Div", "c": [["", [f"align-{align}"], [["style", f"text-align: {align}"]]], [block]]}

    def _task(self, item: Node) -> list[Any]:
        sign = "☒" if item.attributes["checked"] else "☐"
        blocks = self.blocks(item)
        if blocks and blocks[0]["t"] == "Para":
            blocks[0] = {"t": "Plain", "c": [{"t": "Str", "c": sign}, {"t": "Space"}, *blocks[0]["c"]]}
        return blocks

    def _image(self, node: Node) -> list[Any]:
        found = self.picture(node.attributes["file"])
        alt, caption = node.attributes["alt"], node.attributes["caption"]
        if found is None:
            return [{"t": "Para", "c": _words(caption or alt)}] if caption or alt else []
        data, media_type = found
        address = f"data:{media_type};base64,{base64.b64encode(data).decode()}"
        width = node.attributes["width"]
        size = [["width", f"{width}px"]] if isinstance(width, int) else []
        image = {"t": "Image", "c": [["", [], size], _words(alt), [address, ""]]}
        if not caption:
            return [{"t": "Para", "c": [image]}]
        legend = [None, [{"t": "Plain", "c": _words(caption)}]]
        return [{"t": "Figure", "c": [EMPTY, legend, [{"t": "Plain", "c": [image]}]]}]

    def _table(self, node: Node) -> dict[str, Any]:
        rows = list(node.nodes())
        heads = 0
        for row in rows:
            if not all(cell.kind == "tableHeader" for cell in row.nodes()):
                break
            heads += 1
        # A table of headers alone has no body to read: its rows are the body.
        heads = 0 if heads == len(rows) else heads
        columns = max((sum(cell.attributes["colspan"] for cell in row.nodes()) for row in rows), default=1)
        widths = [[{"t": "AlignDefault"}, width] for width in self._widths(rows, max(columns, 1))]
        body = [EMPTY, 0, [], [self._row(row) for row in rows[heads:]]]
        head = [EMPTY, [self._row(row) for row in rows[:heads]]]
        return {"t": "Table", "c": [EMPTY, [None, []], widths, head, [body], [EMPTY, []]]}

    def _widths(self, rows: list[Node], columns: int) -> list[dict[str, Any]]:
        """The share of each column: office documents have none of their own, and would give all the same."""
        plain = all(
            cell.attributes["colspan"] == 1 == cell.attributes["rowspan"] for row in rows for cell in row.nodes()
        )
        if not self.styled or not plain:
            return [{"t": "ColWidthDefault"}] * columns
        longest = [_NARROWEST] * columns
        for row in rows:
            for index, cell in enumerate(row.nodes()):
                longest[index] = max(longest[index], min(len(cell.words()), _WIDEST))
        return [{"t": "ColWidth", "c": length / sum(longest)} for length in longest]

    def _row(self, row: Node) -> list[Any]:
        cells = []
        for cell in row.nodes():
            align = {"t": _ALIGN.get(cell.attributes["align"], "AlignDefault")}
            spans = max(cell.attributes["rowspan"], 1), max(cell.attributes["colspan"], 1)
            cells.append([EMPTY, align, *spans, self._cell(cell)])
        return [EMPTY, cells]

    def _cell(self, cell: Node) -> list[Any]:
        blocks = self.blocks(cell)
        if len(blocks) == 1 and blocks[0]["t"] == "Para":
            return [{"t": "Plain", "c": blocks[0]["c"]}]
        return blocks

    # Inside a line --------------------------------------------------------------------------------------------------

    def line(self, node: Node) -> list[Any]:
        found: list[Any] = []
        for child in node.children:
            if isinstance(child, Run):
                if "added" not in child.marks:  # what is only suggested is not said yet
                    found += _marked(child, styled=self.styled)
            else:
                found += self._small(child)
        return found

    def _small(self, node: Node) -> list[Any]:
        match node.kind:
            case "hardBreak":
                return [{"t": "LineBreak"}]
            case "mention":
                return _words(f"@{node.attributes['label']}")
            case "math":
                return [{"t": "Math", "c": [{"t": "InlineMath"}, node.attributes["tex"]]}]
            case "footnote":
                return [{"t": "Note", "c": [{"t": "Para", "c": self.line(node)}]}]
        return []


def _named(style: str, blocks: list[Any]) -> dict[str, Any]:
    return {"t": "Div", "c": [["", [], [["custom-style", style]]], blocks]}


def _page_break() -> list[Any]:
    word = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
    return [
        {"t": "RawBlock", "c": ["openxml", word]},
        {"t": "RawBlock", "c": ["opendocument", '<text:p text:style-name="PageBreak"/>']},
        {"t": "RawBlock", "c": ["html", '<hr class="page-break" data-page-break="" />']},
    ]


def _words(text: str) -> list[Any]:
    """Words and spaces; a space that may not break stays in its word."""
    found: list[Any] = []
    for piece in _PIECES.findall(text):
        found.append({"t": "Space"} if piece[0] in " \t\n" else {"t": "Str", "c": piece})
    return found


def _marked(run: Run, *, styled: bool) -> list[Any]:
    marks = run.marks
    inside = [{"t": "Code", "c": [EMPTY, run.text]}] if "code" in marks else _words(run.text)
    if not inside:
        return []
    for name, kind in _MARKS.items():
        if name in marks:
            inside = [{"t": kind, "c": inside}]
    if "highlight" in marks and styled:
        name = styles.HIGHLIGHTS[marks["highlight"]["colour"]]
        inside = [{"t": "Span", "c": [["", [], [["custom-style", name]]], inside]}]
    elif "highlight" in marks:
        # docx knows a span of this class alone: the colour is a span around it.
        inside = [{"t": "Span", "c": [["", ["mark"], []], inside]}]
        if marks["highlight"]["colour"] != "yellow":
            inside = [{"t": "Span", "c": [["", [], [["colour", marks["highlight"]["colour"]]]], inside]}]
    if "link" in marks:
        inside = [{"t": "Link", "c": [EMPTY, inside, [marks["link"]["href"], ""]]}]
    return inside
