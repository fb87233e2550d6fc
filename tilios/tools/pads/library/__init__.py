"""Texts to begin from, as people write them: minutes, agenda, charter, needs specification, press release.

One file a language and a template: its title, then a sentence that says what it is for, then the text.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

from tilios.core.documents.building import from_html

LANGUAGES = {"fr": "fr", "en": "en"}
#: In the order of the page: the icon of each.
ORDER = {
    "minutes": "notebook-pen",
    "agenda": "list-checks",
    "charter": "handshake",
    "needs": "clipboard-list",
    "press": "megaphone",
}
HEAD = re.compile(r"<h1>(.*?)</h1>\s*<p class=\"about\">(.*?)</p>\s*", re.DOTALL)


@dataclass(frozen=True)
class Template:
    name: str  # "minutes"
    icon: str
    title: str
    about: str
    html: str

    def state(self) -> bytes:
        """The text as a Yjs update."""
        return from_html(self.html)


@cache
def template(name: str, language: str) -> Template | None:
    """The template called `name` in that language, or in English."""
    if name not in ORDER:
        return None
    folder = resources.files(__name__) / (language if language in LANGUAGES else "en")
    source = (folder / f"{name}.html").read_text(encoding="utf-8")
    found = HEAD.match(source)
    assert found, f"{language}/{name}.html begins with its title and what it is for"
    return Template(name, ORDER[name], found[1], found[2], source[found.end() :])


def templates(language: str) -> list[Template]:
    return [found for name in ORDER if (found := template(name, language))]
