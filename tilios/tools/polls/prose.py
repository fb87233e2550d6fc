"""What people write, shown with light marks: bold, lists, links. Never their HTML."""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(["image", "html_block", "html_inline"])
_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "code", "h3", "h4", "hr"}


def render(text: str) -> SafeString:
    """`text` as HTML; headings begin at the third level, under those of the page."""
    html = _markdown.render(text)
    for level, lower in (("2", "4"), ("1", "3")):
        html = html.replace(f"<h{level}>", f"<h{lower}>").replace(f"</h{level}>", f"</h{lower}>")
    # SECURITY: whatever Markdown made, only these tags and harmless addresses come out.
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="nofollow noopener",
    )
    return mark_safe(clean)  # noqa: S308 (cleaned)
