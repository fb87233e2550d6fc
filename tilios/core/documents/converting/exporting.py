"""A text as a file."""

import base64
import json
import re
from dataclasses import dataclass
from html import escape
from typing import Any

from django.utils.translation import gettext_lazy as _

from tilios.core.documents import printing
from tilios.core.documents.converting import dressing, running
from tilios.core.documents.converting.writing import Picture, to_pandoc
from tilios.core.documents.drawing import draw_tree
from tilios.core.documents.tree import Node, Run
from tilios.kit.documents.problems import Problem, Unreadable
from tilios.ui.pdf import Pictures

ODT = "application/vnd.oasis.opendocument.text"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MARKDOWN = "commonmark_x+pipe_tables+task_lists-raw_html"

_CONTROLS = re.compile("[\\x00-\\x1f\ud800-\udfff\ufffe\uffff]")  # no XML holds them
#: Extension of the file: what it is called, its media type, the format of pandoc.
FORMATS: dict[str, tuple[Any, str, str]] = {
    "odt": (_("LibreOffice"), ODT, "odt"),
    "docx": (_("Word"), DOCX, "docx"),
    "md": (_("Markdown"), "text/markdown; charset=utf-8", MARKDOWN),
    "html": (_("Web page"), "text/html; charset=utf-8", ""),
    "txt": (_("Plain text"), "text/plain; charset=utf-8", ""),
    "epub": (_("Electronic book"), "application/epub+zip", "epub3"),
    "pdf": (_("PDF, to print"), "application/pdf", ""),
}


@dataclass(frozen=True)
class Exported:
    data: bytes
    media_type: str


def formats() -> list[str]:
    """The extensions that this machine can make, of FORMATS."""
    return [form for form in FORMATS if form != "pdf" or printing.is_available()]


def export(
    doc: Node, form: str, *, title: str, picture: Picture, author: str = "", language: str = "fr", date: str = "",
    structure: str = "",
) -> Exported:  # fmt: skip
    """`doc` as a file with the extension `form` of FORMATS. `date` is written as it is read. Raises Unreadable.

    What is only suggested is left out; what is suggested to be removed stays. `structure` names whose text it is, in a
    PDF.
    """
    _name, media_type, target = FORMATS[form]
    doc = settled(doc)
    if form == "txt":
        lines = draw_tree(doc, {}).text.replace("\n", "\n\n")
        return Exported(f"{title}\n\n{lines}\n".encode(), media_type)
    if form == "pdf":
        about = {"title": title, "author": author, "language": language, "date": date, "structure": structure}
        return Exported(_pdf(doc, picture, about), media_type)
    if form == "html":
        return Exported(_page(doc, title, language, picture).encode(), media_type)
    about = {"title": title, "author": author, "language": language, "date": date}
    paper = to_pandoc(doc, picture=picture, styled=form in dressing.DRESSED, **about)
    data = running.pandoc(json.dumps(paper).encode(), "json", target)
    if form in dressing.DRESSED:
        pictures = [node for node in _nodes(doc) if node.kind == "image" and picture(node.attributes["file"])]
        data = dressing.dressed(data, form, [_CONTROLS.sub(" ", node.attributes["alt"]) for node in pictures])
    return Exported(data, media_type)


def for_paper(doc: Node, *, picture: Picture, language: str) -> tuple[str, Pictures]:
    """`doc` as a paper of another tool holds it (`printing.fragment`). Raises Unreadable for one that is too long."""
    try:
        return printing.fragment(settled(doc), picture=picture, language=language)
    except printing.TooLong as error:
        raise Unreadable(Problem.TOO_LARGE) from error


def settled(doc: Node) -> Node:
    """`doc` as it stands: without what is only suggested."""
    children: list[Node | Run] = []
    for child in doc.children:
        if isinstance(child, Node):
            children.append(settled(child))
        elif "added" not in child.marks:
            children.append(Run(child.text, {name: mark for name, mark in child.marks.items() if name != "removed"}))
    return Node(doc.kind, doc.attributes, children)


def _pdf(doc: Node, picture: Picture, about: dict[str, str]) -> bytes:
    if not printing.is_available():
        raise Unreadable(Problem.NO_PROGRAM)
    try:
        return printing.paged(doc, picture=picture, **about)
    except printing.TooLong as error:
        raise Unreadable(Problem.TOO_LARGE) from error


def _page(doc: Node, title: str, language: str, picture: Picture) -> str:
    """A page that stands alone, its pictures in it."""
    files = {}
    for node in _nodes(doc):
        if node.kind == "image" and (found := picture(node.attributes["file"])):
            address = f"data:{found[1]};base64,{base64.b64encode(found[0]).decode()}"
            files[node.attributes["file"]] = ("", address, found[1])
    drawn = draw_tree(doc, files)
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        f'<meta name="viewport" content="width=device-width">\n<h1>{escape(title)}</h1>\n{drawn.html}\n</html>\n'
    )


def _nodes(node: Node) -> list[Node]:
    return [found for child in node.nodes() for found in (child, *_nodes(child))]
