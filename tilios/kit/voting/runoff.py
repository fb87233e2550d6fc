"""The instant run-off (alternative vote): the last goes out and its ballots go on, until one has more than half."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tilios.kit.voting.ballots import Tiers, Weighted
from tilios.kit.voting.piles import Piles, Settled, lowest


@dataclass(frozen=True)
class Round:
    """`tally` is counted before `out` goes; `settled` says how it was chosen where several were last."""

    tally: Mapping[int, int]
    exhausted: int  # voices of ballots that rank nobody left
    out: tuple[int, ...] = ()
    settled: Settled | None = None


@dataclass(frozen=True)
class Runoff:
    rounds: tuple[Round, ...]
    winners: tuple[int, ...]
    order: Tiers  # the winners, those left, then those that went out, the last to go first

    @property
    def ballots(self) -> int:
        return sum(self.rounds[0].tally.values()) if self.rounds else 0


def runoff(options: Sequence[int], ballots: Weighted) -> Runoff:
    """Ends when an option has more than half of the voices still in play, or when all those left are level.

    Options without any first choice go out together in the first round: no ballot moves by it.
    """
    piles = Piles.of(options, ballots)
    rounds: list[Round] = []
    history: list[Mapping[int, int]] = []
    gone: list[tuple[int, ...]] = []
    while True:
        tally = piles.tally()
        history.append(tally)
        in_play = sum(tally.values())
        if not in_play:
            return Runoff(
                (Round(tally, piles.exhausted),) if not rounds else tuple(rounds), (), (tuple(sorted(tally)),)
            )
        most = max(tally.values())
        winners = tuple(one for one, voices in tally.items() if voices == most)
        if 2 * most > in_play or len(winners) == len(tally):
            rounds.append(Round(tally, piles.exhausted))
            rest = sorted(set(tally) - set(winners), key=lambda one: (-tally[one], one))
            levels = [
                tuple(one for one in rest if tally[one] == voices)
                for voices in sorted({tally[one] for one in rest}, reverse=True)
            ]
            return Runoff(tuple(rounds), winners, (winners, *levels, *reversed(gone)))
        empty = tuple(one for one, voices in tally.items() if not voices)
        settled = None
        if empty:
            out = empty
        else:
            last, settled = lowest(history, set(tally))
            out = (last,)
        rounds.append(Round(tally, piles.exhausted, out, settled))
        gone.append(out)
        lifted = [piles.take(one) for one in out]
        for parcels in lifted:
            piles.lay(parcels)
