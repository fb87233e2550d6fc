"""What stands in a line: characters with their marks, and the small nodes between them."""

import re
from collections.abc import Iterator
from typing import Any

from tilios.core.documents.schema import schema
from tilios.core.documents.tree import Marks, Node, Run

_TAGS = {
    "strong": "bold",
    "b": "bold",
    "em": "italic",
    "i": "italic",
    "cite": "italic",
    "dfn": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strike",
    "strike": "strike",
    "del": "strike",
    "code": "code",
    "kbd": "code",
    "samp": "code",
    "tt": "code",
    "sub": "subscript",
    "sup": "superscript",
    "mark": "highlight",
}
_SPACES = re.compile(r"[ \t\r\n\f]+")
_STYLE = re.compile(r"([\w-]+)\s*:\s*([^;]+)")
_BOLD = re.compile(r"bold|[6-9]00")


def styles(element: Any) -> dict[str, str]:
    """The declarations of its `style`, in lower case."""
    return {name.lower(): value.strip().lower() for name, value in _STYLE.findall(element.get("style") or "")}


def marks_of(element: Any, held: Marks) -> Marks:
    """`held`, with what `element` adds or takes away."""
    marks = dict(held)
    name, data = element.tag, element.attrib
    if "data-suggestion" in data and name in ("ins", "del"):
        marks["added" if name == "ins" else "removed"] = {"suggestion": data["data-suggestion"], "by": "", "at": ""}
    elif name == "mark":
        marks["highlight"] = {"colour": data.get("data-colour", "yellow")}
    elif name in _TAGS:
        marks[_TAGS[name]] = {}
    if name == "a" and schema().is_safe(data.get("href")) and not data["href"].startswith("#"):
        marks["link"] = {"href": data["href"].strip()}
    return _styled(styles(element), marks)


def _styled(style: dict[str, str], marks: Marks) -> Marks:
    weight, line = (
        style.get("font-weight", ""),
        style.get("text-decoration", "") + style.get("text-decoration-line", ""),
    )
    if _BOLD.search(weight):
        marks["bold"] = {}
    elif weight in ("normal", "400", "lighter"):
        marks.pop("bold", None)  # Google Docs wraps everything in <b style="font-weight:normal">
    if style.get("font-style", "").startswith(("italic", "oblique")):
        marks["italic"] = {}
    elif style.get("font-style") == "normal":
        marks.pop("italic", None)
    if "underline" in line and "link" not in marks:
        marks["underline"] = {}
    if "line-through" in line:
        marks["strike"] = {}
    if style.get("vertical-align") in ("super", "sub"):
        marks["superscript" if style["vertical-align"] == "super" else "subscript"] = {}
    return marks


def characters(text: str | None, marks: Marks) -> Iterator[Run]:
    """A run of `text`, its white space as HTML reads it."""
    if text:
        yield Run(_SPACES.sub(" ", text), marks)


def small(element: Any) -> Node | None:
    """The node of the line that `element` is, if it is one of ours."""
    data = element.attrib
    if element.tag == "br":
        return Node("hardBreak")
    if "data-mention" in data and data["data-mention"].isdecimal():
        label = element.text_content().strip().removeprefix("@")
        return Node("mention", {"person": int(data["data-mention"]), "label": label[:200]})
    if element.tag == "span" and "data-math" in data:
        return Node("math", {"tex": data["data-math"]})
    if element.tag == "span" and "math" in (data.get("class") or "").split():  # pandoc
        return Node("math", {"tex": element.text_content().strip().removeprefix("\\(").removesuffix("\\)")})
    return None


def tidy(children: list[Node | Run]) -> list[Node | Run]:
    """Runs of the same marks put together; no space at the edges of a line, nor two that follow one another."""
    found: list[Node | Run] = []
    for child in children:
        last = found[-1] if found else None
        if isinstance(child, Node):
            if child.kind == "hardBreak" and isinstance(last, Run):
                last.text = last.text.rstrip(" ")
            found.append(child)
            continue
        begins = last is None or (isinstance(last, Run) and last.text.endswith(" "))
        begins = begins or (isinstance(last, Node) and last.kind == "hardBreak")
        text = child.text.lstrip(" ") if begins else child.text
        if isinstance(last, Run) and last.marks == child.marks:
            last.text += text
        elif text:
            found.append(Run(text, child.marks))
    if found and isinstance(found[-1], Run):
        found[-1].text = found[-1].text.rstrip(" ")
    while found and ((isinstance(found[-1], Run) and not found[-1].text) or _is_break(found[-1])):
        found.pop()
    return [child for child in found if isinstance(child, Node) or child.text]


def _is_break(child: Node | Run) -> bool:
    return isinstance(child, Node) and child.kind == "hardBreak"
