"""Words between braces: found, judged, replaced by what they stand for. No engine: nothing is run.

They are written {prenom}; {{ prenom }} is read too. Accents and case do not matter.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from html import escape, unescape
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tilios.core.errors import Invalid
from tilios.kit.text import fold

_NAME = r"[\w\u0300-\u036f]{1,60}"
WORD = re.compile(rf"\{{\{{\s*({_NAME})\s*\}}\}}|\{{\s*({_NAME})\s*\}}")
#: Braces that hold no word, once the words are taken away.
LEFT = re.compile(r"\{[^{}\n]{0,200}\}?|\}")
TAG = re.compile(r"<[^<>]*>")
SIGNS = str.maketrans("", "", "*`\\")  # of Markdown
SHOWN = 60


@dataclass(frozen=True)
class Word:
    """A word: its key, which is its English spelling too, how French people write it, what it stands for."""

    key: str
    french: str
    label: Any


class Vocabulary:
    """The words that somebody may write: `words`, and `fields` of the structure by their key. `closed` are for others.

    Every spelling is read whatever the language. A field wins over the French spelling of a word, never over a key.
    """

    def __init__(self, words: Iterable[Word], fields: Mapping[str, str] | None = None, closed: Iterable[Word] = ()):
        self.words, closed = tuple(words), tuple(closed)
        keys = {word.key for word in (*self.words, *closed)}
        self.fields = {key: name for key, name in (fields or {}).items() if key not in keys}
        self._keys = _spellings(self.words) | {key: key for key in self.fields}
        self._closed = _spellings(closed).keys() - self._keys.keys()

    def key_of(self, word: str) -> str | None:
        """The key of a word as somebody wrote it; None for one that is none of these."""
        return self._keys.get(fold(word))

    def is_closed(self, word: str) -> bool:
        return fold(word) in self._closed

    def keys_in(self, text: str) -> set[str]:
        return {key for word in words_in(text) if (key := self.key_of(word))}

    def listed(self) -> list[tuple[str, str]]:
        """Each word as it is written in the active language, braces included, with what it stands for."""
        found = [(f"{{{self.spelling(word)}}}", str(word.label)) for word in self.words]
        return found + [(f"{{{key}}}", name) for key, name in self.fields.items()]

    def localised(self, text: str) -> str:
        """The text with its words as the active language writes them."""
        spelled = {word.key: f"{{{self.spelling(word)}}}" for word in self.words}
        return filled(text, self, spelled)

    def spelling(self, word: Word) -> str:
        is_french = (get_language() or "fr").startswith("fr")
        return word.french if is_french and word.french not in self.fields else word.key

    def nearest(self, word: str) -> str:
        """The word that was perhaps meant, as the active language writes it; "" where none is near."""
        near = get_close_matches(fold(word), list(self._keys), n=1)
        if not near:
            return ""
        key = self._keys[near[0]]
        return next((self.spelling(one) for one in self.words if one.key == key), key)


def _spellings(words: Iterable[Word]) -> dict[str, str]:
    words = tuple(words)
    return {word.french: word.key for word in words} | {word.key: word.key for word in words}


def words_in(text: str) -> list[str]:
    """The words between braces of `text`, which may be HTML, as they are written and in their order."""
    return [double or single for double, single in WORD.findall(text)]


def check(vocabulary: Vocabulary, **texts: str) -> None:
    """Raises Invalid, with the name of the text, for a word that is none or is for others, and for other braces."""
    for name, text in texts.items():
        for word in words_in(text):
            if vocabulary.key_of(word) is None:
                raise Invalid(name, _refusal(vocabulary, word))
        if left := LEFT.search(WORD.sub("", text)):
            raise Invalid(name, _not_read(vocabulary, left[0]))


def _refusal(vocabulary: Vocabulary, word: str) -> str:
    if vocabulary.is_closed(word):
        return _("{%(word)s} is for those who keep the money.") % {"word": word}
    if nearest := vocabulary.nearest(word):
        said = {"word": word, "nearest": nearest}
        return _("{%(word)s} is not a field: did you mean {%(nearest)s}? If not, choose one in the list.") % said
    return _("{%(word)s} is not a field: choose one in the list.") % {"word": word}


def _not_read(vocabulary: Vocabulary, left: str) -> str:
    bare = unescape(TAG.sub("", left))
    if WORD.fullmatch(bare.translate(SIGNS)):
        said = {"text": bare[:SHOWN]}
        return _("“%(text)s” is no field: something in it is bold or marked. Write it again in one go.") % said
    said = {"text": bare[:SHOWN], "example": vocabulary.localised("{name}")}
    return _("“%(text)s” cannot be read: a field is written %(example)s.") % said


def filled(text: str, vocabulary: Vocabulary, values: Mapping[str, str]) -> str:
    """The text with its words replaced by their `values`, by key; those without one stay as they are."""
    return WORD.sub(lambda found: values.get(_key(vocabulary, found), found[0]), text)


def filled_html(html: str, vocabulary: Vocabulary, values: Mapping[str, str]) -> SafeString:
    """The same in HTML that nh3 has cleaned, and in which no brace stands in an attribute."""
    # SECURITY: what records say is put in once the text is HTML, escaped: a name is never read as a sign of the text.
    safe = {key: escape(value) for key, value in values.items()}
    return mark_safe(filled(html, vocabulary, safe))  # noqa: S308 (cleaned, and filled with what is escaped)


def _key(vocabulary: Vocabulary, found: re.Match[str]) -> str:
    return vocabulary.key_of(found[1] or found[2]) or ""
