"""Pairs of things that look alike, in the order in which they are worth looking at."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Pair:
    """Two things by their numbers, the lower one first, and in what they are alike: "mail", "phone", "name"…"""

    first: int
    second: int
    reasons: tuple[str, ...]


def surest(found: Mapping[tuple[int, int], Sequence[str]], apart: Iterable[tuple[int, int]], most: int) -> list[Pair]:
    """At most `most` pairs of `found` (numbers -> reasons), those with most reasons first; none of those `apart`."""
    apart = set(apart)
    ordered = sorted((one for one in found.items() if one[0] not in apart), key=lambda one: (-len(one[1]), one[0]))
    return [Pair(first, second, tuple(reasons)) for (first, second), reasons in ordered[:most]]
