"""Options compared two by two: duels, Schulze, ranked pairs.

An option is preferred to another by the ballots that rank it higher, or rank it and not the other. The strength of a
victory is the number of voices for the winner ("winning votes"), which bears ballots that rank few options.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tilios.kit.voting.ballots import Tiers, Weighted, ranked

Pair = tuple[int, int]


@dataclass(frozen=True)
class Duels:
    """`voices[a, b]` is the weight of the ballots that prefer a to b."""

    options: tuple[int, ...]
    voices: Mapping[Pair, int]
    ballots: int  # the weight of ballots that rank something

    def beats(self, one: int, other: int) -> bool:
        return self.voices[one, other] > self.voices[other, one]

    @cached_property
    def victories(self) -> list[Pair]:
        """(winner, loser), the strongest first: most voices for, then fewest against; equal ones by their numbers."""
        found = [pair for pair in self.voices if self.beats(*pair)]
        return sorted(found, key=lambda pair: (*self.strength(pair), *pair))

    def strength(self, pair: Pair) -> tuple[int, int]:
        """What victories are sorted by, rising from the strongest."""
        return -self.voices[pair], self.voices[pair[1], pair[0]]

    def won(self, option: int) -> int:
        return sum(self.beats(option, other) for other in self.options if other != option)

    @property
    def winner(self) -> int | None:
        """The Condorcet winner, who beats every other option; often there is one, not always."""
        if not self.ballots:
            return None
        return next((option for option in self.options if self.won(option) == len(self.options) - 1), None)


def duels(options: Sequence[int], ballots: Weighted) -> Duels:
    """Count every duel. A ballot costs one addition of a long number an option, not one an opponent."""
    groups = ranked(ballots, options)
    total = sum(groups.values())
    width = total.bit_length() + 1  # bits of one counter: the voices against each option, side by side in one number
    place = {option: index * width for index, option in enumerate(options)}
    everybody = sum(1 << shift for shift in place.values())
    rows = dict.fromkeys(options, 0)
    for levels, weight in groups.items():
        below = everybody
        for level in levels:
            for option in level:
                below ^= 1 << place[option]
            worth = below * weight
            for option in level:
                rows[option] += worth
    mask = (1 << width) - 1
    voices = {(a, b): rows[a] >> place[b] & mask for a in options for b in options if a != b}
    return Duels(tuple(options), voices, total)


@dataclass(frozen=True)
class Schulze:
    """`paths[a, b]`: the strength of the strongest chain of victories from a to b, that of its weakest link."""

    duels: Duels
    paths: Mapping[Pair, int]
    routes: Mapping[Pair, tuple[int, ...]]  # one such chain, from a to b
    order: Tiers

    @property
    def winners(self) -> tuple[int, ...]:
        return self.order[0] if self.duels.ballots else ()


def schulze(options: Sequence[int], ballots: Weighted) -> Schulze:
    """Markus Schulze's method: an option comes before another when its strongest chain to it is the stronger one."""
    counted = duels(options, ballots)
    paths = {pair: counted.voices[pair] if counted.beats(*pair) else 0 for pair in counted.voices}
    step = {pair: pair[1] for pair, strength in paths.items() if strength}
    for via in options:
        for start in options:
            first = paths.get((start, via), 0)
            if not first:
                continue
            for end in options:
                if end in (start, via):
                    continue
                through = min(first, paths[via, end])
                if through > paths[start, end]:
                    paths[start, end] = through
                    step[start, end] = step[start, via]
    return Schulze(counted, paths, {pair: _route(step, *pair) for pair in step}, _order(options, paths))


def _route(step: Mapping[Pair, int], start: int, end: int) -> tuple[int, ...]:
    route = [start]
    while route[-1] != end:
        route.append(step[route[-1], end])
    return tuple(route)


def _order(options: Sequence[int], paths: Mapping[Pair, int]) -> Tiers:
    """Take away those whom nobody left comes before, again and again: those taken together are level."""
    left, order = set(options), []
    while left:
        first = [one for one in left if all(paths[one, other] >= paths[other, one] for other in left if other != one)]
        order.append(tuple(sorted(first)))
        left -= set(first)
    return tuple(order)


@dataclass(frozen=True)
class Lock:
    """One victory taken in its turn: `kept`, or left out because with the others it would go round in a circle."""

    pair: Pair
    voices: int
    against: int
    kept: bool


@dataclass(frozen=True)
class RankedPairs:
    duels: Duels
    locks: tuple[Lock, ...]
    order: Tiers

    @property
    def winners(self) -> tuple[int, ...]:
        return self.order[0] if self.duels.ballots else ()


def ranked_pairs(options: Sequence[int], ballots: Weighted) -> RankedPairs:
    """Nicolaus Tideman's method: victories from the strongest, each kept unless it contradicts those kept before.

    Victories of equal strength are taken together, so that no order of the options decides: those of them that would
    close a circle, with those kept before or among themselves, are all left out.
    """
    counted = duels(options, ballots)
    after: dict[int, set[int]] = {option: set() for option in options}
    locks: list[Lock] = []
    victories = counted.victories
    while victories:
        equal = [pair for pair in victories if counted.strength(pair) == counted.strength(victories[0])]
        victories = victories[len(equal) :]
        tried = {option: set(found) for option, found in after.items()}
        for winner, loser in equal:
            tried[winner].add(loser)
        reached = {start: _reach(tried, start) for start in {loser for _winner, loser in equal}}
        for winner, loser in equal:
            kept = winner not in reached[loser]
            if kept:
                after[winner].add(loser)
            locks.append(Lock((winner, loser), counted.voices[winner, loser], counted.voices[loser, winner], kept))
    return RankedPairs(counted, tuple(locks), _layers(options, after))


def _reach(after: Mapping[int, set[int]], start: int) -> set[int]:
    seen, waiting = {start}, [start]
    while waiting:
        fresh = after[waiting.pop()] - seen
        seen |= fresh
        waiting += fresh
    return seen


def _layers(options: Sequence[int], after: Mapping[int, set[int]]) -> Tiers:
    left, layers = set(options), []
    while left:
        beaten = set().union(*(after[option] for option in left))
        layers.append(tuple(sorted(left - beaten)))
        left &= beaten
    return tuple(layers)
