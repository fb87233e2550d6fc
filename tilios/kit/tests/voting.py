"""Elections drawn by hypothesis, and what it takes to move them about."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

Election = tuple[list[int], list[tuple[dict[int, int], int]]]


@st.composite
def rankings(
    draw: st.DrawFn, *, strict: bool = False, most: int = 5, voters: int = 12, heaviest: int = 4, whole: bool = False
) -> Election:
    """Options and ballots of ranks with weights; with `strict` no two options of a ballot are level,
    with `whole` every ballot ranks all of them."""
    options = list(range(1, draw(st.integers(2, most)) + 1))
    if whole:
        one: Any = st.permutations(options).map(lambda order: {option: rank for rank, option in enumerate(order, 1)})
    elif strict:
        one = st.lists(st.sampled_from(options), unique=True).map(
            lambda order: {option: rank for rank, option in enumerate(order, 1)}
        )
    else:
        one = st.dictionaries(st.sampled_from(options), st.integers(1, len(options)))
    return options, draw(st.lists(st.tuples(one, st.integers(1, heaviest)), max_size=voters))


def renamed(names: Mapping[int, int], ballots: list[tuple[dict[int, int], int]]) -> list[tuple[dict[int, int], int]]:
    return [({names[option]: value for option, value in marks.items()}, weight) for marks, weight in ballots]


def copies(ballots: list[tuple[dict[int, int], int]]) -> list[tuple[dict[int, int], int]]:
    """Each ballot of weight w as w ballots of weight 1."""
    return [(marks, 1) for marks, weight in ballots for _copy in range(weight)]


def tally(ballots: list[tuple[dict[int, int], int]]) -> dict[int, dict[int, int]]:
    """option -> value -> weight."""
    found: dict[int, dict[int, int]] = {}
    for marks, weight in ballots:
        for option, value in marks.items():
            values = found.setdefault(option, {})
            values[value] = values.get(value, 0) + weight
    return found
