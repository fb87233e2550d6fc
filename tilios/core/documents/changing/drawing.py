"""A text drawn as its plain form. What the form could not give back as it is stands in it by its code, whole."""

import re
from itertools import groupby

from django.utils.translation import gettext as _

from tilios.core.documents.changing import reading, spans
from tilios.core.documents.changing.signs import (
    BEGINS,
    CODE,
    FENCE,
    ITEM,
    KEPT,
    ORDER,
    SIGNS,
    TAGS,
    WHOLE,
    Kept,
    code_of,
    line,
    shape,
    visible,
)  # fmt: skip
from tilios.core.documents.drawing import plain
from tilios.core.documents.tree import Node, Run
from tilios.kit.text import excerpt

_NEEDED = re.compile(rf"\\|\*|`|~~|\[\[(?={CODE} )|\^\[|<(?=/?(?:{'|'.join(TAGS.values())}|br)\b)")
_ALL = re.compile(r"[\\*`~\[\]<^(]")
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029]")
_EDGES = re.compile(r"^\s|\s$")
_NO_LABEL = re.compile(r"[\[\]|\s]+")
_SAID = ("caption", "alt", "name", "label", "tex")
_COMPACT = ("bulletList", "orderedList", "taskList")


def form_of(doc: Node) -> tuple[str, Kept]:
    """The plain form of a text, and what stands in it by a code."""
    pen = _Pen()
    return "\n".join(pen.blocks(doc)), pen.kept


