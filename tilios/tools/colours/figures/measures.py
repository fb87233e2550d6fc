"""The figures of one statement, from how many gave each answer.

White and black are always counted and shown; they enter no mean. Weights of voices multiply what each one gives.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from tilios.tools.colours.scales import BLACK, WHITE, Scale

#: From which share of those who gave a colour, at both ends of the scale, opinions are said to be split in two.
CLEAVED_FROM = 0.20


@dataclass(frozen=True)
class Sums:
    """How many (weights added up) gave each colour, white, black."""

    counts: tuple[int, ...]
    white: int = 0
    black: int = 0

    @property
    def expressed(self) -> int:
        """Those who gave a colour."""
        return sum(self.counts)

    @property
    def answered(self) -> int:
        return self.expressed + self.white + self.black

    def __add__(self, other: "Sums") -> "Sums":
        counts = tuple(one + two for one, two in zip(self.counts, other.counts, strict=True))
        return Sums(counts, self.white + other.white, self.black + other.black)


def sums_of(answers: Iterable[tuple[int, int]], levels: int) -> Sums:
    """The sums of (answer, weight) pairs on a scale of `levels` colours."""
    counts, white, black = [0] * levels, 0, 0
    for answer, weight in answers:
        if answer == WHITE:
            white += weight
        elif answer == BLACK:
            black += weight
        else:
            counts[answer] += weight
    return Sums(tuple(counts), white, black)


@dataclass(frozen=True)
class Figures:
    """What is said of one statement. None where nobody gave a colour: a mean of nothing is nothing.

    | figure | is |
    |---|---|
    | proportions | share of each answer among all given: colours, then white, then black; they sum to 1 |
    | mean | mean of the weights of the colours given |
    | median | the colour of the middle: half of those who gave a colour are at it or before it; the less favourable of
      two when the middle falls between them |
    | spread | standard deviation (of the whole population) of the weights |
    | consensus | 1 - spread / the largest spread the scale allows: 1 when all gave one colour, 0 when half stand at
      each end |
    | is_cleaved | a fifth or more at each of the two ends |
    | opacity | share of black among all answers |
    """

    answered: int
    expressed: int
    proportions: tuple[float, ...]
    mean: float | None
    median: int | None
    spread: float | None
    consensus: float | None
    is_cleaved: bool
    opacity: float
    position: float | None = None  # the mean on a line from 0 (least favourable) to 1 (most), for drawings


def of(sums: Sums, scale: Scale) -> Figures:
    """The figures of these sums. Exact where whole numbers allow: sums are added before anything is divided."""
    total, expressed = sums.answered, sums.expressed
    every = (*sums.counts, sums.white, sums.black)
    proportions = tuple(count / total for count in every) if total else tuple(0.0 for _count in every)
    opacity = sums.black / total if total else 0.0
    if not expressed:
        return Figures(total, 0, proportions, None, None, None, None, False, opacity)
    weights = scale.weights
    mean = math.fsum(weight * count for weight, count in zip(weights, sums.counts, strict=True)) / expressed
    variance = math.fsum(count * (weight - mean) ** 2 for weight, count in zip(weights, sums.counts, strict=True))
    spread = math.sqrt(variance / expressed)
    widest = (weights[0] - weights[-1]) / 2  # half of them at each end
    ends = sums.counts[0] / expressed, sums.counts[-1] / expressed
    return Figures(
        answered=total,
        expressed=expressed,
        proportions=proportions,
        mean=mean,
        median=_median(sums.counts),
        spread=spread,
        consensus=min(1.0, max(0.0, 1 - spread / widest)),
        is_cleaved=min(ends) >= CLEAVED_FROM,
        opacity=opacity,
        position=(mean - weights[-1]) / (weights[0] - weights[-1]),
    )


def _median(counts: tuple[int, ...]) -> int:
    """The colour at which more than half has been passed; between two, the less favourable."""
    half, reached = sum(counts), 0
    for rank, count in enumerate(counts):
        reached += count
        if 2 * reached > half:
            return rank
    return len(counts) - 1
