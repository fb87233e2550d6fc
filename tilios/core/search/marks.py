"""Show where the words stand: a piece of the text, the words found marked."""

import re
from collections.abc import Iterator, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from tilios.core.search import words

Patterns = Sequence[tuple[str, bool]]
LENGTH = 220
BEFORE = 60
_WORD = re.compile(r"[^\W_]+")


def fits(token: str, patterns: Patterns) -> bool:
    """Whether a token is one of those looked for, or begins as one that may be a beginning."""
    return any(token == word or (prefix and token.startswith(word)) for word, prefix in patterns)


def _places(text: str, patterns: Patterns, language: str) -> Iterator[re.Match[str]]:
    for match in _WORD.finditer(text):
        if any(fits(token, patterns) for token in words.tokens(match.group(), language)):
            yield match


def marked(text: str, patterns: Patterns, language: str) -> SafeString:
    """`text` as HTML, escaped, the words looked for in <mark>."""
    # SECURITY: every piece of the text is escaped; the only markup is ours.
    pieces, last = [], 0
    for match in _places(text, patterns, language):
        pieces.append(f"{escape(text[last : match.start()])}<mark>{escape(match.group())}</mark>")
        last = match.end()
    return mark_safe("".join([*pieces, escape(text[last:])]))  # noqa: S308


def piece(text: str, patterns: Patterns, language: str) -> SafeString:
    """The piece of `text` around the first word found (else its beginning), marked; "…" where it is cut."""
    line = " ".join(text.split())
    first = next(_places(line, patterns, language), None)
    start = max(0, first.start() - BEFORE) if first else 0
    if start:
        start = line.find(" ", start) + 1 or start
    end = start + LENGTH
    if end < len(line):
        end = max(line.rfind(" ", start, end), start + LENGTH // 2)
    shown = marked(line[start:end], patterns, language)
    return mark_safe(f"{'… ' if start else ''}{shown}{' …' if end < len(line) else ''}")  # noqa: S308
