"""Words on their way to the full-text index: folded, stemmed, and written in letters that no database reads wrongly."""

import re
from collections.abc import Iterable

from tilios.kit import text as kit

LONGEST_WORD = 40
_PLAIN = re.compile(r"[a-z0-9]+")


def token(word: str) -> str:
    """A folded word in ASCII letters and digits: other letters become their number, so a prefix stays a prefix."""
    word = word[:LONGEST_WORD]
    if _PLAIN.fullmatch(word):
        return word
    return "".join(letter if _PLAIN.fullmatch(letter) else f"0u{ord(letter):05x}" for letter in word)


def tokens(text: str, language: str) -> list[str]:
    """What the index holds of `text`: each word as it is and, where it differs, its stem."""
    found = []
    for word, stem in zip(kit.words(text), kit.stems(text, language), strict=True):
        found.append(token(word))
        if stem != word:
            found.append(token(stem))
    return found


def vocabulary(texts: Iterable[str]) -> set[str]:
    """The words worth comparing a typo with: four letters or more, no number."""
    return {
        word
        for text in texts
        for word in kit.words(text)
        if 4 <= len(word) <= LONGEST_WORD and not any(letter.isdigit() for letter in word)
    }
