"""Plain text: its encoding guessed, its form settled."""

import codecs
import re
import unicodedata
from html.parser import HTMLParser
from typing import IO

#: Characters of a text that are kept for search: some 400 pages.
MOST = 1_000_000
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
UNSEEN = {"script", "style", "template"}
BLOCKS = {
    *("address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "footer", "form", "h1"),
    *("h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tr"),
    *("ul", "title"),
}


def read(file: IO[bytes], most: int = MOST) -> str:
    """The first `most` characters of a text in UTF-8, UTF-16 or windows-1252."""
    return decode(file.read(4 * most + 4), most)


def decode(raw: bytes, most: int = MOST) -> str:
    """`raw` as text, at most `most` characters."""
    return tidy(raw.decode(encoding_of(raw), "replace"), most)


def encoding_of(raw: bytes) -> str:
    """UTF-16 by its mark or its zeros, UTF-8 when it reads as such (but for a last one cut), else windows-1252."""
    for mark, name in BOMS:
        if raw.startswith(mark):
            return name
    head = raw[:4096]
    pairs = len(head) // 2
    if pairs and head[1::2].count(0) > 0.4 * pairs > 10 * head[0::2].count(0):
        return "utf-16-le"
    if pairs and head[0::2].count(0) > 0.4 * pairs > 10 * head[1::2].count(0):
        return "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(raw)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def tidy(text: str, most: int = MOST) -> str:
    """`text` in NFC, on lines that end alike, without what no database takes, at most `most` characters."""
    text = text[: 2 * most].replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", CONTROLS.sub(" ", text))[:most]


def of_html(source: str, most: int = MOST) -> str:
    """The words of a page: what is in <title> and <body>, without scripts and styles."""
    reader = _Words()
    reader.feed(source)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return tidy("\n".join(line for line in lines if line), most)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.unseen = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in UNSEEN and not self.unseen:
            self.unseen = tag
        if tag in BLOCKS:
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag == self.unseen:
            self.unseen = ""
        if tag in BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.parts.append(data)
