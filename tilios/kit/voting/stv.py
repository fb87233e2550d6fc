"""The single transferable vote, for several seats.

Droop's quota; a surplus is transferred by the weighted inclusive Gregory method: every paper of the elected option
goes on, each with the same share of the value it had. Values are counted in billionths of a voice and rounded down;
what rounding loses is kept in each round (`lost`), so that the voices of every round add up to those cast, exactly.
Fractions would be exact, and grow twice as long with every surplus: the laws that prescribe this count round to five
decimals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tilios.kit.voting.ballots import Weighted
from tilios.kit.voting.piles import Parcel, Piles, Settled, highest, lowest

VOICE = 10**9  # units of one voice


@dataclass(frozen=True)
class Round:
    """`tally` in units of VOICE, before what the round does: elect, transfer the surplus of one, or put one out."""

    tally: Mapping[int, int]  # of options in the count, elected ones whose surplus waits included
    kept: Mapping[int, int]  # what those elected earlier keep
    exhausted: int
    lost: int
    elected: tuple[int, ...] = ()  # in this round
    surplus_of: int | None = None
    surplus: int = 0
    out: tuple[int, ...] = ()
    settled: Settled | None = None


@dataclass(frozen=True)
class Transferable:
    """`elected` in the order of their election; `level` are those who remain level for the last seats."""

    quota: int  # whole voices
    seats: int
    rounds: tuple[Round, ...]
    elected: tuple[int, ...]
    level: tuple[int, ...] = ()
    ballots: int = 0


def transferable(options: Sequence[int], ballots: Weighted, seats: int) -> Transferable:
    """Count until `seats` are filled, or until all those left are level and more than the seats left."""
    piles = Piles.of(options, ballots, unit=VOICE)
    total = sum(piles.tally().values()) // VOICE
    quota = total // (seats + 1) + 1
    count = _Count(piles, quota * VOICE, seats)
    while total and not count.over:
        count.round()
    return Transferable(quota, seats, tuple(count.rounds), tuple(count.elected), count.level, total)


class _Count:
    """The state between two rounds."""

    def __init__(self, piles: Piles, quota: int, seats: int) -> None:
        self.piles, self.quota, self.seats = piles, quota, seats
        self.rounds: list[Round] = []
        self.history: list[Mapping[int, int]] = []
        self.elected: list[int] = []
        self.waiting: set[int] = set()  # elected, with a surplus to transfer
        self.kept: dict[int, int] = {}
        self.lost = 0
        self.level: tuple[int, ...] = ()
        self.over = False

    def round(self) -> None:
        tally = self.piles.tally()
        self.history.append(tally)
        hopeful = set(tally) - self.waiting
        fresh = sorted((one for one in hopeful if tally[one] >= self.quota), key=lambda one: (-tally[one], one))
        hopeful -= set(fresh)
        if len(hopeful) <= self.seats - len(self.elected) - len(fresh):  # as many left as seats
            fresh += sorted(hopeful, key=lambda one: (-tally[one], one))
            hopeful = set()
        self.elected += fresh
        self.waiting |= set(fresh)
        base = {"tally": tally, "kept": dict(self.kept), "exhausted": self.piles.exhausted, "lost": self.lost}
        if len(self.elected) >= self.seats or not hopeful:
            self._end(Round(**base, elected=tuple(fresh)))  # type: ignore[arg-type]
        elif surpluses := self._surpluses(tally):
            one, settled = highest(self.history, surpluses)
            surplus = tally[one] - self.quota
            self.rounds.append(
                Round(**base, elected=tuple(fresh), surplus_of=one, surplus=surplus, settled=settled)  # type: ignore[arg-type]
            )
            self._transfer(one, tally[one], surplus)
        elif len({tally[one] for one in hopeful}) == 1 and len(hopeful) > self.seats - len(self.elected):
            self.level = tuple(sorted(hopeful))
            self._end(Round(**base, elected=tuple(fresh)))  # type: ignore[arg-type]
        else:
            self._put_out(base, tuple(fresh), tally, hopeful)

    def _surpluses(self, tally: Mapping[int, int]) -> set[int]:
        return {one for one in self.waiting if tally[one] > self.quota}

    def _end(self, last: Round) -> None:
        self.rounds.append(last)
        self.over = True

    def _transfer(self, one: int, voices: int, surplus: int) -> None:
        """The papers of `one` go on with surplus/voices of their value; it keeps the quota."""
        self.waiting.discard(one)
        self.kept[one] = self.quota
        parcels = self.piles.take(one)
        # Those elected take no more voices: papers pass over them.
        passing = [
            Parcel(parcel.order, parcel.at, parcel.papers, parcel.value * surplus // voices) for parcel in parcels
        ]
        self.lost += surplus - sum(parcel.papers * parcel.value for parcel in passing)
        self._lay(passing)

    def _put_out(self, base: dict, fresh: tuple[int, ...], tally: Mapping[int, int], hopeful: set[int]) -> None:
        empty = tuple(sorted(one for one in hopeful if not tally[one]))
        settled = None
        if empty and len(hopeful) - len(empty) < self.seats - len(self.elected):
            # Whoever has a voice is sure of a seat; those without any are level for the rest.
            sure = sorted(hopeful - set(empty), key=lambda one: (-tally[one], one))
            self.elected += sure
            self.level = empty
            self._end(Round(**base, elected=(*fresh, *sure)))
            return
        if empty:
            out = empty
        else:
            last, settled = lowest(self.history, hopeful)
            out = (last,)
        self.rounds.append(Round(**base, elected=fresh, out=out, settled=settled))
        lifted = [self.piles.take(one) for one in out]
        for parcels in lifted:
            self._lay(parcels)

    def _lay(self, parcels: list[Parcel]) -> None:
        closed = self.piles.left & self.waiting
        self.piles.left -= closed
        self.piles.lay(parcels)
        self.piles.left |= closed
