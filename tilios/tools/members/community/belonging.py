"""How long members stay, by the year in which they arrived, and how old they are."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from tilios.kit.expressions import years_between
from tilios.tools.members.community.lives import Life

BRACKET = 10  # years
OLDEST = 90


def cohorts(lives: Iterable[Life], today: date) -> tuple[list[int], list[list[int]]]:
    """The years of arrival, and for each: how many arrived, then how many are members on the last day of each year
    from that one to the last that is over.
    """
    last = today.year - 1
    arrived, left_over = Counter[int](), Counter[tuple[int, int]]()
    for life in lives:
        if not life.spells or life.arrived > today:
            continue
        year = life.arrived.year
        arrived[year] += 1
        for first, end in life.spells:
            for over in range(first.year, min(last, end.year - (end < date(end.year, 12, 31))) + 1):
                left_over[year, over] += 1
    years = list(range(min(arrived), last + 1)) if arrived else []
    return years, [[arrived[year], *(left_over[year, over] for over in range(year, last + 1))] for year in years]


def bracket_of(age: int) -> int:
    return min(age - age % BRACKET, OLDEST)


def ages(lives: Iterable[Life], sexes: Sequence[str], today: date) -> tuple[list[int | None], list[list[int]]]:
    """The brackets from the youngest to the oldest, None for those without birth date, and in each the people of each
    of `sexes`, then those who say none of them. Organisations have no age.
    """
    counts = Counter[tuple[int | None, int]]()
    for life in lives:
        if life.is_human and life.is_member(today):
            age = None if life.born is None else bracket_of(max(0, years_between(life.born, today)))
            counts[age, sexes.index(life.sex) if life.sex in sexes else len(sexes)] += 1
    known = [age for age, _sex in counts if age is not None]
    brackets: list[int | None] = list(range(min(known), max(known) + 1, BRACKET)) if known else []
    if any(age is None for age, _sex in counts):
        brackets.append(None)
    return brackets, [[counts[bracket, sex] for sex in range(len(sexes) + 1)] for bracket in brackets]
