"""A draw that anyone can do again: the order of options is fixed by a public text, the seed, and by nothing else.

Each option has a fingerprint, the SHA-256 of the seed, its number and its words on three lines (UTF-8, no line feed at
the end); options are sorted by fingerprint. Nobody can bend the order without choosing the seed.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

#: The same thing as somebody would type it, for a page that invites to do the draw again.
PROGRAM = """\
import hashlib
seed = {seed!r}
options = {options!r}
lots = [(hashlib.sha256(f"{{seed}}\\n{{n}}\\n{{o}}".encode()).hexdigest(), n, o) for n, o in enumerate(options, 1)]
for place, lot in enumerate(sorted(lots), 1): print(place, *lot)
"""


@dataclass(frozen=True)
class Lot:
    """One option in the order drawn: `place` and `number` from 1, `lot` its fingerprint in hexadecimal."""

    place: int
    number: int
    label: str
    lot: str


def fingerprint(seed: str, number: int, label: str) -> str:
    return hashlib.sha256(f"{seed}\n{number}\n{label}".encode()).hexdigest()


def drawn(seed: str, options: Iterable[tuple[int, str]]) -> list[Lot]:
    """(number, words) of options, in the order that `seed` gives them."""
    lots = sorted((fingerprint(seed, number, label), number, label) for number, label in options)
    return [Lot(place, number, label, lot) for place, (lot, number, label) in enumerate(lots, 1)]


def program(seed: str, labels: list[str]) -> str:
    """Five lines of Python that print the same draw."""
    return PROGRAM.format(seed=seed, options=labels)
