"""Borda's count: as many points as options ranked below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tilios.kit.voting.ballots import Tiers, Weighted, by_merit, ranked


@dataclass(frozen=True)
class Borda:
    points: Mapping[int, Fraction]  # halves at the finest
    order: Tiers
    ballots: int

    @property
    def winners(self) -> tuple[int, ...]:
        return self.order[0] if self.ballots else ()


def borda(options: Sequence[int], ballots: Weighted) -> Borda:
    """The best of n options gets n-1 points, the last none; level ones, and those left out, share what they stand for.

    Every ballot so gives n(n-1)/2 points, however many options it ranks.
    """
    number = len(options)
    halves = dict.fromkeys(options, 0)
    groups = ranked(ballots, options)
    for levels, weight in groups.items():
        seen: set[int] = set()
        for level in levels:
            for option in level:
                halves[option] += (2 * (number - 1 - len(seen)) - (len(level) - 1)) * weight
            seen.update(level)
        rest = number - len(seen)
        for option in options:
            if option not in seen:
                halves[option] += (rest - 1) * weight
    return Borda({one: Fraction(half, 2) for one, half in halves.items()}, by_merit(halves), sum(groups.values()))
