"""Borda, the instant run-off, the transferable vote: nothing lost, nothing decided by an order, and an oracle."""

from fractions import Fraction

import pyrankvote
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pyrankvote import Ballot, Candidate

from tilios.kit.tests.voting import Election, copies, rankings, renamed
from tilios.kit.voting.borda import borda
from tilios.kit.voting.piles import EARLIER, LOT
from tilios.kit.voting.runoff import runoff
from tilios.kit.voting.stv import VOICE, Transferable, transferable


def ballots_of(orders: list[tuple[str, int]]) -> list[tuple[dict[int, int], int]]:
    return [({ord(one): rank for rank, one in enumerate(order, 1)}, weight) for order, weight in orders]


TENNESSEE = ballots_of([("MNCK", 42), ("NCKM", 26), ("CKNM", 15), ("KCNM", 17)])


def test_the_capital_of_tennessee_by_borda_and_by_run_off() -> None:
    options = [*map(ord, "MNCK")]
    assert {chr(one): int(points) for one, points in borda(options, TENNESSEE).points.items()} == {
        "M": 126, "N": 194, "C": 173, "K": 107,
    }  # fmt: skip
    found = runoff(options, TENNESSEE)
    assert [[chr(one) for one in turn.out] for turn in found.rounds] == [["C"], ["N"], []]
    assert found.winners == (ord("K"),)


@given(rankings())
def test_every_ballot_gives_borda_the_same_number_of_points(election: Election) -> None:
    options, ballots = election
    number = len(options)
    found = borda(options, ballots)
    assert sum(found.points.values()) == found.ballots * Fraction(number * (number - 1), 2)


@given(rankings(), st.data())
def test_borda_knows_neither_order_and_a_weight_is_so_many_ballots(election: Election, data: st.DataObject) -> None:
    options, ballots = election
    new = dict(zip(options, data.draw(st.permutations(options)), strict=True))
    moved = borda([new[one] for one in options], data.draw(st.permutations(renamed(new, ballots))))
    assert {new[one]: points for one, points in borda(options, ballots).points.items()} == moved.points
    assert borda(options, ballots) == borda(options, copies(ballots))


# The instant run-off


@given(rankings(strict=True))
def test_every_round_of_a_run_off_adds_up_to_the_ballots(election: Election) -> None:
    options, ballots = election
    cast = sum(weight for marks, weight in ballots if marks)
    found = runoff(options, ballots)
    assert all(sum(turn.tally.values()) + turn.exhausted == cast for turn in found.rounds)
    assert sorted(one for tier in found.order for one in tier) == options


@given(rankings(strict=True), st.data())
def test_a_run_off_knows_no_order_as_long_as_no_lot_was_drawn(election: Election, data: st.DataObject) -> None:
    options, ballots = election
    new = dict(zip(options, data.draw(st.permutations(options)), strict=True))
    before = runoff(options, ballots)
    assert before == runoff(options[::-1], data.draw(st.permutations(ballots)))
    assume(not any(turn.settled and turn.settled.how == LOT for turn in before.rounds))
    after = runoff([new[one] for one in options], renamed(new, ballots))
    assert {new[one] for one in before.winners} == set(after.winners)


@given(rankings(strict=True))
def test_a_weight_is_so_many_ballots_of_a_run_off(election: Election) -> None:
    options, ballots = election
    assert runoff(options, ballots) == runoff(options, copies(ballots))


@given(rankings(strict=True))
def test_more_than_half_of_the_first_choices_win_at_once(election: Election) -> None:
    options, ballots = election
    first = runoff(options, ballots).rounds[0]
    for option, voices in first.tally.items():
        if 2 * voices > sum(first.tally.values()):
            assert runoff(options, ballots).winners == (option,)


