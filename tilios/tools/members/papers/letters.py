"""Letters to members: one for each or one for a family, their words filled, the address where the window is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt

from tilios.core.errors import Conflict, Invalid
from tilios.core.people.models import Person
from tilios.core.toolbox.attachable import Paper
from tilios.tools.members.filling.notation import Vocabulary, check, filled, filled_html
from tilios.tools.members.filling.values import values_of
from tilios.tools.members.filling.vocabulary import for_papers
from tilios.tools.members.models import LetterTemplate
from tilios.tools.members.papers import live_texts
from tilios.tools.members.papers.labels import Envelope
from tilios.ui.pdf import Pictures

#: Where the address stands, in millimetres from the left and the top of the page: within the window of a French DL
#: envelope (110 × 220, window of 35 or 45 × 100 on the right) whichever way the page slides in it.
ADDRESS = (110, 56)
TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "hr"}


@dataclass(frozen=True)
class Text:
    """The text of a letter as whoever makes it read it, before anything is filled; `html` is clean. A live one has a
    `paper`.
    """

    subject: str
    html: str
    vocabulary: Vocabulary
    paper: Paper | None = None

    @property
    def pictures(self) -> Pictures:
        return self.paper.pictures if self.paper is not None else {}

    def on_screen(self) -> "Text":
        """The same, its pictures where a browser finds them."""
        return replace(self, html=live_texts.on_screen(self.paper)) if self.paper is not None else self


def read(template: LetterTemplate, *, by: Person) -> Text:
    """The text to fill. Raises Conflict for a live text that `by` does not see, and for a word that is gone or not for
    `by`.
    """
    vocabulary = for_papers(by)
    paper = live_texts.paper_of(template, by) if live_texts.is_written_there(template) else None
    try:
        if paper is not None:
            html = paper.html
            check(vocabulary, subject=template.subject, body=html)
        else:
            check(vocabulary, subject=template.subject, body=template.body)
            html = _html(template.body)
    except Invalid as refused:
        raise Conflict(refused.message) from refused
    return Text(template.subject, html, vocabulary, paper)


def written(text: Text, envelopes: Sequence[Envelope], *, day: date | None = None) -> list[dict[str, Any]]:
    """Each letter: its lines, subject and body. A few queries, however many."""
    keys = text.vocabulary.keys_in(text.subject) | text.vocabulary.keys_in(text.html)
    found = values_of([one.letter for one in envelopes], keys, day=day)
    return [
        {
            "lines": envelope.postal.lines,
            "name": envelope.letter.name,
            "subject": filled(text.subject, text.vocabulary, values),
            "body": filled_html(text.html, text.vocabulary, values),
            "today": values["today"],
        }
        for envelope, values in zip(envelopes, found, strict=True)
    ]


@lru_cache(maxsize=32)
def _html(text: str) -> str:
    """Paragraphs, lines, lists, bold and italic; no tag, no picture, no link of whoever writes is taken."""
    reader = MarkdownIt("zero", {"breaks": True, "html": False})
    reader.enable(["newline", "emphasis", "list", "heading", "hr", "escape"])
    # SECURITY: whatever Markdown made, only these tags come out, without an attribute.
    return nh3.clean(str(reader.render(text)), tags=TAGS, attributes={})
