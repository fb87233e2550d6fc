"""When somebody was a member: the days of the register and of the dues, made into stretches of time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

FOREVER = date.max
DAY = timedelta(days=1)

#: First and last day, both included.
Stretch = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Life:
    """One record: `spells` of membership and `dues` as they were taken, both in order. `sex` is what a field says."""

    number: int
    spells: tuple[Stretch, ...]
    dues: tuple[Stretch, ...]
    owes: bool = True
    born: date | None = None
    sex: str = ""
    is_human: bool = True

    @property
    def arrived(self) -> date:
        return self.spells[0][0]

    def is_member(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.spells)

    def is_paid(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.dues)


@dataclass(frozen=True, slots=True)
class Waited:
    """So many people who waited for a place from `first` until the day before `until`: the member of this number, or
    people who had asked to join (None).
    """

    number: int | None
    people: int
    first: date
    until: date


def spells(
    joined: date | None, left: date | None, dues: Sequence[Stretch], *, owes: bool, patience: int
) -> tuple[Stretch, ...]:
    """The stretches in which somebody was a member. `left` is the first day on which they no longer are.

    Whoever owes no dues, or has never had any, is a member from arrival to departure. The others stop being one
    `patience` days after the end of dues that nothing followed by then, and return with the next ones.
    """
    starts = [day for day in (joined, dues[0][0] if dues else None) if day is not None]
    last_day = left - DAY if left else FOREVER
    if not starts:
        return ()
    if not owes or not dues:
        found = [(min(starts), FOREVER)]
    else:
        found = list(_between_gaps(min(starts), dues, patience))
    return tuple((first, min(last, last_day)) for first, last in found if first <= last_day)


def _between_gaps(start: date, dues: Sequence[Stretch], patience: int) -> Iterable[Stretch]:
    reach = dues[0][1]
    for first, last in dues[1:]:
        if first > later(reach, patience):
            yield start, later(reach, patience)
            start = first
        reach = max(reach, last)
    yield start, later(reach, patience)


def later(day: date, days: int) -> date:
    """`days` after `day`; the end of time stays the end of time."""
    return date.fromordinal(min(day.toordinal() + days, FOREVER.toordinal()))


def merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same days without overlaps, in order."""
    found: list[Stretch] = []
    for first, last in sorted(stretches):
        if found and first <= later(found[-1][1], 1):
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found
