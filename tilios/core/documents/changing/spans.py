"""What stands in a line of the plain form: characters, the signs around them, what is named by its code."""

import copy
import re
from typing import Any

from tilios.core.documents.changing.signs import KEPT, LINK, SIGNS, TAG, TAGS, Kept
from tilios.core.documents.schema import schema
from tilios.core.documents.tree import Node, Run

MOST_OPEN = 40  # signs that wait for the one that closes them
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~ ])|\\(?=\n|$)")
_CODE = re.compile(r"`([^`\n]+)`")
_SIGN = re.compile(r"\*\*|\*|~~")
_SPECIAL = re.compile(r"[\\`\[\]<^*~\n]")
_BY_SIGN = {sign: name for name, sign in SIGNS.items()}
_BY_TAG = {tag: name for name, tag in TAGS.items()}


def line(text: str, kept: Kept) -> list[Node | Run]:
    """What stands in a line, runs of the same marks put together."""
    found: list[Node | Run] = []
    for child in _Line(text, kept).children:
        last = found[-1] if found else None
        if isinstance(child, Run) and isinstance(last, Run) and last.marks == child.marks:
            last.text += child.text
        elif isinstance(child, Node) or child.text:
            found.append(child)
    return found


class _Line:
    """Reads from left to right; `open` holds the signs that wait for their end, and where they stand."""

    def __init__(self, text: str, kept: Kept) -> None:
        self.text, self.kept, self.at = text, kept, 0
        self.children: list[Node | Run] = []
        self.open: list[tuple[str, int, dict[str, Any]]] = []
        while self.at < len(text):
            self._next()

    def _next(self) -> None:
        text, at = self.text, self.at
        special = _SPECIAL.search(text, at)
        if special is None or special.start() > at:
            self._say(text[at : special.start() if special else len(text)])
        elif text[at] == "\n":
            self._put(Node("hardBreak"), 1)
        elif found := _ESCAPED.match(text, at):
            self._say(found[1] or "", len(found[0]))
        elif (found := KEPT.match(text, at)) and isinstance(self.kept.get(found[1]), Node):
            self._put(copy.deepcopy(self.kept[found[1]]), len(found[0]))  # type: ignore[arg-type]
        elif found := _CODE.match(text, at):
            self.children.append(Run(found[1], {"code": {}}))
            self.at = found.end()
        elif found := TAG.match(text, at):
            self._tag(found)
        elif text.startswith("^[", at):
            self._begin("^[", {})
        elif text[at] == "[":
            self._begin("[", {})
        elif text[at] == "]":
            self._bracket()
        elif found := _SIGN.match(text, at):
            self._sign(found[0])
        else:
            self._say(text[at])

    def _say(self, text: str, length: int | None = None) -> None:
        self.children.append(Run(text))
        self.at += len(text) if length is None else length

    def _put(self, node: Node, length: int) -> None:
        self.children.append(node)
        self.at += length

    def _begin(self, sign: str, marks: dict[str, Any]) -> None:
        if len(self.open) < MOST_OPEN:
            self.open.append((sign, len(self.children), marks))
        self._say(sign)

    def _end(self, sign: str, length: int) -> tuple[list[Node | Run], dict[str, Any]] | None:
        """What stands since the last `sign` that waits, taken away with it; the signs between stay as characters."""
        place = next((index for index in reversed(range(len(self.open))) if self.open[index][0] == sign), None)
        if place is None:
            return None
        _sign, begins, marks = self.open[place]
        inside = self.children[begins + 1 :]
        del self.open[place:], self.children[begins:]
        self.at += length
        return inside, marks

    def _close(self, sign: str, length: int, marks: dict[str, Any] | None = None) -> bool:
        ended = self._end(sign, length)
        if ended is None:
            return False
        inside, begun = ended
        for child in inside:
            if isinstance(child, Run):
                child.marks = {**child.marks, **copy.deepcopy(begun if marks is None else marks)}
        self.children += inside
        return True

    def _sign(self, sign: str) -> None:
        text, at = self.text, self.at
        before, after = text[at - 1 : at] if at else "", text[at + len(sign) : at + len(sign) + 1]
        if before.strip() and self._close(sign, len(sign), {_BY_SIGN[sign]: {}}):
            return
        if after.strip():
            self._begin(sign, {})
        else:
            self._say(sign)

    def _tag(self, found: re.Match[str]) -> None:
        closing, tag, value = found.groups()
        if tag == "br" and not closing:
            self._put(Node("hardBreak"), len(found[0]))
            return
        name = _BY_TAG.get(tag, "")
        marks = self._marks(name, value)
        if closing and self._close(f"<{tag}", len(found[0])):
            return
        if not closing and marks is not None:
            self._begin(f"<{tag}", marks)
            self.children[-1] = Run(found[0])
            self.at += len(found[0]) - len(tag) - 1
        else:
            self._say(found[0])

    def _marks(self, name: str, value: str | None) -> dict[str, Any] | None:
        """The mark that a tag begins; None for a tag that means nothing here."""
        if name in ("added", "removed"):
            kept = self.kept.get(value or "")
            return kept if isinstance(kept, dict) and name in kept else None
        if name == "highlight":
            return {name: {"colour": value or "yellow"}} if (value or "yellow") in schema().values["colour"] else None
        return {name: {}} if name and value is None else None

    def _bracket(self) -> None:
        """`]` ends a link where an address follows, else a note."""
        waiting = next((sign for sign, *_rest in reversed(self.open) if sign in ("[", "^[")), None)
        found = LINK.match(self.text, self.at)
        href = (found[1] if found[1] is not None else found[2]) if found else ""
        if waiting == "[" and found and href and schema().is_safe(href):
            self._close("[", len(found[0]), {"link": {"href": href}})
        elif waiting == "^[" and (ended := self._end("^[", 1)):
            runs = [child for child in ended[0] if isinstance(child, Run) and child.text]
            allowed = schema().nodes["footnote"].marks
            self.children.append(
                Node(
                    "footnote",
                    {},
                    [Run(one.text, {n: v for n, v in one.marks.items() if n in allowed}) for one in runs],
                )
            )
        else:
            if waiting == "[":  # a pair of brackets, no more
                place = max(index for index, one in enumerate(self.open) if one[0] == "[")
                del self.open[place]
            self._say("]")
