"""The lines of a pad as our tree. A line that is a heading or an item begins with a `*` that says so."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from tilios.core.documents.converting.etherpad.changesets import Attributes, Pad, joined
from tilios.core.documents.schema import schema
from tilios.core.documents.tree import Marks, Node, Run

_MARKS = {"bold": "bold", "italic": "italic", "underline": "underline", "strikethrough": "strike", "code": "code"}
_MARKS |= {"sup": "superscript", "sub": "subscript", "superscript": "superscript", "subscript": "subscript"}
_LIST = re.compile(r"(bullet|number|indent|task)(\d{1,2})$")
_HEADING = re.compile(r"h([1-6])$")
_ADDRESS = re.compile(r"https?://[^\s<>\"«»]*[^\s<>\"«».,;:!?)\]']")
_KINDS = {"bullet": "bulletList", "number": "orderedList"}
DEEPEST = 16  # levels of a list, as in Etherpad


@dataclass
class Said(Run):
    """Characters that one author wrote: `author` is the identifier that Etherpad gives them, or nothing."""

    author: str = ""


def blocks(pad: Pad) -> list[Node]:
    """The blocks of a pad. Lines that follow one another are one paragraph; an empty one ends it."""
    builder = _Builder()
    for text, attributes in _lines(pad):
        builder.line(pad, text, attributes)
    return builder.found or [Node("paragraph")]


def _lines(pad: Pad) -> Iterator[tuple[list[str], list[Attributes]]]:
    begins = 0
    for at, unit in enumerate(pad.text):
        if unit == "\n":
            yield pad.text[begins:at], pad.attributes[begins:at]
            begins = at + 1
    if begins < len(pad.text):
        yield pad.text[begins:], pad.attributes[begins:]


class _Builder:
    def __init__(self) -> None:
        self.found: list[Node] = []
        self.lists: list[tuple[int, Node]] = []  # those that are open, with their level
        self.paragraph: Node | None = None

    def line(self, pad: Pad, text: list[str], attributes: list[Attributes]) -> None:
        said = dict(pad.pool[number] for number in attributes[0]) if attributes else {}
        marker = text[:1] == ["*"] and ("lmkr" in said or "list" in said or "heading" in said)
        if marker:
            text, attributes = text[1:], attributes[1:]
        children = list(_runs(pad, text, attributes))
        listed = _LIST.match(said.get("list", "")) if marker else None
        heading = _heading(said) if marker else 0
        if listed and listed[1] in ("bullet", "number", "task"):
            self.paragraph = None
            self._item(listed[1], min(int(listed[2]), DEEPEST), children, said)
        elif listed and self.lists:  # indented, below an item
            self.lists[-1][1].children[-1].children.append(Node("paragraph", {}, [*children]))  # type: ignore[union-attr]
        elif heading:
            self.lists, self.paragraph = [], None
            self.found.append(Node("heading", {"level": min(heading, 4), "align": said.get("align")}, [*children]))
        elif not children:
            self.lists, self.paragraph = [], None
        elif self.paragraph is None or (marker and said.get("align")):
            self.lists = []
            self.paragraph = Node("paragraph", {"align": said.get("align")}, [*children])
            self.found.append(self.paragraph)
        else:
            self.paragraph.children += [Node("hardBreak"), *children]

    def _item(self, kind: str, level: int, children: list[Said], said: dict[str, str]) -> None:
        done = said.get("tasklist-done") == "true"
        tasks = kind == "task" or done or said.get("tasklist-not-done") == "true"
        name = "taskList" if tasks else _KINDS[kind]
        while self.lists and (
            self.lists[-1][0] > level or (self.lists[-1][0] == level and self.lists[-1][1].kind != name)
        ):
            self.lists.pop()
        if not self.lists or self.lists[-1][0] < level:
            start = said.get("start", "")
            values = {"start": int(start)} if name == "orderedList" and start.isdecimal() and len(start) < 9 else {}
            made = Node(name, values)
            if self.lists:
                self.lists[-1][1].children[-1].children.append(made)  # type: ignore[union-attr]
            else:
                self.found.append(made)
            self.lists.append((level, made))
        paragraph = Node("paragraph", {}, [*children])
        item = Node("taskItem", {"checked": done}, [paragraph]) if tasks else Node("listItem", {}, [paragraph])
        self.lists[-1][1].children.append(item)


def _heading(said: dict[str, str]) -> int:
    found = _HEADING.match(said.get("heading", ""))
    if found:
        return int(found[1])
    return next((level for level in range(1, 7) if said.get(f"heading{level}") == "true"), 0)


def _runs(pad: Pad, text: list[str], attributes: list[Attributes]) -> Iterator[Said]:
    """The runs of a line; an address in it is a link, as Etherpad shows it."""
    at = 0
    links = [0] * len(text)
    whole = "".join(text)  # half pairs included: places stay those of Etherpad
    for number, found in enumerate(_ADDRESS.finditer(whole), 1):
        links[found.start() : found.end()] = [number] * (found.end() - found.start())
    for (held, link), group in groupby(zip(attributes, links, strict=True)):
        size = len(list(group))
        characters = joined(text[at : at + size]).replace("\x0c", "")
        said = dict(pad.pool[number] for number in held)
        marks = _marks(said)
        if link and "link" not in marks:
            begins, ends = links.index(link), len(links) - links[::-1].index(link)
            marks["link"] = {"href": joined(text[begins:ends])}
        at += size
        if characters:
            yield Said(characters, marks, said.get("author", ""))


def _marks(said: dict[str, str]) -> Marks:
    marks: Marks = {_MARKS[name]: {} for name, value in said.items() if name in _MARKS and value == "true"}
    address = said.get("url") or said.get("link") or ""
    if address and schema().is_safe(address) and not address.startswith("#"):
        marks["link"] = {"href": address}
    return marks
