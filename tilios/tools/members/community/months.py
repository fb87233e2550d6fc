"""Month by month: how many members there are on the last day, who came, left and returned, who renewed, since when."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from statistics import mean

from tilios.tools.members.community.lives import FOREVER, Life, Stretch, Waited, later, merged


@dataclass(frozen=True, slots=True)
class Month:
    """Counts of people; `members`, the four that follow it and the seniorities are those of the last day.

    `members` = those up to date, late, exempt and of whom no dues are known yet. `renewed` None while it is too early
    to tell. Seniorities in years, None without members.
    """

    number: int
    members: int
    up_to_date: int
    late: int
    exempt: int
    unknown: int
    arrivals: int
    returns: int
    departures: int
    ended: int
    renewed: int | None
    mean_years: float | None
    median_years: float | None

    @property
    def label(self) -> str:
        return f"{self.number // 12}-{self.number % 12 + 1:02}"


def month_of(day: date) -> int:
    """Months since the year 0: consecutive numbers."""
    return day.year * 12 + day.month - 1


def last_day(number: int) -> date:
    return date.fromordinal(date((number + 1) // 12, (number + 1) % 12 + 1, 1).toordinal() - 1)


def ends_within(stretch: Stretch) -> tuple[int, int]:
    """The months whose last day is in `stretch`, as a half-open range."""
    first, last = stretch
    return month_of(first), month_of(last) + 1 if last == FOREVER else month_of(later(last, 1))


def by_month(lives: Sequence[Life], today: date, *, patience: int) -> list[Month]:
    """Every month from the first arrival to the last one that is over on `today`."""
    lives = [life for life in lives if life.spells]
    last = month_of(today) - 1
    first = min((month_of(life.arrived) for life in lives), default=last + 1)
    if first > last:
        return []
    members, paid, late, exempt, unknown = _stocks(lives, first, last)
    arrivals, returns, departures = _flows(lives)
    ended, renewed = _renewals(lives, today, patience)
    years = list(_seniorities(lives, first, last))
    return [
        Month(
            number,
            members=members[at],
            up_to_date=paid[at],
            late=late[at],
            exempt=exempt[at],
            unknown=unknown[at],
            arrivals=arrivals[number],
            returns=returns[number],
            departures=departures[number],
            ended=ended[number],
            renewed=renewed[number] if later(last_day(number), patience) < today else None,
            mean_years=years[at][0],
            median_years=years[at][1],
        )
        for at, number in enumerate(range(first, last + 1))
    ]


def members_by_month(lives: Iterable[Life], first: int, last: int) -> list[int]:
    """How many were members on the last day of each month from `first` to `last`."""
    steps = [0] * (last - first + 2)
    for life in lives:
        for spell in life.spells:
            _add(steps, ends_within(spell), first, 1)
    return list(accumulate(steps[:-1]))


def waiting_by_month(waits: Iterable[Waited], lives: Iterable[Life], first: int, last: int) -> list[tuple[int, int]]:
    """How many had asked to join and had no answer, and how many members had no place, on the last day of each month
    from `first` to `last`.
    """
    known = {life.number: life for life in lives}
    asked, members = ([0] * (last - first + 2) for _ in range(2))
    for one in waits:
        if one.number is None:
            _add(asked, (month_of(one.first), month_of(one.until)), first, one.people)
        elif one.number in known:
            for start, end in known[one.number].spells:
                both = max(start, one.first), min(end, later(one.until, -1)) if one.until < FOREVER else end
                if both[0] <= both[1]:
                    _add(members, ends_within(both), first, 1)
    return list(zip(accumulate(asked[:-1]), accumulate(members[:-1]), strict=True))


def _stocks(lives: Iterable[Life], first: int, last: int) -> list[list[int]]:
    """Members, then those up to date, late, exempt, without dues known: so many on the last day of each month."""
    members, paid, late, exempt, unknown = ([0] * (last - first + 2) for _ in range(5))
    for life in lives:
        covered = [ends_within(stretch) for stretch in merged(life.dues)]
        beginning = month_of(life.dues[0][0]) if life.dues else month_of(FOREVER)
        rest = late if life.owes else exempt
        for spell in life.spells:
            months = ends_within(spell)
            _add(members, months, first, 1)
            _add(rest, months, first, 1)
            for one in covered:
                both = max(one[0], months[0]), min(one[1], months[1])
                _add(paid, both, first, 1)
                _add(rest, both, first, -1)
            if life.owes:
                before = months[0], min(beginning, months[1])
                _add(unknown, before, first, 1)
                _add(rest, before, first, -1)
    return [list(accumulate(steps[:-1])) for steps in (members, paid, late, exempt, unknown)]


def _add(steps: list[int], months: tuple[int, int], first: int, count: int) -> None:
    start, end = max(months[0] - first, 0), min(months[1] - first, len(steps) - 1)
    if start < end:
        steps[start] += count
        steps[end] -= count


def _flows(lives: Iterable[Life]) -> tuple[Counter[int], Counter[int], Counter[int]]:
    """How many arrived, returned and left in each month; one leaves on the first day without membership."""
    arrivals, returns, departures = Counter[int](), Counter[int](), Counter[int]()
    for life in lives:
        for rank, (first, last) in enumerate(life.spells):
            (returns if rank else arrivals)[month_of(first)] += 1
            if last != FOREVER:
                departures[month_of(later(last, 1))] += 1
    return arrivals, returns, departures


def _renewals(lives: Iterable[Life], today: date, patience: int) -> tuple[Counter[int], Counter[int]]:
    """Of how many the dues ended in each month while nothing else ran, and how many of them had new ones in time."""
    ended, renewed = Counter[int](), Counter[int]()
    for life in lives:
        if not life.owes:
            continue
        for end in {last for _first, last in life.dues if last < today}:
            if any(first <= end < last for first, last in life.dues):
                continue
            ended[month_of(end)] += 1
            renewed[month_of(end)] += any(end < first <= later(end, patience) for first, _last in life.dues)
    return ended, renewed


def _seniorities(lives: Iterable[Life], first: int, last: int) -> Iterator[tuple[float | None, float | None]]:
    """Mean and median years since the first arrival, on the last day of each month; counted in whole months."""
    changes: dict[int, Counter[int]] = {}
    for life in lives:
        for spell in life.spells:
            start, end = ends_within(spell)
            if start < end:
                changes.setdefault(start, Counter())[month_of(life.arrived)] += 1
                changes.setdefault(end, Counter())[month_of(life.arrived)] -= 1
    standing = Counter[int]()
    for number in range(first, last + 1):
        standing.update(changes.get(number, {}))
        yield _mean_and_median(sorted((number - month, count) for month, count in standing.items() if count))


def _mean_and_median(months: list[tuple[int, int]]) -> tuple[float | None, float | None]:
    total = sum(count for _months, count in months)
    if not total:
        return None, None
    whole = sum(one * count for one, count in months)
    middles = [_nth(months, (total - 1) // 2), _nth(months, total // 2)]
    return whole / total / 12, mean(middles) / 12


def _nth(months: list[tuple[int, int]], rank: int) -> int:
    for one, count in months:
        if rank < count:
            return one
        rank -= count
    raise IndexError(rank)
