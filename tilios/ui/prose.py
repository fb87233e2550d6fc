"""What people write, shown with light marks: bold, lists, links. Never their HTML."""

import html

import nh3
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(["image", "html_block", "html_inline"])
_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "code", "h3", "h4", "hr"}


def render(text: str) -> SafeString:
    """`text` as HTML; headings begin at the third level, under those of the page."""
    made = _markdown.render(text)
    for level, lower in (("2", "4"), ("1", "3")):
        made = made.replace(f"<h{level}>", f"<h{lower}>").replace(f"</h{level}>", f"</h{lower}>")
    # SECURITY: whatever Markdown made, only these tags and harmless addresses come out.
    clean = nh3.clean(
        made,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="nofollow noopener",
    )
    return mark_safe(clean)  # noqa: S308 (cleaned)


def plain(text: str) -> str:
    """`text` without its marks, for an excerpt or a search index."""
    return html.unescape(strip_tags(_markdown.render(text))).strip()
