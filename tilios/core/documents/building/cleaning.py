"""What HTML may hold before it is read: elements we know, and the few attributes that mean something."""

import re
from typing import Any

import lxml.etree
import lxml.html
import nh3

TAGS = {
    *("p", "div", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote"),
    *("pre", "code", "kbd", "samp", "var", "tt", "strong", "b", "em", "i", "cite", "dfn", "u", "s", "strike", "del"),
    *("ins", "sub", "sup", "small", "mark", "q", "abbr", "span", "font", "a", "img", "figure", "figcaption", "aside"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "colgroup", "col", "section", "article", "main"),
    *("header", "footer", "nav", "center", "input", "label", "details", "summary", "math", "annotation", "semantics"),
}
EVERYWHERE = {"class", "style", "align", "id", "role"}
ATTRIBUTES = {
    "*": EVERYWHERE,
    "a": {"href"},
    "img": {"src", "alt", "width", "title"},
    "ol": {"start", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "input": {"type", "checked"},
    "font": {"color"},
}
DATA = {"data-"}
MOST = 12_000_000  # characters
DEEPEST = 200
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")  # no text holds them


class TooMuch(ValueError):
    """HTML too long, or nested too deeply, to be read."""


def clean(html: str) -> Any:
    """The root of `html`, without scripts, styles, frames or forms. Raises TooMuch."""
    if len(html) > MOST:
        raise TooMuch
    # SECURITY: nothing of it goes to a page: the tree that is read from it is drawn again by `drawing`.
    safe = nh3.clean(
        _shallow(html),
        tags=TAGS,
        clean_content_tags={"script", "style", "title", "template", "noscript", "head"},
        attributes=ATTRIBUTES,
        generic_attribute_prefixes=DATA,
        url_schemes={"http", "https", "mailto", "tel", "data"},
        link_rel=None,
        strip_comments=True,
    )
    return lxml.html.fragment_fromstring(_CONTROLS.sub("", safe), create_parent="div")


def _shallow(html: str) -> str:
    """`html` with each element closed. Raises TooMuch where they are inside one another beyond DEEPEST.

    SECURITY: cleaning takes a time that grows as the square of the depth. Tags that are counted can be made to lie;
    this parser, whose time is that of the length, says how deep they really stand.
    """
    try:
        bytes_of = _CONTROLS.sub("", html).encode("utf-8", "replace")
        root = lxml.html.document_fromstring(bytes_of, parser=lxml.html.HTMLParser(encoding="utf-8", huge_tree=True))
    except lxml.etree.ParserError:  # there is nothing in it
        return ""
    depth = 0
    for event, _element in lxml.etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            raise TooMuch
    return str(lxml.html.tostring(root, encoding="unicode"))