class _Pen:
    def __init__(self) -> None:
        self.kept: Kept = {}

    def blocks(self, node: Node) -> list[str]:
        """The lines of the blocks in `node`."""
        lines: list[str] = []
        children, last = list(node.nodes()), None
        for index in visible(node):
            child = children[index]
            close = node.kind in ("listItem", "taskItem") and last == "paragraph" and child.kind in _COMPACT
            if last is not None and not close:
                lines.append("")
            lines += self._sure(child)
            last = child.kind
        return lines

    def _sure(self, node: Node) -> list[str]:
        """The lines of a block, once they are known to give it back; else one that stands for it."""
        if node.kind in WHOLE:
            return [self.keep(node)]
        if node.kind == "paragraph" and not node.children:
            return [""]
        lines = self._block(node)
        back = reading.blocks(lines, self.kept)
        return lines if [shape(one) for one in back] == [shape(node)] else [self.keep(node)]

    def keep(self, kept: Node) -> str:
        """What stands for a node."""
        code = code_of(kept)
        self.kept[code] = kept
        said = plain(kept) if kept.children else ""
        said = said or next((str(kept.attributes[name]) for name in _SAID if kept.attributes.get(name)), "")
        label = excerpt(_NO_LABEL.sub(" ", said).strip(), 40)
        name = reading.NAMES.get(kept.kind, _("passage"))
        return f"[[{code} {name}{': ' if label else ''}{label}]]"

    def _block(self, node: Node) -> list[str]:
        match node.kind:
            case "paragraph":
                return [_safe(one) for one in self._line(node).split("\n")]
            case "heading":
                text = self._line(node, "<br>")
                return [f"{'#' * node.attributes['level']}{' ' if text else ''}{text}"]
            case "codeBlock":
                return _fenced(node)
            case "horizontalRule":
                return ["---"]
            case "blockquote" | "callout":
                first = [f"[!{node.attributes['tone']}]"] if node.kind == "callout" else []
                return [f"> {one}".rstrip() if not one else f"> {one}" for one in [*first, *self.blocks(node)]]
            case "bulletList" | "taskList" | "orderedList":
                return self._list(node)
            case "table":
                return self._table(node)
        return []

    def _list(self, node: Node) -> list[str]:
        lines: list[str] = []
        for number, item in enumerate(node.nodes(), node.attributes.get("start", 0)):
            sign = f"{number}. " if node.kind == "orderedList" else "- "
            box = f"[{'x' if item.attributes['checked'] else ' '}] " if item.kind == "taskItem" else ""
            first, *rest = self.blocks(item) or [""]
            lines.append(f"{sign}{box}{first}" if first else f"{sign}{box}".rstrip(" "))
            lines += [f"{' ' * len(sign)}{one}" if one else "" for one in rest]
        return lines

    def _table(self, node: Node) -> list[str]:
        lines = []
        for number, row in enumerate(node.nodes()):
            cells = [self._cell(cell) for cell in row.nodes()]
            lines.append(f"| {' | '.join(cells)} |")
            if number == 0 and all(cell.kind == "tableHeader" for cell in row.nodes()):
                lines.append("|" + "---|" * len(cells))
        return lines

    def _cell(self, cell: Node) -> str:
        inside = list(cell.nodes())
        one = len(inside) == 1 and inside[0].kind == "paragraph"
        return self._line(inside[0], "<br>").replace("|", "\\|") if one else ""

    # Inside a line --------------------------------------------------------------------------------------------------

    def _line(self, node: Node, ending: str = "\n") -> str:
        """The characters of a block and the signs of its marks, as light as can be read back."""
        text = ""
        for light in (True, False):
            text = self._spans(node.children, ORDER, light)
            if line(Node("paragraph", {}, spans.line(text, self.kept))) == line(node):
                break
        else:
            text = self._spans([Run(plain(node))], ORDER, False)
        lines = text.split("\n")
        if ending == "\n":
            # An empty line would end the paragraph, white space alone cannot be seen.
            lines = [one if one.strip() else f"\\{one}" for one in lines] if len(lines) > 1 or text else lines
        return ending.join(lines)

    def _spans(self, children: list[Node | Run], order: tuple[str, ...], light: bool) -> str:
        if not order:
            return "".join(
                _written(one, light) if isinstance(one, Run) else self._small(one, light) for one in children
            )
        name, parts = order[0], []
        for values, group in groupby(children, lambda one: one.marks.get(name) if isinstance(one, Run) else None):
            inside = list(group)
            if name == "code" and values is not None and light and _is_bare("".join(_text(one) for one in inside)):
                parts.append(f"`{''.join(_text(one) for one in inside)}`")
                continue
            drawn = self._spans(inside, order[1:], light)
            parts.append(drawn if values is None else self._wrapped(name, values, drawn, light))
        return "".join(parts)

    def _wrapped(self, name: str, values: dict[str, object], drawn: str, light: bool) -> str:
        tag = TAGS.get(name)
        match name:
            case "link":
                href = str(values["href"])
                bare = light and re.fullmatch(r"[^()\s<>]+", href)
                return f"[{drawn}]({href})" if bare else f"[{drawn}](<{href}>)"
            case "added" | "removed":
                code = code_of({name: values})
                self.kept[code] = {name: values}
                return f"<{tag} {code}>{drawn}</{tag}>"
            case "highlight":
                colour = "" if values["colour"] == "yellow" else f" {values['colour']}"
                return f"<mark{colour}>{drawn}</mark>"
        sign = SIGNS.get(name)
        if sign and light and not _EDGES.search(drawn):
            return f"{sign}{drawn}{sign}"
        return f"<{tag}>{drawn}</{tag}>"

    def _small(self, node: Node, light: bool) -> str:
        if node.kind == "hardBreak":
            return "\n"
        if node.kind == "footnote":
            return f"^[{self._spans(node.children, ORDER, light)}]"
        return self.keep(node)


def _text(child: Node | Run) -> str:
    return child.text if isinstance(child, Run) else ""


def _is_bare(text: str) -> bool:
    return bool(text) and "`" not in text and not _CONTROLS.search(text)


def _written(run: Run, light: bool) -> str:
    return (_NEEDED if light else _ALL).sub(lambda found: f"\\{found[0]}", _CONTROLS.sub(" ", run.text))


def _safe(text: str) -> str:
    """A line of a paragraph that nobody takes for something else."""
    if not BEGINS.match(text) or KEPT.match(text):
        return text
    number = ITEM.match(text)
    if number and number[2]:
        return f"{number[1]}{number[2]}\\{text[len(number[1] + number[2]) :]}"
    return f"\\{text}"


def _fenced(node: Node) -> list[str]:
    inside = node.words().split("\n") if node.children else []
    fence = "```"
    while any(one.startswith(fence) for one in inside):
        fence += "`"
    named = f"{fence}{node.attributes['language'] or ''}"
    return [named if FENCE.match(named) else fence, *inside, fence]
