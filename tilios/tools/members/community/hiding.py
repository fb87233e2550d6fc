"""What may be shown of counts of people: none from 1 to 4, and none that subtraction would give.

One mark stands for a small count and for one held back beside it, so that which of the two it is tells nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from itertools import product

from tilios.tools.members.community.months import Month

LEAST = 5


class Hidden(Enum):
    HIDDEN = "hidden"


HIDDEN = Hidden.HIDDEN
Count = int | Hidden | None


def is_small(count: int) -> bool:
    """From one person to four. Nobody at all is told by a zero."""
    return 0 < count < LEAST


def shown(count: int, *, hidden: bool = False) -> Count:
    return HIDDEN if hidden or is_small(count) else count


def breakdown(cells: Sequence[int]) -> list[Count]:
    """Cells of which the sum is known: where some are small, zeros are held back with them, and then others."""
    hidden = {index for index, count in enumerate(cells) if is_small(count)}
    if hidden:
        hidden |= {index for index, count in enumerate(cells) if not count}
    hidden = widened(cells, hidden)
    return [shown(count, hidden=index in hidden) for index, count in enumerate(cells)]


def widened(cells: Sequence[int], hidden: set[int]) -> set[int]:
    """`hidden` and the cells that follow them, until their sum tells of nobody.

    Which ones never hangs on how large they are: choosing the smallest would tell that those left are larger.
    """
    found = set(hidden)
    start, count = min(found, default=0), len(cells)
    others = sorted(set(range(count)) - found, key=lambda index: (cells[index] == 0, (index - start) % count))
    for index in others:
        if not _is_told([cells[one] for one in found]):
            break
        found.add(index)
    return found


def _is_told(held_back: Sequence[int]) -> bool:
    """Whether the sum of the cells held back says what one of them is: one cell alone, under five people in all, or as
    few or as many as so many small cells can hold.
    """
    if not held_back:
        return False
    total, count = sum(held_back), len(held_back)
    at_a_bound = max(held_back) < LEAST and total in {count, count * (LEAST - 1)}
    return count == 1 or total < LEAST or at_a_bound


def flows(months: Sequence[Month]) -> list[tuple[Count, ...]]:
    """Arrivals, returns and departures of each month.

    The members of two months give what came less what went, and a table of cohorts the arrivals of a year: of a month,
    either nothing is hidden or both something that came and what went; of a year, never one month alone.
    """
    table = [(one.arrivals, one.returns, one.departures) for one in months]
    hidden = [{column for column in range(3) if is_small(row[column])} for row in table]
    return _settled(table, hidden, [month.number // 12 for month in months], _hide_both_ways)


def renewals(months: Sequence[Month]) -> list[tuple[Count, Count]]:
    """Of the dues that ended in each month, those renewed and those that were not; None while it is too early.

    Both are hidden where one is small, since their sum is known, and of a year never one month alone.
    """
    known = [(month.number // 12, month.renewed, month.ended) for month in months if month.renewed is not None]
    table = [(renewed, ended - renewed) for _year, renewed, ended in known]
    hidden = [{0, 1} if any(map(is_small, row)) else set() for row in table]
    told = iter(_settled(table, hidden, [year for year, _renewed, _ended in known], _hide_whole))
    found: list[tuple[Count, Count]] = []
    for month in months:
        row = next(told) if month.renewed is not None else (None, None)
        found.append((row[0], row[1]))
    return found


def _settled(
    table: Sequence[Sequence[int]],
    hidden: list[set[int]],
    years: Sequence[int],
    follow: Callable[[set[int]], None],
) -> list[tuple[Count, ...]]:
    """Hide more until each row is what `follow` asks, and what is hidden of a column in a year tells of nobody."""
    places: dict[int, list[int]] = {}
    for place, year in enumerate(years):
        places.setdefault(year, []).append(place)
    before: list[set[int]] = []
    while hidden != before:
        before = [set(row) for row in hidden]
        for row in hidden:
            follow(row)
        for some, column in product(places.values(), range(len(table[0]) if table else 0)):
            found = widened(
                [table[place][column] for place in some],
                {at for at, place in enumerate(some) if column in hidden[place]},
            )
            for at in found:
                hidden[some[at]].add(column)
    return [
        tuple(shown(count, hidden=column in row) for column, count in enumerate(counts))
        for counts, row in zip(table, hidden, strict=True)
    ]


def by_year(months: Sequence[Month]) -> list[tuple[Count, ...]]:
    """Of each year: arrivals, returns, departures; dues that ended of which it is known, and those renewed."""
    years: dict[int, list[Month]] = {}
    for month in months:
        years.setdefault(month.number // 12, []).append(month)
    found = []
    for some in years.values():
        counts = (sum(m.arrivals for m in some), sum(m.returns for m in some), sum(m.departures for m in some))
        hidden = {column for column in range(3) if is_small(counts[column])}
        _hide_both_ways(hidden)
        ended = sum(month.ended for month in some if month.renewed is not None)
        renewed = sum(month.renewed or 0 for month in some)
        moved = (shown(count, hidden=column in hidden) for column, count in enumerate(counts))
        found.append((*moved, shown(ended), breakdown([renewed, ended - renewed])[0]))
    return found


def _hide_whole(hidden: set[int]) -> None:
    if hidden:
        hidden |= {0, 1}


def _hide_both_ways(hidden: set[int]) -> None:
    if hidden:
        hidden.add(2)
        if not hidden & {0, 1}:
            hidden.add(1)  # returns, whatever they are: the rarest, so that arrivals are read


def cohorts(rows: Sequence[Sequence[int]]) -> list[list[Count]]:
    """Rows of a triangle: those who arrived in a year, then how many of them are left at the end of each year.

    Two cells shown of a row never differ by one to four. Those of one calendar year add up to the members of its last
    day: never one alone is hidden among them.
    """
    hidden = [_few_gone(row) for row in rows]
    width = max((len(row) for row in rows), default=0)
    for back in range(1, width):
        # The last column of the first row is the same calendar year as the last of every other row.
        cells = [(at, len(row) - back) for at, row in enumerate(rows) if len(row) - back >= 1]
        chosen = widened(
            [rows[at][column] for at, column in cells],
            {place for place, (at, column) in enumerate(cells) if column in hidden[at]},
        )
        for place in chosen:
            at, column = cells[place]
            hidden[at].add(column)
    return [
        [shown(count, hidden=column in hidden[at]) for column, count in enumerate(row)] for at, row in enumerate(rows)
    ]


def _few_gone(row: Sequence[int]) -> set[int]:
    hidden: set[int] = set()
    seen: list[int] = []
    for column, count in enumerate(row):
        if is_small(count) or any(is_small(abs(count - other)) for other in seen):
            hidden.add(column)
        else:
            seen.append(count)
    return hidden


def comparable(patterns: Mapping[int, int], sets: int) -> list[Count]:
    """The sizes of sets of the same people, compared in one table in which the number of all stands.

    `patterns`: how many belong to the sets of which the bits are 1, and to no other. Held back: a set that is small,
    that leaves one to four people out of another one shown or of all of them, or with which the sets shown leave so
    few out.
    """
    seen: list[int] = [0]  # bits that one needs to be in a set shown; none for all
    found: list[Count] = []
    for bit in (1 << rank for rank in range(sets)):
        size = _size(patterns, bit, 0)
        apart = [_size(patterns, bit, other) for other in seen[1:]] + [_size(patterns, other, bit) for other in seen]
        if is_small(size) or any(map(is_small, apart)) or is_small(_size(patterns, 0, sum(seen) | bit)):
            found.append(HIDDEN)
        else:
            seen.append(bit)
            found.append(size)
    return found


def _size(patterns: Mapping[int, int], within: int, without: int) -> int:
    """How many are in the set `within` (all, for 0) and in none of those of `without`."""
    return sum(count for bits, count in patterns.items() if bits & within == within and not bits & without)
