"""Condorcet, Schulze, ranked pairs: their properties, brute force, and an independent library."""

from itertools import pairwise, permutations

from hypothesis import assume, given
from hypothesis import strategies as st
from schulze_condorcet import schulze_evaluate

from tilios.kit.tests.voting import Election, copies, rankings, renamed
from tilios.kit.voting.condorcet import Duels, duels, ranked_pairs, schulze

METHODS = st.sampled_from([schulze, ranked_pairs])

#: Wikipedia's example of the method: 45 voters, E wins.
EXAMPLE = [
    ("ACBED", 5), ("ADECB", 5), ("BEDAC", 8), ("CABED", 3), ("CAEBD", 7), ("CBADE", 2), ("DCEBA", 7), ("EBADC", 8),
]  # fmt: skip


def ballots_of(orders: list[tuple[str, int]]) -> list[tuple[dict[int, int], int]]:
    return [({ord(one): rank for rank, one in enumerate(order)}, weight) for order, weight in orders]


def names(tiers: tuple[tuple[int, ...], ...]) -> list[str]:
    return ["".join(map(chr, tier)) for tier in tiers]


def test_the_published_example_of_schulze_comes_out_as_published() -> None:
    found = schulze([*map(ord, "ABCDE")], ballots_of(EXAMPLE))
    assert names(found.order) == ["E", "A", "C", "B", "D"]
    assert found.duels.winner is None
    assert found.paths[ord("A"), ord("C")] == 28
    assert found.paths[ord("C"), ord("A")] == 25
    assert "".join(map(chr, found.routes[ord("A"), ord("C")])) == "ADC"


def test_the_capital_of_tennessee_wins_every_duel() -> None:
    cities = ballots_of([("MNCK", 42), ("NCKM", 26), ("CKNM", 15), ("KCNM", 17)])
    options = [*map(ord, "MNCK")]
    assert duels(options, cities).winner == ord("N")
    assert names(schulze(options, cities).order) == ["N", "C", "K", "M"]
    assert names(ranked_pairs(options, cities).order) == ["N", "C", "K", "M"]


def test_a_circle_of_three_equal_victories_leaves_all_three_level() -> None:
    circle = ballots_of([("ABC", 1), ("BCA", 1), ("CAB", 1)])
    options = [*map(ord, "ABC")]
    assert names(schulze(options, circle).order) == names(ranked_pairs(options, circle).order) == ["ABC"]
    assert not any(lock.kept for lock in ranked_pairs(options, circle).locks)


def test_ranked_pairs_leaves_out_the_weakest_victory_of_a_circle_and_says_so() -> None:
    found = ranked_pairs([*map(ord, "ABC")], ballots_of([("ABC", 8), ("BCA", 7), ("CAB", 5)]))
    assert [(lock.voices, lock.kept) for lock in found.locks] == [(15, True), (13, True), (12, False)]
    assert names(found.order) == ["A", "B", "C"]


def test_no_ballot_puts_nobody_in_front() -> None:
    assert schulze([1, 2], []).winners == ranked_pairs([1, 2], [({}, 3)]).winners == ()


@given(rankings())
def test_duels_are_those_of_a_plain_count(election: Election) -> None:
    options, ballots = election
    found = duels(options, ballots)
    last = 99
    for a in options:
        for b in options:
            if a != b:
                preferred = [weight for marks, weight in ballots if marks.get(a, last) < marks.get(b, last)]
                assert found.voices[a, b] == sum(preferred)
    assert found.ballots == sum(weight for marks, weight in ballots if marks)


@given(rankings(), METHODS, st.randoms(use_true_random=False), st.data())
def test_neither_the_order_of_ballots_nor_that_of_options_changes_anything(
    election: Election, method, chance, data: st.DataObject
) -> None:
    options, ballots = election
    new = dict(zip(options, data.draw(st.permutations(options)), strict=True))
    moved = renamed(new, ballots)
    chance.shuffle(moved)
    before, after = method(options, ballots), method([new[one] for one in options], moved)
    assert [{new[one] for one in tier} for tier in before.order] == [set(tier) for tier in after.order]


@given(rankings(), METHODS)
def test_a_weight_is_so_many_ballots(election: Election, method) -> None:
    options, ballots = election
    assert method(options, ballots) == method(options, copies(ballots))


@given(rankings(), METHODS)
def test_who_wins_every_duel_wins_alone(election: Election, method) -> None:
    options, ballots = election
    winner = duels(options, ballots).winner
    assume(winner is not None)
    assert method(options, ballots).winners == (winner,)


@given(rankings(most=4), st.integers(1, 4), st.data())
def test_a_double_of_an_option_never_changes_what_schulze_says_of_the_others(
    election: Election, cloned: int, data: st.DataObject
) -> None:
    options, ballots = election
    assume(cloned in options)
    twin = 9
    twinned = []
    for marks, weight in ballots:
        spread = {option: 10 * rank for option, rank in marks.items()}
        if cloned in marks:
            alone = sum(rank == marks[cloned] for rank in marks.values()) == 1
            away = data.draw(st.sampled_from([-1, 0, 1])) if alone else 0
            spread[twin] = spread[cloned] + away
        twinned.append((spread, weight))
    before, after = schulze(options, ballots).winners, schulze([*options, twin], twinned).winners
    assert {cloned if one == twin else one for one in after} == set(before)


@given(rankings())
def test_schulze_agrees_with_every_path_tried(election: Election) -> None:
    options, ballots = election
    found = schulze(options, ballots)
    for a, b in permutations(options, 2):
        strongest = 0
        others = [one for one in options if one not in (a, b)]
        for length in range(len(others) + 1):
            for middle in permutations(others, length):
                route = (a, *middle, b)
                strongest = max(strongest, weakest_link(found.duels, route))
        assert found.paths[a, b] == strongest
        if strongest:
            assert weakest_link(found.duels, found.routes[a, b]) == strongest


def weakest_link(counted: Duels, route: tuple[int, ...]) -> int:
    links = list(pairwise(route))
    return min(counted.voices[link] if counted.beats(*link) else 0 for link in links)


@given(rankings(most=5, voters=25))
def test_ranked_pairs_agrees_with_the_best_of_all_orders_when_no_two_victories_are_equal(election: Election) -> None:
    options, ballots = election
    counted = duels(options, ballots)
    strengths = [counted.strength(pair) for pair in counted.victories]
    assume(len(strengths) == len(options) * (len(options) - 1) / 2 == len(set(strengths)))

    def kept(order: tuple[int, ...]) -> tuple[bool, ...]:
        """For each victory, the strongest first, whether `order` respects it."""
        return tuple(order.index(winner) < order.index(loser) for winner, loser in counted.victories)

    best = max(permutations(options), key=kept)
    assert ranked_pairs(options, ballots).order == tuple((one,) for one in best)


def victories_only(*, support: int, opposition: int, totalvotes: int) -> int:
    """The library's own strength lets a chain pass by duels nobody won; the usual definition, and ours, does not."""
    return support if support > opposition else 0


@given(rankings())
def test_schulze_agrees_with_an_independent_library(election: Election) -> None:
    options, ballots = election
    assume(any(marks for marks, _weight in ballots))
    votes = []
    for marks, weight in ballots:
        levels = [[str(one) for one in options if marks.get(one, 99) == rank] for rank in range(1, 100)]
        votes += [">".join("=".join(level) for level in levels if level)] * weight
    theirs = schulze_evaluate(votes, [str(one) for one in options], strength=victories_only)
    ours = schulze(options, ballots).order
    assert {frozenset(map(str, ours[0]))} == {frozenset(theirs.partition(">")[0].split("="))}
