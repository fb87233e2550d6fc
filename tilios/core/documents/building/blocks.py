"""Elements into blocks: paragraphs, headings, lists, tables, pictures."""

import re
from collections.abc import Callable
from typing import Any

from tilios.core.documents.building import cleaning, pasted
from tilios.core.documents.building.runs import characters, marks_of, small, styles, tidy
from tilios.core.documents.schema import schema
from tilios.core.documents.tree import DEEPEST, Marks, Node, Run

Pictures = Callable[[str], int | None]
_WRAPPERS = {"div", "section", "article", "main", "header", "footer", "nav", "center", "figure", "details", "label"}
_WRAPPERS |= {"body", "dl", "aside", "tbody", "thead", "tfoot"}
_HEADING = re.compile(r"h[1-6]$")
_ROWS = {"tr"}


def build(html: str, pictures: Pictures | None = None) -> list[Node]:
    """The blocks of `html`; always one at least. Raises cleaning.TooMuch."""
    root = cleaning.clean(html)
    pasted.untangle(root)
    builder = _Builder(root, pictures or (lambda _address: None))
    return builder.blocks(root, {}) or [Node("paragraph")]


class _Builder:
    def __init__(self, root: Any, pictures: Pictures) -> None:
        self.pictures = pictures
        self.notes = pasted.notes(root)
        self.depth = 0
        # Headings are moved up so that the first level used is the first of ours, whatever page they came from.
        levels = [int(one.tag[1]) for one in root.iter() if isinstance(one.tag, str) and _HEADING.match(one.tag)]
        self.first_level = min(levels, default=1)

    def blocks(self, element: Any, marks: Marks) -> list[Node]:
        """The blocks in `element`; what stands loose in it becomes paragraphs."""
        found: list[Node] = []
        line: list[Node | Run] = []

        def end() -> None:
            children = tidy(line)
            if children:
                found.append(Node("paragraph", {}, children))
            line.clear()

        self.depth += 1
        if self.depth <= DEEPEST - 10:
            line += characters(element.text, marks)
            for child in element:
                if not isinstance(child.tag, str):
                    line += characters(child.tail, marks)
                    continue
                made = self._block(child, marks)
                if made is None:
                    line += self.inline(child, marks)
                else:
                    end()
                    found += made
                line += characters(child.tail, marks)
        self.depth -= 1
        end()
        return found

    def _block(self, element: Any, marks: Marks) -> list[Node] | None:
        """The blocks that `element` is; None where it stands in a line."""
        name, data = element.tag, element.attrib
        if "data-embed" in data:
            target = data.get("data-target", "")
            values = {"kind": data["data-embed"], "target": int(target) if target.isdecimal() else 0}
            return [Node("embed", {**values, "label": element.text_content().strip()[:300]})]
        if name == "div" and "data-math" in data:
            return [Node("mathBlock", {"tex": data["data-math"]})]
        if _HEADING.match(name):
            level = min(int(name[1]) - self.first_level + 1, 4)
            return [Node("heading", {"level": level, "align": _align(element)}, self.line(element, {}))]
        if name == "p":
            return self._paragraph(element, marks)
        if name in ("ul", "ol"):
            return self._list(element, marks)
        if name == "table":
            return self._table(element, marks)
        if name == "pre":
            return [Node("codeBlock", {}, [Run(element.text_content().strip("\n"))])]
        if name == "hr":
            return [Node("pageBreak" if "data-page-break" in data else "horizontalRule")]
        if name == "blockquote":
            return [Node("blockquote", {}, [*(self.blocks(element, marks) or [Node("paragraph")])])]
        if name == "aside" and "data-tone" in data:
            inside = self.blocks(element, marks) or [Node("paragraph")]
            return [Node("callout", {"tone": data["data-tone"]}, [*inside])]
        if name == "img":
            return self._picture(element, element.get("alt") or "", "")
        if name == "figure":
            return self._figure(element, marks)
        if name in _WRAPPERS or (name in ("span", "b", "font", "a") and _holds_blocks(element)):
            return self.blocks(element, marks_of(element, marks))
        if name in ("dt", "summary"):
            return [Node("paragraph", {}, self.line(element, {**marks, "bold": {}}))]
        if name in ("dd", "li", "figcaption", "caption"):
            return self.blocks(element, marks)
        return None

    def _paragraph(self, element: Any, marks: Marks) -> list[Node]:
        """A paragraph; the pictures in it stand beside it, since a picture is a block of its own."""
        pictures = list(element.iter("img"))
        attached = element.find(".//a[@data-file]")
        if attached is not None and attached.get("data-file", "").isdecimal():
            values = {"file": int(attached.get("data-file")), "name": attached.text_content().strip()}
            return [Node("file", values)]
        found: list[Node] = []
        children = self.line(element, marks)
        if children or not pictures:
            found.append(Node("paragraph", {"align": _align(element)}, children))
        for one in pictures:
            found += self._picture(one, one.get("alt") or "", "")
        broken = styles(element).get("page-break-before") or styles(element).get("break-before")
        return [Node("pageBreak"), *found] if broken in ("always", "page") else found

    def _picture(self, element: Any, alt: str, caption: str) -> list[Node]:
        number = self.pictures(element.get("src") or "")
        if number is None:
            return []
        width = (element.get("width") or "").removesuffix("px")
        values = {"file": number, "alt": alt, "caption": caption}
        return [Node("image", {**values, "width": int(width) if width.isdecimal() else None})]

    def _figure(self, element: Any, marks: Marks) -> list[Node]:
        picture, legend = element.find(".//img"), element.find(".//figcaption")
        if picture is None:
            return self.blocks(element, marks)
        caption = legend.text_content().strip() if legend is not None else ""
        number = element.get("data-file", "")
        if number.isdecimal():  # one of ours, that has come back
            values = {"file": int(number), "alt": picture.get("alt") or "", "caption": caption}
            return [Node("image", values)]
        alt = picture.get("alt") or ""
        return self._picture(picture, "" if alt == caption else alt, caption)

    def _list(self, element: Any, marks: Marks) -> list[Node]:
        tasks = element.get("data-type") == "taskList" or pasted.is_task_list(element)
        kind = "taskList" if tasks else "orderedList" if element.tag == "ol" else "bulletList"
        items: list[Node] = []
        for child in element:
            if child.tag == "li":
                inside = self.blocks(child, marks)
                if not inside or inside[0].kind != "paragraph":
                    inside.insert(0, Node("paragraph"))
                done = {"checked": pasted.is_checked(child)} if tasks else {}
                items.append(Node("taskItem" if tasks else "listItem", done, [*inside]))
            elif child.tag in ("ul", "ol") and items:  # a list beside the item it belongs to
                items[-1].children += self._list(child, marks)
            elif isinstance(child.tag, str) and child.text_content().strip():
                inside = self.blocks(child, marks)
                items.append(Node("taskItem" if tasks else "listItem", {}, [Node("paragraph"), *inside]))
        start = element.get("start") or "1"
        values = {"start": int(start)} if kind == "orderedList" and start.isdecimal() else {}
        return [Node(kind, values, [*items])] if items else []

    def _table(self, element: Any, marks: Marks) -> list[Node]:
        rows = []
        for row in element.iter("tr"):
            if next(row.iterancestors("table")) is not element:
                continue  # of a table inside this one
            cells = []
            for cell in row:
                if cell.tag in ("td", "th"):
                    kind = "tableHeader" if cell.tag == "th" or row.getparent().tag == "thead" else "tableCell"
                    spans = {name: int(cell.get(name)) for name in ("colspan", "rowspan") if _is_span(cell.get(name))}
                    inside = self.blocks(cell, marks) or [Node("paragraph")]
                    cells.append(Node(kind, {**spans, "align": _align(cell)}, [*inside]))
            if cells:
                rows.append(Node("tableRow", {}, [*cells]))
        legend = element.find("caption")
        before = [Node("paragraph", {}, self.line(legend, {"bold": {}}))] if legend is not None else []
        return [*before, Node("table", {}, [*rows])] if rows else before

    # Inside a line --------------------------------------------------------------------------------------------------

    def line(self, element: Any, marks: Marks) -> list[Node | Run]:
        """What `element` holds, as one line."""
        return tidy(list(self._inside(element, marks_of(element, marks) if element.tag == "p" else marks)))

    def inline(self, element: Any, marks: Marks) -> list[Node | Run]:
        """`element` and what it holds, as a part of a line."""
        note = self.notes.get(pasted.note_called(element))
        if note is not None:
            return [Node("footnote", {}, [run for run in self._note(note) if isinstance(run, Run)])]
        if "data-footnote" in element.attrib:
            return [Node("footnote", {}, [run for run in self._note(element) if isinstance(run, Run)])]
        node = small(element)
        if node is not None:
            return [node]
        if element.tag in ("img", "input"):
            return []
        return self._inside(element, marks_of(element, marks))

    def _note(self, element: Any) -> list[Node | Run]:
        allowed = schema().nodes["footnote"].marks
        runs = tidy(self._inside(element, {}))
        for run in runs:
            if isinstance(run, Run):
                run.marks = {name: values for name, values in run.marks.items() if name in allowed}
        return runs

    def _inside(self, element: Any, marks: Marks) -> list[Node | Run]:
        found: list[Node | Run] = list(characters(element.text, marks))
        self.depth += 1
        if self.depth <= DEEPEST * 3:
            for child in element:
                if isinstance(child.tag, str):
                    found += self.inline(child, marks)
                found += characters(child.tail, marks)
        self.depth -= 1
        return found


def _align(element: Any) -> str | None:
    given = element.get("data-align") or styles(element).get("text-align") or (element.get("align") or "").lower()
    return given if given in schema().values["align"] else None


def _is_span(value: str | None) -> bool:
    return value is not None and value.isdecimal() and 1 <= int(value) <= 100


def _holds_blocks(element: Any) -> bool:
    return any(child.tag in ("p", "div", "ul", "ol", "table", "h1", "h2", "h3", "blockquote") for child in element)
