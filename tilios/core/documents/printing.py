"""A text laid out as PDF: pages to print and keep, which screen readers follow."""

import re
from collections.abc import Callable
from html import escape
from itertools import takewhile

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from tilios.core.documents import formulas
from tilios.core.documents.drawing import Pen
from tilios.core.documents.tree import Node, Run
from tilios.ui import pdf

Picture = Callable[[int], tuple[bytes, str] | None]  # number of the attachment: its bytes, its media type
HEADINGS = 4  # of the two first levels: from so many on, there are contents
_AFTER, _BEFORE = re.compile("« "), re.compile(" (?=[»;:!?%])")
LONGEST = 600_000  # characters: some 250 pages
TONES = {
    "info": gettext_lazy("To know"), "success": gettext_lazy("Done"), "warning": gettext_lazy("Attention"),
    "danger": gettext_lazy("Danger"),
}  # fmt: skip


class TooLong(ValueError):
    """More pages than are laid out in one go."""


def is_available() -> bool:
    """Whether this machine can lay out pages."""
    return pdf.is_available()


def paged(
    doc: Node,
    *,
    title: str,
    picture: Picture,
    author: str = "",
    language: str = "fr",
    date: str = "",
    structure: str = "",
) -> bytes:
    """The PDF of `doc`. `date` is written as it is read; `structure` names whose text it is. Raises TooLong.

    Takes from half a second to some twenty.
    """
    if len(doc.words()) > LONGEST:
        raise TooLong
    with override(language):
        pen, body = _drawn(doc, picture, language)
        contents = [line for line in pen.outline if line["level"] <= 2]
        context = {
            "title": title, "author": author, "structure": structure, "language": language, "body": body,
            "structure_in_css": _in_css(structure), "sign": " · ".join(one for one in (structure, author, date) if one),
            "contents": contents if len(contents) >= HEADINGS else [],
        }  # fmt: skip
        return pdf.render("documents/print.html", context, pen.pictures)


def fragment(doc: Node, *, picture: Picture, language: str = "fr") -> tuple[str, pdf.Pictures]:
    """`doc` as the HTML that a paper of another tool holds, with "documents/_print_style.html" in its styles; the
    pictures and formulas in it, by name (see `ui.pdf.render`). Raises TooLong.
    """
    if len(doc.words()) > LONGEST:
        raise TooLong
    with override(language):
        pen, body = _drawn(doc, picture, language)
    return body, pen.pictures


def _drawn(doc: Node, picture: Picture, language: str) -> tuple["_Paper", str]:
    pen = _Paper(picture)
    return pen, pen.blocks(_spaced(doc) if language == "fr" else doc)


def _spaced(node: Node) -> Node:
    """`node` with the spaces of French that may not break: inside « », before ; : ! ? and %."""
    children: list[Node | Run] = []
    for child in node.children:
        if isinstance(child, Node):
            children.append(child if child.kind == "codeBlock" else _spaced(child))
        else:
            text = child.text if "code" in child.marks else _BEFORE.sub("\u00a0", _AFTER.sub("«\u00a0", child.text))
            children.append(Run(text, child.marks))
    return Node(node.kind, node.attributes, children)


def _in_css(text: str) -> str:
    # SECURITY: a name stands in a style sheet: nothing of it may end the string, nor the sheet.
    return "".join(
        sign if sign.isalnum() or sign == " " else f"\\{ord(sign):x} " for sign in text if sign.isprintable()
    )


class _Paper(Pen):
    """Draws for paper: notes at the foot of the page, boxes as signs, formulas as pictures."""

    def __init__(self, picture: Picture) -> None:
        super().__init__({})
        self.picture = picture
        self.pictures: dict[str, tuple[bytes, str]] = {}

    def _given(self, name: str, data: bytes, media_type: str) -> str:
        self.pictures[name] = (data, media_type)
        return f"tilios-picture:{name}"

    def _callout(self, node: Node) -> str:
        tone = node.attributes["tone"]
        label = f'<p class="tone">{escape(str(TONES[tone]))}</p>'
        return f'<aside class="callout callout--{tone}">{label}{self.blocks(node)}</aside>'

    def _task_item(self, node: Node) -> str:
        sign = "☑" if node.attributes["checked"] else "☐"
        inside = self.blocks(node)
        box = f'<span class="task-box">{sign}</span>'
        first, begins, rest = inside.partition(">")
        return f"<li>{first}{begins}{box}{rest}</li>" if first.startswith("<p") else f"<li>{box}{inside}</li>"

    def _table(self, node: Node) -> str:
        rows = list(node.nodes())
        heads = len(list(takewhile(lambda row: all(cell.kind == "tableHeader" for cell in row.nodes()), rows)))
        heads = 0 if heads == len(rows) else heads
        head, body = ("".join(self._table_row(row) for row in part) for part in (rows[:heads], rows[heads:]))
        return f"<table>{f'<thead>{head}</thead>' if head else ''}<tbody>{body}</tbody></table>"

    def _image(self, node: Node) -> str:
        number, alt, caption = (node.attributes[name] for name in ("file", "alt", "caption"))
        found = self.picture(number)
        if found is None or not found[1].startswith("image/"):
            return f"<p>{escape(caption or alt)}</p>" if caption or alt else ""
        width = node.attributes["width"]
        size = f' style="width: {width}px"' if isinstance(width, int) and 0 < width < 5000 else ""
        legend = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
        source = self._given(str(number), *found)
        return f'<figure><img src="{source}" alt="{escape(alt or caption)}"{size}>{legend}</figure>'

    def _file(self, node: Node) -> str:
        return f'<p class="attached">{escape(node.attributes["name"])}</p>'

    def _embed(self, node: Node) -> str:
        return f'<p class="embed">{escape(node.attributes["label"])}</p>'

    def _math_block(self, node: Node) -> str:
        return f'<div class="math-block">{self._formula(node.attributes["tex"], display=True)}</div>'

    def _small(self, node: Node) -> str:
        if node.kind == "math":
            return self._formula(node.attributes["tex"], display=False)
        if node.kind == "footnote":
            return f'<span class="note">{self.inline(node)}</span>'
        return super()._small(node)

    def _formula(self, tex: str, *, display: bool) -> str:
        found = formulas.picture(tex, display=display)
        if found is None:
            return f"<code>{escape(tex)}</code>"
        data, width, below = found
        source = self._given(f"formula-{len(self.pictures)}", data, "image/svg+xml")
        said = escape(_("Formula: %(tex)s") % {"tex": tex})
        place = "" if display else f"vertical-align: {-below:.3f}em"
        return f'<img src="{source}" alt="{said}" style="width: {width:.3f}em; max-width: 100%; {place}">'
