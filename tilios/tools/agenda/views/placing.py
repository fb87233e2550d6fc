"""Where events stand on a page: bars across the days of a week, and boxes side by side in the hours of a day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from tilios.tools.agenda.queries.views import Happening

WEEK = 7
#: Lines of a day of the month before "and 3 more".
MOST_LINES = 4
#: Days are cut in so many columns: 1 to 6 events fit side by side without rest.
COLUMNS = 60
MOST_SIDE_BY_SIDE = 6
QUARTERS = 4


@dataclass(frozen=True)
class Bar:
    """An event on a line of the week: it covers `span` days from where it stands."""

    happening: Happening
    span: int
    goes_back: bool  # it began before this week
    goes_on: bool


@dataclass
class Day:
    """A day of a week. `lines` holds bars, and None where a line is taken by a bar that began on another day."""

    day: date
    lines: list[Bar | None] = field(default_factory=list)
    more: int = 0  # what has no line
    happenings: list[Happening] = field(default_factory=list)


@dataclass(frozen=True)
class Box:
    """An event among the hours: quarters from the first hour shown (1 is the first), columns of `COLUMNS`."""

    happening: Happening
    at: int
    quarters: int
    column: int
    width: int


@dataclass(frozen=True)
class Hours:
    """The hours of some days: `columns` holds the boxes of each day."""

    hours: list[int]
    columns: list[tuple[date, list[Box]]]

    @property
    def first(self) -> int:
        return self.hours[0]


def week_of(day: date) -> date:
    """The Monday before `day`, or itself."""
    return day - timedelta(days=day.weekday())


def weeks(first: date, last: date, happenings: Sequence[Happening], *, most: int = MOST_LINES) -> list[list[Day]]:
    """Whole weeks from the one of `first` to the one of `last`, with what takes place on each day."""
    start, found = week_of(first), []
    while start <= last:
        found.append(_week(start, happenings, most))
        start += timedelta(days=WEEK)
    return found


def _week(start: date, happenings: Sequence[Happening], most: int) -> list[Day]:
    days = [Day(start + timedelta(days=number)) for number in range(WEEK)]
    end = days[-1].day
    inside = [one for one in happenings if one.first <= end and one.last >= start]
    # What lasts longest first: lines then hold over the whole week.
    inside.sort(key=lambda one: (max(one.first, start), not one.is_long, one.first - one.last, one.start, one.title))
    taken: list[list[bool]] = []
    for one in inside:
        begin = max((one.first - start).days, 0)
        finish = min((one.last - start).days, WEEK - 1)
        for number in range(begin, finish + 1):
            days[number].happenings.append(one)
        line = next((n for n, row in enumerate(taken) if not any(row[begin : finish + 1])), len(taken))
        if line >= most:
            for number in range(begin, finish + 1):
                days[number].more += 1
            continue
        if line == len(taken):
            taken.append([False] * WEEK)
        taken[line][begin : finish + 1] = [True] * (finish - begin + 1)
        lines = days[begin].lines
        lines += [None] * (line + 1 - len(lines))
        lines[line] = Bar(one, finish - begin + 1, one.first < start, one.last > end)
    for number, day in enumerate(days):
        highest = max((n for n, row in enumerate(taken) if row[number]), default=-1)
        day.lines += [None] * (highest + 1 - len(day.lines))
    return days


def hours(days: Sequence[date], happenings: Sequence[Happening], *, opens: int = 8, closes: int = 20) -> Hours:
    """The boxes of what has an hour on each of `days`, between the first and the last hour of which one is needed."""
    pieces = {day: [(one, *_minutes(one, day)) for one in happenings if _is_on(one, day)] for day in days}
    everything = [piece for found in pieces.values() for piece in found]
    first = min([opens, *(begin // 60 for _one, begin, _end in everything)])
    last = max([closes, *(-(-end // 60) for _one, _begin, end in everything)])
    columns = [(day, _boxes(found, first)) for day, found in pieces.items()]
    return Hours(list(range(first, last)), columns)


def _is_on(one: Happening, day: date) -> bool:
    return not one.is_long and one.first <= day <= one.last


def _minutes(one: Happening, day: date) -> tuple[int, int]:
    """From which minute of `day` to which, as clocks show them; half an hour at least, so that a title is read."""
    start = one.start.hour * 60 + one.start.minute if one.first == day else 0
    end = one.end.hour * 60 + one.end.minute if one.end.date() == day else 24 * 60
    start = min(start, 24 * 60 - 30)
    return start, max(end, start + 30)


def _boxes(pieces: list[tuple[Happening, int, int]], first: int) -> list[Box]:
    found: list[Box] = []
    together: list[tuple[Happening, int, int]] = []
    until = 0
    for piece in sorted(pieces, key=lambda one: (one[1], -one[2])):
        if together and piece[1] >= until:
            found += _side_by_side(together, first)
            together, until = [], 0
        together.append(piece)
        until = max(until, piece[2])
    return found + _side_by_side(together, first)


def _side_by_side(pieces: list[tuple[Happening, int, int]], first: int) -> list[Box]:
    """Boxes of what overlaps, each in the first column that is free."""
    ends: list[int] = []
    placed = []
    for one, start, end in pieces:
        column = next((n for n, busy_until in enumerate(ends) if busy_until <= start), len(ends))
        if column == len(ends):
            ends.append(end)
        ends[column] = end
        placed.append((one, start, end, min(column, MOST_SIDE_BY_SIDE - 1)))
    width = COLUMNS // min(max(len(ends), 1), MOST_SIDE_BY_SIDE)
    return [
        Box(
            one,
            at=(start - first * 60) * QUARTERS // 60 + 1,
            quarters=-(-(end - start) * QUARTERS // 60),
            column=column * width + 1,
            width=width,
        )
        for one, start, end, column in placed
    ]
