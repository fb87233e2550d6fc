"""What every method takes: ballots with weights, grouped so that equal ones are counted once."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

Key = TypeVar("Key", bound=Hashable)

Marks = Mapping[int, int]  # option -> rank (1 is the best), grade or points
Weighted = Iterable[tuple[Marks, int]]
Tiers = tuple[tuple[int, ...], ...]  # options from the best; those of one tier are level


def grouped(ballots: Iterable[tuple[Key, int]]) -> dict[Key, int]:
    """How much each different ballot weighs."""
    weights: dict[Key, int] = {}
    for ballot, weight in ballots:
        weights[ballot] = weights.get(ballot, 0) + weight
    return weights


def tiers(marks: Marks, options: Sequence[int]) -> Tiers:
    """The options a ballot ranks, the best first; options of other polls are left out."""
    known = set(options)
    ranks: dict[int, list[int]] = {}
    for option, rank in marks.items():
        if option in known:
            ranks.setdefault(rank, []).append(option)
    return tuple(tuple(sorted(level)) for _rank, level in sorted(ranks.items()))


def ranked(ballots: Weighted, options: Sequence[int]) -> dict[Tiers, int]:
    """Ballots of ranks, grouped by what they say: ranks 1, 2 and 3, 7 are the same ballot; empty ones are dropped."""
    known = set(options)
    raw = grouped(
        (tuple(sorted(pair for pair in marks.items() if pair[0] in known)), weight) for marks, weight in ballots
    )
    found = grouped((tiers(dict(marks), options), weight) for marks, weight in raw.items())
    found.pop((), None)
    return found


def by_merit(merits: Mapping[int, Any]) -> Tiers:
    """Options from the highest merit to the lowest; those of equal merit are level, in the order of their numbers."""
    levels: dict[Any, list[int]] = {}
    for option, merit in merits.items():
        levels.setdefault(merit, []).append(option)
    return tuple(tuple(sorted(levels[merit])) for merit in sorted(levels, reverse=True))
