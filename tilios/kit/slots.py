"""Times at which several are free: what "find a time" counts with."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Slot:
    """A time that could be taken, and who is busy then."""

    start: datetime
    end: datetime
    busy: frozenset[int]


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time in spans that neither overlap nor touch, in order. What has no length takes no time."""
    found: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def overlaps(spans: Sequence[Span], start: datetime, end: datetime) -> bool:
    """Whether something of `spans`, which are `merged`, lies in [start, end)."""
    place = bisect_left(spans, end, key=lambda span: span[0])
    return place > 0 and spans[place - 1][1] > start


def slots(
    busy: Mapping[int, Sequence[Span]], windows: Iterable[Span], *, length: timedelta, step: timedelta
) -> Iterator[Slot]:
    """Every time of `length` in `windows`, `step` after the one before, with who of `busy` (merged spans) is taken."""
    for begin, stop in windows:
        start = begin
        while start + length <= stop:
            end = start + length
            yield Slot(start, end, frozenset(who for who, spans in busy.items() if overlaps(spans, start, end)))
            start += step
