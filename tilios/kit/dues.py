"""The days that dues cover: a calendar year, a season, a number of months from the day one joins, or for ever.

A day given as (month, day) is that of every year; where the month is shorter it is its last day, so that a season which
ends on 29 February ends on the 28th three years in four.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

MonthDay = tuple[int, int]
ONE_DAY = timedelta(days=1)


class Span(StrEnum):
    """How long dues of a kind hold."""

    CALENDAR_YEAR = "calendar_year"
    SEASON = "season"
    MONTHS = "months"
    ONE_OFF = "one_off"  # paid once for what it is: nothing ends, it may be paid again
    LIFETIME = "lifetime"


class Period(NamedTuple):
    """The days covered, both included; `last` is None where nothing ends.

    `anchor` is the day of the month on which rolling periods begin: 31, even in the period that begins on 28 February.
    """

    first: date
    last: date | None
    anchor: int


@dataclass(frozen=True)
class Term:
    """What one kind of dues says of its days.

    `season_first` and `season_last` are used by seasons alone, `months` by rolling dues alone. `offered_months`: who
    joins so near the end of a year or a season is given what is left of it, and pays for the next.
    """

    span: Span
    months: int = 12
    season_first: MonthDay = (9, 1)
    season_last: MonthDay = (8, 31)
    offered_months: int = 0

    def period(self, on: date, *, previous: Period | None = None) -> Period:
        """The days covered by dues taken on `on` by somebody whose last dues of the kind covered `previous`.

        Renewed before its end, it goes on from the day after; renewed later, it begins again on `on`. Never ends before
        it begins.
        """
        follows = previous is not None and previous.last is not None and previous.last >= on
        first = previous.last + ONE_DAY if follows and previous and previous.last else on
        match self.span:
            case Span.ONE_OFF | Span.LIFETIME:
                return Period(on, None, on.day)
            case Span.MONTHS:
                anchor = previous.anchor if follows and previous else first.day
                # The anchor of another kind of dues would change the length: it counts where the period begins on it.
                if day_of(first.year, first.month, anchor) != first:
                    anchor = first.day
                return Period(first, add_months(first, self.months, anchor) - ONE_DAY, anchor)
            case Span.CALENDAR_YEAR:
                return self._fixed(first, (1, 1), (12, 31))
            case Span.SEASON:
                return self._fixed(first, self.season_first, self.season_last)

    def _fixed(self, first: date, opens: MonthDay, closes: MonthDay) -> Period:
        """The season that `first` falls in, or the next one where it falls between two."""
        begins, ends = _season(first.year - 1, opens, closes)
        while ends < first:
            begins, ends = _season(begins.year + 1, opens, closes)
        if begins <= first and self.offered_months and first > add_months(ends, -self.offered_months, ends.day):
            ends = _season(begins.year + 1, opens, closes)[1]
        return Period(max(first, begins), ends, max(first, begins).day)


def _season(year: int, opens: MonthDay, closes: MonthDay) -> tuple[date, date]:
    """The season that begins in `year`: it ends in the next one unless it closes after it opens."""
    begins = day_of(year, *opens)
    ends = day_of(year, *closes)
    return begins, ends if ends >= begins else day_of(year + 1, *closes)


def day_of(year: int, month: int, day: int) -> date:
    """That day, or the last of the month where it is shorter."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def add_months(day: date, months: int, anchor: int) -> date:
    """The day `anchor` of the month that is `months` later than that of `day` (earlier where negative)."""
    years, month = divmod(day.month - 1 + months, 12)
    return day_of(day.year + years, month + 1, anchor)
