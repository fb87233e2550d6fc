"""Points shared and scores given: sums, means, spread."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tilios.kit.voting.ballots import Tiers, by_merit


@dataclass(frozen=True)
class Score:
    """`given` is the weight of those who gave something; mean and spread are of what they gave, None if nobody."""

    total: int
    given: int
    mean: Fraction | None
    spread: float | None  # standard deviation


@dataclass(frozen=True)
class Scores:
    scores: Mapping[int, Score]
    order: Tiers

    @property
    def winners(self) -> tuple[int, ...]:
        """Those in front; nobody while all have nothing."""
        return self.order[0] if any(self.scores[one].total for one in self.order[0]) else ()


def scores(options: Sequence[int], tally: Mapping[int, Mapping[int, int]]) -> Scores:
    """`tally[option][value]` is a weight. Sorted by total."""
    found = {option: _score(tally.get(option, {})) for option in options}
    return Scores(found, by_merit({one: score.total for one, score in found.items()}))


def _score(values: Mapping[int, int]) -> Score:
    given = sum(values.values())
    total = sum(value * weight for value, weight in values.items())
    if not given:
        return Score(0, 0, None, None)
    mean = Fraction(total, given)
    variance = Fraction(sum(value * value * weight for value, weight in values.items()), given) - mean * mean
    return Score(total, given, mean, math.sqrt(variance))
