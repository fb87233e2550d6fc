"""Counting methods: 10,000 whole ballots on 30 options, beside an independent library where there is one.

Every ballot is different, so that grouping equal ballots gains nothing. Time is that of the count alone.
"""

import random
import time
from collections.abc import Callable
from typing import Any

from bench.measure import Row, compare
from tilios.kit.voting.borda import borda
from tilios.kit.voting.condorcet import ranked_pairs, schulze
from tilios.kit.voting.consent import consent
from tilios.kit.voting.draw import drawn
from tilios.kit.voting.judgment import judgment
from tilios.kit.voting.runoff import runoff
from tilios.kit.voting.scores import scores
from tilios.kit.voting.stv import transferable

BALLOTS, OPTIONS, SEATS = 10_000, 30, 5
ROUNDS = 3


def run() -> list[Row]:
    chance = random.Random(1)
    options = list(range(1, OPTIONS + 1))
    orders = [sorted(options, key=lambda one: one * chance.random()) for _ballot in range(BALLOTS)]
    ballots = [({one: rank for rank, one in enumerate(order, 1)}, 1) for order in orders]
    values = {one: {value: chance.randrange(1, 600) for value in range(7)} for one in options}
    judges = max(sum(found.values()) for found in values.values())
    alone: dict[str, Callable[[], Any]] = {
        "ranked pairs": lambda: ranked_pairs(options, ballots),
        "Borda": lambda: borda(options, ballots),
        "majority judgment": lambda: judgment(options, values, judges, 7),
        "points and scores": lambda: scores(options, values),
        "consent": lambda: consent(options, values),
        "draw": lambda: drawn("seed", [(one, "") for one in options]),
    }
    rows = [
        *_beside("Schulze", lambda: schulze(options, ballots), "schulze_condorcet", _schulze(orders)),
        *_beside("run-off", lambda: runoff(options, ballots), "pyrankvote", _pyrankvote(orders, 1)),
        *_beside(
            f"STV, {SEATS} seats",
            lambda: transferable(options, ballots, SEATS),
            "pyrankvote",
            _pyrankvote(orders, SEATS),
        ),
    ]
    for what, count in alone.items():
        rows += compare(what, {"tilios": _timed(count)}, unit="ms", rounds=ROUNDS)
    return rows


def _beside(what: str, ours: Callable[[], Any], name: str, theirs: Callable[[], Any]) -> list[Row]:
    return compare(what, {"tilios": _timed(ours), name: _timed(theirs)}, unit="ms", rounds=ROUNDS)


def _timed(work: Callable[[], Any]) -> Callable[[], float]:
    def once() -> float:
        start = time.perf_counter()
        work()
        return (time.perf_counter() - start) * 1000

    return once


def _schulze(orders: list[list[int]]) -> Callable[[], Any]:
    from schulze_condorcet import schulze_evaluate

    votes = [">".join(f"{one:02}" for one in order) for order in orders]
    candidates = [f"{one:02}" for one in range(1, OPTIONS + 1)]
    return lambda: schulze_evaluate(votes, candidates)


def _pyrankvote(orders: list[list[int]], seats: int) -> Callable[[], Any]:
    import pyrankvote

    candidates = {one: pyrankvote.Candidate(str(one)) for one in range(1, OPTIONS + 1)}
    cast = [pyrankvote.Ballot([candidates[one] for one in order]) for order in orders]
    if seats == 1:
        return lambda: pyrankvote.instant_runoff_voting(list(candidates.values()), cast)
    return lambda: pyrankvote.single_transferable_vote(list(candidates.values()), cast, number_of_seats=seats)
