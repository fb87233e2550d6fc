"""Quorum and majority, exactly: whole numbers and fractions, never a float. No Django.

Voices are Fractions: with colleges, one voice may be 40/7 of a hundred.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

ABSOLUTE = "absolute"
RELATIVE = "relative"
SHARES = {"2/3": Fraction(2, 3), "3/4": Fraction(3, 4), "4/5": Fraction(4, 5)}
MAJORITIES = (RELATIVE, ABSOLUTE, *SHARES)


@dataclass(frozen=True)
class Quorum:
    """How many of the entitled must take part: a `share` of them, or a `number`."""

    share: Fraction | None = None
    number: int | None = None

    @classmethod
    def parse(cls, text: str) -> "Quorum | None":
        """What somebody wrote: "1/3", "25 %", "33,3%", "30"; None for nothing. Raises ValueError for anything else."""
        text = re.sub(r"\s", "", text).replace(",", ".")
        if not text:
            return None
        if match := re.fullmatch(r"([0-9]{1,3})/([0-9]{1,3})", text):
            below = int(match[2])
            share = Fraction(int(match[1]), below) if below else Fraction(0)
        elif match := re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]{1,4})?)%", text):
            share = Fraction(match[1]) / 100
        elif re.fullmatch(r"[0-9]{1,7}", text) and int(text):
            return cls(number=int(text))
        else:
            raise ValueError(text)
        if not 0 < share <= 1:
            raise ValueError(text)
        return cls(share=share)

    def needed(self, entitled: int) -> int:
        """How many it takes: a share is rounded up, as half a person takes no part."""
        if self.share is not None:
            return -(-self.share.numerator * entitled // self.share.denominator)
        return self.number or 0

    def is_reached(self, taking_part: int, entitled: int) -> bool:
        return taking_part >= self.needed(entitled)


def is_reached(majority: str, voices: Fraction, base: Fraction, *, highest_other: Fraction = Fraction(0)) -> bool:
    """Whether `voices` of `base` make the majority. Nothing is adopted by no voice at all.

    The relative one asks for more than `highest_other`: those against, or the next option.
    """
    if voices <= 0:
        return False
    if majority == RELATIVE:
        return voices > highest_other
    if majority == ABSOLUTE:
        return 2 * voices > base
    return voices >= SHARES[majority] * base


def needed(majority: str, base: Fraction, *, unit: Fraction = Fraction(1)) -> Fraction:
    """The fewest voices, counted by `unit`, that make an absolute or qualified majority of `base`.

    ValueError for the relative one, which depends on the others.
    """
    if majority == RELATIVE:
        raise ValueError("a relative majority has no number of its own")
    if majority == ABSOLUTE:
        return (base / 2 // unit + 1) * unit
    exact = SHARES[majority] * base
    return max(unit, -(-exact // unit) * unit)
