"""Majority judgment (Michel Balinski and Rida Laraki): every option gets a grade from each; the median grade decides.

Level medians are told apart as its authors define it: take away one grade equal to the median from each option, look
at the new median, and again. Grades taken so are read from the middle outwards, so the whole comparison needs only the
places where a grade changes: a few steps whatever the number of ballots.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from tilios.kit.voting.ballots import Tiers, by_merit


@dataclass(frozen=True)
class Profile:
    """What one option got: `counts[grade]`, the median, the weights of grades better and worse than it."""

    counts: tuple[int, ...]
    median: int
    better: int
    worse: int

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class TieBreak:
    """Options of equal median: after taking away `removed` grades from each, `ahead` has a median above `behind`."""

    ahead: int
    behind: int
    removed: int
    grade_ahead: int
    grade_behind: int


@dataclass(frozen=True)
class Judgment:
    profiles: Mapping[int, Profile]
    order: Tiers
    tie_breaks: tuple[TieBreak, ...]  # between neighbours of the order whose medians are level
    judges: int

    @property
    def winners(self) -> tuple[int, ...]:
        return self.order[0] if self.judges else ()


def judgment(options: Sequence[int], tally: Mapping[int, Mapping[int, int]], judges: int, grades: int) -> Judgment:
    """`tally[option][grade]` is a weight; grades go from 0, the worst, to `grades` - 1.

    Whoever did not judge an option (of `judges`, a weight) has given it the worst grade: options are then compared on
    as many grades.
    """
    counts = {}
    for option in options:
        given = [tally.get(option, {}).get(grade, 0) for grade in range(grades)]
        given[0] += judges - sum(given)
        counts[option] = tuple(given)
    if not judges:
        return Judgment(
            {one: Profile(found, 0, 0, 0) for one, found in counts.items()}, (tuple(sorted(options)),), (), 0
        )
    changes = {step for found in counts.values() for step in _changes(found)}
    steps = sorted(step for step in {0, 1} | changes if step < judges)
    keys = {option: tuple(nth_median(found, step) for step in steps) for option, found in counts.items()}
    order = by_merit(keys)
    return Judgment({one: _profile(found) for one, found in counts.items()}, order, _breaks(order, keys, steps), judges)


def nth_median(counts: Sequence[int], step: int) -> int:
    """The (lower) median once `step` medians have been taken away one after the other."""
    place = _place(sum(counts), step)
    return next(grade for grade, upto in enumerate(accumulate(counts)) if place < upto)


def _place(total: int, step: int) -> int:
    """Where the grade taken at `step` stands among the sorted grades: the lower middle, then right and left in turn."""
    middle = (total - 1) // 2
    away = (step + 1) // 2
    right_first = total % 2 == 0
    return middle + away if (step % 2 == 1) == right_first else middle - away


def _changes(counts: Sequence[int]) -> set[int]:
    """The steps at which the grades taken, to the left or to the right of the middle, become another grade."""
    total = sum(counts)
    middle = (total - 1) // 2
    found: set[int] = set()
    for edge in accumulate(counts):
        if 0 < edge < total:
            # The first place right of the edge is `edge`, the first left of it `edge - 1`.
            away = edge - middle if edge > middle else middle - (edge - 1)
            found |= {2 * away, 2 * away - 1}
    return {step for step in found if step >= 0}


def _profile(counts: tuple[int, ...]) -> Profile:
    median = nth_median(counts, 0)
    return Profile(counts, median, better=sum(counts[median + 1 :]), worse=sum(counts[:median]))


def _breaks(order: Tiers, keys: Mapping[int, tuple[int, ...]], steps: Sequence[int]) -> tuple[TieBreak, ...]:
    found = []
    for level, below in pairwise(order):
        ahead, behind = keys[level[0]], keys[below[0]]
        if ahead[0] == behind[0]:
            at = next(index for index in range(len(steps)) if ahead[index] != behind[index])
            found.append(TieBreak(level[0], below[0], steps[at], ahead[at], behind[at]))
    return tuple(found)
