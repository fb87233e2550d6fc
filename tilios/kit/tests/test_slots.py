from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tilios.kit.slots import Span, merged, overlaps, slots

DAY = datetime(2026, 12, 1, tzinfo=UTC)
minutes = st.integers(0, 600)
spans = st.lists(st.tuples(minutes, minutes), max_size=12)


def at(minute: int) -> datetime:
    return DAY + timedelta(minutes=minute)


def made(pairs: list[tuple[int, int]]) -> list[Span]:
    return [(at(one), at(other)) for one, other in pairs]


def test_what_overlaps_or_touches_becomes_one() -> None:
    pairs = made([(60, 90), (0, 30), (30, 45), (80, 120), (200, 200)])
    assert merged(pairs) == made([(0, 45), (60, 120)])


@given(spans)
def test_merging_changes_no_minute(pairs: list[tuple[int, int]]) -> None:
    taken = {minute for one, other in pairs for minute in range(one, other)}
    found = merged(made(pairs))
    assert {minute for minute in range(601) if overlaps(found, at(minute), at(minute + 1))} == taken
    assert all(one[1] < other[0] for one, other in pairwise(found))


@given(st.lists(spans, min_size=1, max_size=4), st.integers(15, 180))
def test_a_slot_names_exactly_those_who_are_busy(several: list[list[tuple[int, int]]], length: int) -> None:
    busy = {number: merged(made(pairs)) for number, pairs in enumerate(several)}
    window = (at(60), at(500))
    for slot in slots(busy, [window], length=timedelta(minutes=length), step=timedelta(minutes=30)):
        assert window[0] <= slot.start
        assert slot.end <= window[1]
        for number, pairs in enumerate(several):
            really = any(at(max(one, 0)) < slot.end and at(other) > slot.start for one, other in pairs if one < other)
            assert (number in slot.busy) == really


def test_slots_follow_one_another_and_stay_in_their_window() -> None:
    found = list(slots({}, [(at(0), at(100))], length=timedelta(minutes=60), step=timedelta(minutes=30)))
    assert [slot.start for slot in found] == [at(0), at(30)]
