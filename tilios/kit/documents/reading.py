"""Read a document of any kind: its words, and what stands for it on a page."""

import html
from dataclasses import asdict, dataclass, field
from typing import IO, Any

from tilios.kit.documents import archives, cleaning, highlighting, mails, openxml, pages, programs, tables, texts
from tilios.kit.documents.kinds import Kind

MOST_HTML = 400_000  # characters of the HTML that is shown


@dataclass
class Found:
    """What a document gives. `html` is clean; `shown` is by kind: tables, a message, the list of an archive."""

    text: str = ""
    pages: int | None = None
    html: str = ""
    cut: bool = False
    shown: Any = field(default_factory=dict)


def read(file: IO[bytes], kind: Kind, form: str) -> dict[str, Any]:
    """What the document in `file` gives, as a dictionary that JSON takes. Raises Unreadable."""
    match kind:
        case Kind.PDF:
            text, count = pages.read(file)
            found = Found(text, count)
        case Kind.WRITING:
            found = _writing(file, form)
        case Kind.SLIDES:
            lines = openxml.paragraphs(file, form)
            shown = openxml.slides(file, form)
            found = Found(texts.tidy("\n".join(lines)), len(shown), cleaning.clean(openxml.as_html(shown)))
        case Kind.SHEET | Kind.TABLE:
            text, sheets = tables.read(file)
            found = Found(text, shown={"sheets": sheets})
        case Kind.MAIL:
            text, message = mails.read(file)
            found = Found(text, shown=message)
        case Kind.ARCHIVE:
            listing = archives.listing(file)
            found = Found("\n".join(name for name, _size in listing["entries"]), shown=listing)
        case Kind.HTML:
            source = texts.read(file, 4 * texts.MOST)
            found = Found(texts.of_html(source), html=cleaning.clean(cleaning.lowered(source[:MOST_HTML])))
            found.cut = len(source) > MOST_HTML
        case _:
            found = _plain(file, kind, form)
    if len(found.html) > MOST_HTML:
        # Cut in the middle of a tag: cleaning again closes what is open.
        found.html, found.cut = cleaning.clean(found.html[:MOST_HTML]), True
    if not cleaning.is_shallow(found.html):
        # No page can hold it as it is: its words alone.
        found.html = f"<pre>{html.escape(found.text[:MOST_HTML])}</pre>"
    return asdict(found)


def _plain(file: IO[bytes], kind: Kind, form: str) -> Found:
    text = texts.read(file)
    beginning = text[: highlighting.SHOWN]
    found = Found(text, cut=len(text) > len(beginning))
    if kind == Kind.CODE:
        found.html = highlighting.code(beginning, f"name.{form}")
    elif kind == Kind.MARKDOWN:
        found.html = highlighting.markdown(beginning)
    return found


def _writing(file: IO[bytes], form: str) -> Found:
    """A text document: by pandoc, or from its own paragraphs where pandoc is missing."""
    if form != "rtf":
        archives.opened(file)  # said to be too heavy at once, rather than found out
    if not programs.has_pandoc() and form in openxml.PARTS:
        return Found(texts.tidy("\n".join(openxml.paragraphs(file, form))))
    made = cleaning.clean(cleaning.lowered(programs.pandoc(file, form, "html")))
    return Found(texts.of_html(made), html=made)
