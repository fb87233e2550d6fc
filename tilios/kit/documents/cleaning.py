"""HTML that came from a document, reduced to what a page of ours may show."""

import re

import nh3
from pygments.token import STANDARD_TYPES

TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "code"),
    *("strong", "b", "em", "i", "u", "s", "del", "ins", "sub", "sup", "small", "mark", "q", "cite", "abbr", "kbd"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "a", "section"),
}
ATTRIBUTES = {
    "a": {"href"},
    "ol": {"start"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "abbr": {"title"},
}
_HEADING = re.compile(r"<(/?)h([1-5])(?=[\s>/])", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)(?:[^\"<>]|\"[^\"]*\")*>")
VOID = {"br", "hr"}
DEEPEST = 100
PREFIX = "hl-"
HIGHLIGHTS = {PREFIX + short for short in STANDARD_TYPES.values() if short}


def clean(html: str) -> str:
    """What a document says, with its headings, lists, tables and links.

    SECURITY: no image, style, form, frame or script; no class and no identifier, which could dress a document as a part
    of our pages; no address but of the web, of mail and of telephones.
    """
    cleaned = _cleaned(html)
    # A link inside a link is put straight where its address is taken away only: what came of it is cleaned again.
    return _cleaned(cleaned) if "<a" in cleaned else cleaned


def _cleaned(html: str) -> str:
    return nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags={"script", "style", "title", "template", "noscript"},
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="nofollow noopener noreferrer",
    )


def clean_code(html: str) -> str:
    """Lines of code in spans that have the classes of Pygments, and nothing else."""
    return nh3.clean(
        html,
        tags={"span"},
        attributes={},
        allowed_classes={"span": HIGHLIGHTS},
        link_rel=None,
    )


def is_shallow(html: str) -> bool:
    """Whether `html`, which `clean` or `clean_code` gave, is well formed and not nested deeper than DEEPEST.

    SECURITY: cleaning takes a time that grows as the square of the depth: seconds for some thousands of levels. Ask
    this, which takes one pass, before cleaning in the server what comes out of the jail.
    """
    inside: list[str] = []
    for closing, name in _TAG.findall(html):
        if name in VOID:
            continue
        if not closing:
            inside.append(name)
            if len(inside) > DEEPEST:
                return False
        elif not inside or inside.pop() != name:
            return False
    return not inside and html.count("<") == sum(1 for _tag in _TAG.finditer(html))


def lowered(html: str) -> str:
    """`html` with each heading one level lower, before it is cleaned: the first level is that of the page."""
    return _HEADING.sub(lambda found: f"<{found[1]}h{int(found[2]) + 1}", html)
