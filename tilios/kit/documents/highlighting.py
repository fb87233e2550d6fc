"""Code in colours, and prose in Markdown as HTML."""

from markdown_it import MarkdownIt
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import find_lexer_class_for_filename

from tilios.kit.documents import cleaning

#: Characters of a text that are shown; the rest is in the document.
SHOWN = 200_000

_markdown = MarkdownIt("commonmark", {"html": False, "maxNesting": 30}).enable(["table", "strikethrough"])


def code(text: str, name: str) -> str:
    """`text` as lines of spans that have the classes of Pygments, by the suffix of `name`; "" if nothing knows it."""
    lexer = find_lexer_class_for_filename(name)
    if lexer is None:
        return ""
    formatter = HtmlFormatter(nowrap=True, classprefix=cleaning.PREFIX)
    made: str = highlight(text, lexer(stripnl=False, ensurenl=False), formatter)
    return cleaning.clean_code(made)


def markdown(text: str) -> str:
    """`text` in Markdown as clean HTML."""
    return cleaning.clean(cleaning.lowered(_markdown.render(text)))