def test_two_last_are_settled_by_the_round_before_and_it_is_told() -> None:
    # A 5, B 4, C 3, D 1: D's ballot goes to C, and C is then level with B, which had more in the first round.
    found = runoff([1, 2, 3, 4], [({1: 1}, 5), ({2: 1, 1: 2}, 4), ({3: 1, 1: 2}, 3), ({4: 1, 3: 2}, 1)])
    settled = found.rounds[1].settled
    assert settled
    assert (settled.level, settled.chosen, settled.how, settled.round) == ((2, 3), 3, EARLIER, 1)


def test_a_lot_that_must_be_drawn_has_a_seed_and_all_level_means_no_lot() -> None:
    found = runoff([1, 2, 3], [({1: 1}, 2), ({2: 1}, 1), ({3: 1}, 1)])
    settled = found.rounds[0].settled
    assert settled
    assert (settled.how, settled.seed, settled.level) == (LOT, "2-1-1", (2, 3))
    level = runoff([1, 2], [({1: 1}, 2), ({2: 1}, 2)])
    assert level.winners == (1, 2)
    assert level.rounds[0].settled is None


# The transferable vote


def chosen(found: Transferable) -> str:
    return "".join(chr(one) for one in found.elected)


def test_a_surplus_goes_on_at_its_share() -> None:
    # Quota 34. A has 60: 26/60 of each of its ballots goes on, 40 of them to B and 20 to C.
    found = transferable([*map(ord, "ABCD")], ballots_of([("AB", 40), ("AC", 20), ("C", 18), ("D", 22)]), seats=2)
    assert found.quota == 34
    first, second = found.rounds[0], found.rounds[1]
    assert (first.surplus_of, first.surplus) == (ord("A"), 26 * VOICE)
    assert second.tally[ord("B")] == 40 * (VOICE * 26 // 60)
    assert second.tally[ord("C")] == 18 * VOICE + 20 * (VOICE * 26 // 60)
    assert chosen(found) == "AC"


@given(rankings(strict=True, most=6, voters=20), st.integers(1, 4))
def test_every_round_of_a_transferable_vote_adds_up_to_the_voices_cast(election: Election, seats: int) -> None:
    options, ballots = election
    cast = sum(weight for marks, weight in ballots if marks)
    found = transferable(options, ballots, seats)
    for turn in found.rounds:
        assert sum(turn.tally.values()) + sum(turn.kept.values()) + turn.exhausted + turn.lost == cast * VOICE
        assert 0 <= turn.lost < cast * len(options)
    assert len(found.elected) <= seats
    assert len(set(found.elected)) == len(found.elected)
    assert not set(found.level) & set(found.elected)
    if cast and not found.level:
        assert len(found.elected) == min(seats, len(options))


@given(rankings(strict=True, most=6, voters=20), st.integers(1, 4), st.data())
def test_a_transferable_vote_knows_no_order_and_a_weight_is_so_many_ballots(
    election: Election, seats: int, data: st.DataObject
) -> None:
    options, ballots = election
    found = transferable(options, ballots, seats)
    assert found == transferable(options[::-1], data.draw(st.permutations(copies(ballots))), seats)
    assume(not any(turn.settled and turn.settled.how == LOT for turn in found.rounds))
    new = dict(zip(options, data.draw(st.permutations(options)), strict=True))
    after = transferable([new[one] for one in options], renamed(new, ballots), seats)
    assert {new[one] for one in found.elected} == set(after.elected)


@given(rankings(strict=True, most=6, voters=20), st.integers(2, 3))
def test_a_group_with_as_many_voices_as_quotas_gets_as_many_seats(election: Election, seats: int) -> None:
    """Proportionality for solid coalitions: those who rank the same options first are owed their share."""
    options, ballots = election
    group = set(options[:2])
    found = transferable(options, ballots, seats)
    solid = sum(
        weight for marks, weight in ballots if len(marks) >= 2 and set(sorted(marks, key=marks.get)[:2]) == group
    )
    assume(not found.level)
    assert len(group & set(found.elected)) >= min(solid // found.quota if found.quota else 0, len(group), seats)


def test_those_level_for_the_last_seat_are_told_level() -> None:
    found = transferable([*map(ord, "ABC")], ballots_of([("A", 4), ("B", 2), ("C", 2)]), seats=2)
    assert (chosen(found), found.level) == ("A", (ord("B"), ord("C")))


def test_a_seat_that_nobody_has_a_voice_for_stays_level() -> None:
    found = transferable([*map(ord, "ABCD")], ballots_of([("A", 5), ("B", 1)]), seats=3)
    assert (chosen(found), found.level) == ("AB", (ord("C"), ord("D")))


def test_nobody_is_elected_without_a_ballot() -> None:
    assert transferable([1, 2], [], 1).elected == ()


# Paper by paper, with exact fractions: slow and plain.


def by_hand(options: list[int], ballots: list[tuple[dict[int, int], int]], seats: int) -> set[int]:
    papers = [(sorted(marks, key=marks.get), Fraction(1)) for marks, _w in copies(ballots) if marks]
    quota, hopeful, elected = len(papers) // (seats + 1) + 1, set(options), []
    while len(elected) < seats:
        if len(elected) + len(hopeful) <= seats:
            return {*elected, *hopeful}
        voices = {one: sum(value for order, value in papers if first(order, hopeful) == one) for one in hopeful}
        above = max(voices, key=voices.get)
        if voices[above] >= quota:
            share = (voices[above] - quota) / voices[above]
            papers = [(order, value * share if first(order, hopeful) == above else value) for order, value in papers]
            elected.append(above)
            hopeful.discard(above)
        else:
            hopeful.discard(min(voices, key=voices.get))
    return set(elected)


def first(order: list[int], hopeful: set[int]) -> int | None:
    return next((one for one in order if one in hopeful), None)


# An independent library, for the run-off. pyrankvote draws level options by chance: only counts where no two options
# were ever level can be compared. Its transferable vote has another quota (voices divided by seats plus one, not
# rounded), shares a surplus among the papers that can go on, where ours counts all papers of the option, and passes the
# surpluses of a round on together: it elects others, so ours is compared with papers counted by hand, above.


def oracle(options: list[int], ballots: list[tuple[dict[int, int], int]]) -> tuple[list[Candidate], list[Ballot]]:
    candidates = {one: Candidate(str(one)) for one in options}
    cast = [Ballot([candidates[one] for one in sorted(marks, key=marks.get)]) for marks, _w in copies(ballots) if marks]
    return list(candidates.values()), cast


def was_level(tallies: list[dict[int, int]]) -> bool:
    rounded = [[round(voices / VOICE, 6) for voices in tally.values()] for tally in tallies]
    return any(len(set(voices)) < len(voices) for voices in rounded)


@settings(max_examples=60, suppress_health_check=[HealthCheck.filter_too_much])
@given(rankings(strict=True, most=5, voters=15, heaviest=20))
def test_the_run_off_agrees_with_an_independent_library_where_nothing_is_level(election: Election) -> None:
    options, ballots = election
    found = runoff(options, ballots)
    assume(found.winners)
    assume(not was_level([{one: n * VOICE for one, n in turn.tally.items()} for turn in found.rounds]))
    theirs = pyrankvote.instant_runoff_voting(*oracle(options, ballots)).get_winners()
    assert [int(one.name) for one in theirs] == list(found.winners)


@settings(max_examples=60, suppress_health_check=[HealthCheck.filter_too_much])
@given(rankings(strict=True, most=6, voters=12, heaviest=12), st.integers(2, 3))
def test_the_transferable_vote_agrees_with_papers_counted_by_hand(election: Election, seats: int) -> None:
    options, ballots = election
    found = transferable(options, ballots, seats)
    assume(len(found.elected) == min(seats, len(options)))
    # One elected a round: two at once have their surpluses passed on in turn, while by hand the second still gains.
    assume(all(len(turn.elected) <= 1 for turn in found.rounds[:-1]))
    assume(not was_level([dict(turn.tally) for turn in found.rounds]))
    assert by_hand(options, ballots, seats) == set(found.elected)
