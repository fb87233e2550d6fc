"""A file as a text."""

import base64
import binascii
import io
import json
from pathlib import PurePosixPath

from defusedxml import DefusedXmlException, ElementTree

from tilios.core.documents.building import build
from tilios.core.documents.building.cleaning import TooMuch
from tilios.core.documents.converting import carrying, etherpad, preparing, running
from tilios.core.documents.converting.brought import Brought
from tilios.core.documents.converting.reading import from_pandoc
from tilios.core.documents.drawing import plain
from tilios.core.documents.tree import Node, Run
from tilios.kit.documents import archives
from tilios.kit.documents.problems import Problem, Unreadable
from tilios.kit.documents.texts import decode

#: Extension: format of pandoc; nothing where pandoc is not needed.
READS = {
    "odt": "odt",
    "docx": "docx",
    "md": "commonmark_x",
    "markdown": "commonmark_x",
    "html": "",
    "htm": "",
    "txt": "",
    "etherpad": "",
}
DC = "http://purl.org/dc/elements/1.1/"
MOST_BYTES = 50 * 2**20
MOST_CHARACTERS = 5_000_000  # of a text without pictures
MOST_PICTURE = 20 * 2**20
MOST_PICTURES = 500
PICTURES = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".bmp"}


def bring_in(data: bytes, name: str) -> Brought:
    """The text in a file called `name`. Raises Unreadable."""
    form = PurePosixPath(name.lower()).suffix.removeprefix(".")
    if form not in READS:
        raise Unreadable(Problem.DAMAGED)
    if len(data) > MOST_BYTES:
        raise Unreadable(Problem.TOO_LARGE)
    if form == "etherpad":
        return etherpad.read(data)
    album = _Album(_members(data) if form in ("odt", "docx") else {})
    if form == "txt":
        return Brought("", _paragraphs(_characters(data)))
    if form in ("html", "htm"):
        try:
            return album.given("", build(_characters(data), album.number))
        except TooMuch as error:
            raise Unreadable(Problem.TOO_HEAVY) from error
    office = form in ("odt", "docx")
    read = running.pandoc(preparing.prepared(data, form) if office else data, READS[form], "json")
    try:
        title, nodes = from_pandoc(json.loads(read), album.number)
    except RecursionError as error:
        raise Unreadable(Problem.TOO_HEAVY) from error
    nodes = carrying.restored(nodes) if office else nodes
    if form == "odt" and not title:
        title, nodes = _titled(data, nodes)
    return album.given(title, nodes)


def _characters(data: bytes) -> str:
    """`data` as text, whole. Raises Unreadable for what is too long: nothing is left out unsaid."""
    text = decode(data, MOST_CHARACTERS + 1)
    if len(text) > MOST_CHARACTERS:
        raise Unreadable(Problem.TOO_LARGE)
    return text


def _titled(data: bytes, nodes: list[Node]) -> tuple[str, list[Node]]:
    """pandoc reads the title of an odt, and who wrote it, as its first paragraphs: they are known by `meta.xml`."""
    try:
        with archives.opened(io.BytesIO(data)) as archive:
            root = ElementTree.fromstring(archives.part(archive, "meta.xml"))
    except (Unreadable, ElementTree.ParseError, DefusedXmlException):
        return "", nodes
    said = {(one.text or "").strip() for one in root.iter()} - {""}
    title = (root.findtext(f".//{{{DC}}}title") or "").strip()
    while nodes and title and nodes[0].kind == "paragraph" and nodes[0].words().strip() in said:
        nodes = nodes[1:]
    return title, nodes or [Node("paragraph")]


class _Album:
    """The pictures of a file, numbered as they are met."""

    def __init__(self, members: dict[str, bytes]) -> None:
        self.members = members
        self.pictures: dict[int, tuple[str, bytes]] = {}
        self.missing = 0

    def number(self, address: str) -> int | None:
        found = _inline(address) if address.startswith("data:") else self.members.get(address)
        if not isinstance(found, bytes) or len(self.pictures) >= MOST_PICTURES:
            self.missing += 1
            return None
        number = len(self.pictures) + 1
        self.pictures[number] = (PurePosixPath(address[:60]).name if ":" not in address else "image", found)
        return number

    def given(self, title: str, nodes: list[Node]) -> Brought:
        """A lone heading of the first level, at the very top, is the title of a file that gives itself none."""
        first = [node for node in nodes if node.kind == "heading" and node.attributes["level"] == 1]
        if not title and len(first) == 1 and nodes[0] is first[0] and len(nodes) > 1:
            title, nodes = plain(first[0]).strip(), _raised(nodes[1:])
        return Brought(title, nodes, self.pictures, self.missing)


def _raised(nodes: list[Node]) -> list[Node]:
    """Headings one level up, once the title that stood above them is gone."""
    for node in nodes:
        if node.kind == "heading":
            node.attributes["level"] = max(1, node.attributes["level"] - 1)
    return nodes


def _members(data: bytes) -> dict[str, bytes]:
    """The pictures inside an office document, by the address that pandoc gives them. Raises Unreadable."""
    with archives.opened(io.BytesIO(data)) as archive:
        found = [one.filename for one in archive.infolist() if PurePosixPath(one.filename).suffix.lower() in PICTURES]
        return {name.removeprefix("word/"): archives.part(archive, name) for name in found[:MOST_PICTURES]}


def _inline(address: str) -> bytes | None:
    """The bytes of a data: address of a picture."""
    head, _comma, body = address.partition(",")
    if not head.startswith("data:image/") or not head.endswith(";base64"):
        return None
    try:
        content = base64.b64decode(body, validate=False)
    except binascii.Error:
        return None
    return content if len(content) <= MOST_PICTURE else None


def _paragraphs(text: str) -> list[Node]:
    """Lines of a plain text: an empty one ends a paragraph."""
    found = []
    for block in text.replace("\r\n", "\n").split("\n\n"):
        children: list[Node | Run] = []
        for line in block.strip("\n").split("\n"):
            children += [*([Node("hardBreak")] if children else []), *([Run(line)] if line else [])]
        if block.strip():
            found.append(Node("paragraph", {}, children))
    return found or [Node("paragraph")]
