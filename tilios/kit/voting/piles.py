"""The piles of a count by transfers: each ballot lies on the pile of the option it ranks highest among those left.

Shared by the instant run-off and the transferable vote, with the rule that settles who goes out among those level:
fewest voices in the round before, or the one before it, and so on; then a draw that anyone can do again, whose seed is
the figures of the first round.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tilios.kit.voting.ballots import Weighted, grouped, ranked
from tilios.kit.voting.draw import drawn

EARLIER, LOT = "earlier", "lot"


@dataclass(frozen=True)
class Settled:
    """How one of those level was chosen: `how` is EARLIER (with the `round`) or LOT (with the `seed`)."""

    level: tuple[int, ...]
    chosen: int
    how: str
    round: int = 0
    seed: str = ""


@dataclass
class Parcel:
    """Equal papers: where they are in their own order, how many, and the value left to each."""

    order: tuple[int, ...]
    at: int
    papers: int
    value: int


@dataclass
class Piles:
    """`left` are options still in the count; `exhausted` the value of papers that rank none of them any more."""

    left: set[int]
    piles: dict[int, list[Parcel]] = field(default_factory=dict)
    exhausted: int = 0

    @classmethod
    def of(cls, options: Sequence[int], ballots: Weighted, *, unit: int = 1) -> "Piles":
        """Every ballot on its first choice, worth `unit` a voice. Of options ranked level, all but the first number
        would be lost: the form of a poll refuses such ballots."""
        orders = grouped(
            (tuple(option for tier in tiers for option in tier), weight)
            for tiers, weight in ranked(ballots, options).items()
        )
        made = cls(set(options), {option: [] for option in options})
        for order, weight in orders.items():
            made._lay(Parcel(order, 0, weight, unit))
        return made

    def tally(self) -> dict[int, int]:
        return {one: sum(parcel.papers * parcel.value for parcel in self.piles[one]) for one in sorted(self.piles)}

    def take(self, option: int) -> list[Parcel]:
        """Lift the pile of an option, which leaves the count."""
        self.left.discard(option)
        return self.piles.pop(option)

    def lay(self, parcels: list[Parcel]) -> None:
        for parcel in parcels:
            self._lay(parcel)

    def _lay(self, parcel: Parcel) -> None:
        for at in range(parcel.at, len(parcel.order)):
            if parcel.order[at] in self.left:
                self.piles[parcel.order[at]].append(Parcel(parcel.order, at, parcel.papers, parcel.value))
                return
        self.exhausted += parcel.papers * parcel.value


def seed_of(tally: Mapping[int, int]) -> str:
    """The seed of draws among those level: the voices of the first round, in the order of the options."""
    return "-".join(str(voices) for _option, voices in sorted(tally.items()))


def lowest(history: Sequence[Mapping[int, int]], among: set[int]) -> tuple[int, Settled | None]:
    """Which of `among` goes out after the rounds of `history`, the last of which is now."""
    return _one(history, among, least=True)


def highest(history: Sequence[Mapping[int, int]], among: set[int]) -> tuple[int, Settled | None]:
    return _one(history, among, least=False)


def _one(history: Sequence[Mapping[int, int]], among: set[int], *, least: bool) -> tuple[int, Settled | None]:
    pick = min if least else max
    level = {one for one in among if history[-1][one] == pick(history[-1][other] for other in among)}
    if len(level) == 1:
        return level.pop(), None
    told = tuple(sorted(level))
    for number in range(len(history) - 1, 0, -1):
        earlier = history[number - 1]
        level = {one for one in level if earlier[one] == pick(earlier[other] for other in level)}
        if len(level) == 1:
            chosen = level.pop()
            return chosen, Settled(told, chosen, EARLIER, round=number)
    seed = seed_of(history[0])
    chosen = drawn(seed, [(option, "") for option in level])[0].number
    return chosen, Settled(told, chosen, LOT, seed=seed)
