"""Addresses as the post reads them: six lines of thirty-eight characters, AFNOR NF Z10-011.

The name first, then what leads to the door, then the street, then the postcode and the town in capitals, without
accents nor punctuation. For another country a seventh line bears its name; the town is then written as it is there.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from tilios.kit.text import fold

LINES, CHARACTERS = 6, 38
AT_HOME = {"", "fr", "fra", "france", "republique francaise"}


@dataclass(frozen=True)
class Postal:
    """The lines of an envelope, and whether they are as many and as long as the post takes."""

    lines: tuple[str, ...]
    fits: bool


def postal(
    name: str, before: Iterable[str] = (), *, street: str, postcode: str = "", town: str = "", country: str = ""
) -> Postal:
    """The envelope for `name`. `before`: what stands between the name and the street, such as for whose attention.

    What is too long is cut between words; short lines are put together when there are too many. Nothing is left out.
    """
    last = capitals(f"{postcode} {town}") if is_at_home(country) else _plain(f"{postcode} {town}")
    middle = [part for line in (*before, *street.splitlines()) for part in _cut(_plain(line))]
    room = LINES - (1 if last else 0)
    who = _cut(_plain(name))
    lines = [*who, *middle]
    while len(lines) > room and (place := _neighbours(lines, max(1, len(who)))):
        lines[place : place + 2] = [f"{lines[place]} {lines[place + 1]}"]
    fits = len(lines) <= room and all(len(line) <= CHARACTERS for line in (*lines, last))
    abroad = "" if is_at_home(country) else capitals(country)
    return Postal(tuple(line for line in (*lines, last, abroad) if line), fits)


def is_at_home(country: str) -> bool:
    """Whether a letter posted in France stays there."""
    return fold(country).strip() in AT_HOME


def capitals(text: str) -> str:
    """`text` in capitals without accents nor punctuation: "L'Haÿ-les-Roses" is L HAY LES ROSES."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    bare = bare.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("Æ", "AE").upper()
    return _plain(re.sub(r"[^\w]|_", " ", bare))


def _plain(text: str) -> str:
    return " ".join(text.split())


def _cut(line: str) -> list[str]:
    """The line as lines that are not too long, cut between words, or within one that is too long by itself."""
    found: list[str] = []
    for word in line.split():
        if found and len(found[-1]) + 1 + len(word) <= CHARACTERS:
            found[-1] = f"{found[-1]} {word}"
        else:
            found += [word[start : start + CHARACTERS] for start in range(0, len(word), CHARACTERS)]
    return found


def _neighbours(lines: list[str], first: int) -> int:
    """The place, from `first` on, of the first of two lines that are one line together; 0 where there are none."""
    pairs = range(first, len(lines) - 1)
    return next((place for place in pairs if len(lines[place]) + len(lines[place + 1]) < CHARACTERS), 0)
