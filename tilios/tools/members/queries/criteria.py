"""The tests that a search makes, by what a field holds, and what each means to the database."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tilios.core.people.models import Membership
from tilios.tools.members.models import (
    Affiliation,
    Answer,
    Contribution,
    ContributionState,
    Field,
    FieldKind,
    Record,
    Term,
)
from tilios.tools.members.queries.comparing import texts_where, years_ago


class Sort(StrEnum):
    """What a field holds, hence how it is tested."""

    TEXT = "text"
    NUMBER = "number"
    YEARS = "years"  # counted from a date
    DAY = "day"
    ONE = "one"  # of `choices`
    SEVERAL = "several"
    YES_NO = "yes_no"


@dataclass(frozen=True)
class Test:
    """`needs` is what its value is: "" none, "text", "number", "day", "days" (how many), "choice"."""

    label: Any
    needs: str = ""


TESTS: dict[str, Test] = {
    "contains": Test(_("contains"), "text"),
    "lacks": Test(_("does not contain"), "text"),
    "begins": Test(_("begins with"), "text"),
    "is_text": Test(_("is exactly"), "text"),
    "equal": Test(_("is equal to"), "number"),
    "less": Test(_("is less than"), "number"),
    "more": Test(_("is more than"), "number"),
    "on": Test(_("is on"), "day"),
    "before": Test(_("is before"), "day"),
    "after": Test(_("is after"), "day"),
    "last_days": Test(_("is in the last … days"), "days"),
    "next_days": Test(_("is in the next … days"), "days"),
    "older_than": Test(_("was more than … days ago"), "days"),
    "later_than": Test(_("is in more than … days"), "days"),
    "this_month": Test(_("is in this month")),
    "this_year": Test(_("is in this year")),
    "anniversary": Test(_("has its anniversary this month")),
    "is": Test(_("is"), "choice"),
    "is_not": Test(_("is not"), "choice"),
    "has": Test(_("include"), "choice"),
    "has_not": Test(_("do not include"), "choice"),
    "yes": Test(pgettext_lazy("condition", "yes")),
    "no": Test(pgettext_lazy("condition", "no")),
    "empty": Test(_("is empty")),
    "filled": Test(_("is filled")),
}
TESTS_OF: dict[Sort, tuple[str, ...]] = {
    Sort.TEXT: ("contains", "lacks", "begins", "is_text", "empty", "filled"),
    Sort.NUMBER: ("equal", "less", "more", "empty", "filled"),
    Sort.YEARS: ("equal", "less", "more", "empty", "filled"),
    Sort.DAY: (
        "on", "before", "after", "last_days", "next_days", "older_than", "later_than", "this_month", "this_year",
        "anniversary", "empty", "filled",
    ),
    Sort.ONE: ("is", "is_not", "empty", "filled"),
    Sort.SEVERAL: ("has", "has_not", "empty", "filled"),
    Sort.YES_NO: ("yes", "no"),
}  # fmt: skip

#: (test, value, today) -> the condition on a record.
Meaning = Callable[[str, Any, date], Q]


@dataclass(frozen=True)
class Criterion:
    """A field of searches. `choices` are (value as text, label)."""

    key: str
    label: Any
    sort: Sort
    meaning: Meaning
    section: Any = ""
    choices: tuple[tuple[str, str], ...] = field(default=())
    tests: tuple[str, ...] = ()

    @property
    def allowed(self) -> tuple[str, ...]:
        return self.tests or TESTS_OF[self.sort]


def text_meaning(path: str) -> Meaning:
    def meaning(test: str, value: Any, today: date) -> Q:
        if test in {"empty", "filled"}:
            empty = Q(**{path: ""})
            return empty if test == "empty" else ~empty
        matching = texts_where(Record.objects.all(), path, "contains" if test == "lacks" else test, value)
        return ~matching if test == "lacks" else matching

    return meaning


def number_meaning(path: str) -> Meaning:
    return lambda test, value, today: number_q(path, test, value)


def day_meaning(path: str) -> Meaning:
    return lambda test, value, today: day_q(path, test, value, today)


def years_meaning(path: str) -> Meaning:
    return lambda test, value, today: years_q(path, test, value, today)


def yes_no_meaning(condition: Q) -> Meaning:
    return lambda test, value, today: condition if test == "yes" else ~condition


def number_q(path: str, test: str, value: Any) -> Q:
    """The condition on a number that may be null: null passes no test but "empty"."""
    match test:
        case "empty":
            return Q(**{f"{path}__isnull": True})
        case "filled":
            return Q(**{f"{path}__isnull": False})
        case _:
            return Q(**{f"{path}__{ {'equal': 'exact', 'less': 'lt', 'more': 'gt'}[test] }": value})


def day_q(path: str, test: str, value: Any, today: date) -> Q:
    """The condition on a day that may be null: null passes no test but "empty"."""
    days = timedelta(days=value if TESTS[test].needs == "days" else 0)
    found: dict[str, Any]
    match test:
        case "empty":
            found = {"isnull": True}
        case "filled":
            found = {"isnull": False}
        case "on":
            found = {"exact": value}
        case "before":
            found = {"lt": value}
        case "after":
            found = {"gt": value}
        case "last_days":
            found = {"range": (today - days, today)}
        case "next_days":
            found = {"range": (today, today + days)}
        case "older_than":
            found = {"lt": today - days}
        case "later_than":
            found = {"gt": today + days}
        case "this_month":
            found = {"year": today.year, "month": today.month}
        case "this_year":
            found = {"year": today.year}
        case _:
            found = {"month": today.month}
    return Q(**{f"{path}__{lookup}": wanted for lookup, wanted in found.items()})


def years_q(path: str, test: str, value: Any, today: date) -> Q:
    """The condition on the whole years since a day: 30 from the anniversary to the eve of the next one."""
    match test:
        case "equal":
            return Q(**{f"{path}__lte": years_ago(today, value), f"{path}__gt": years_ago(today, value + 1)})
        case "less":
            return Q(**{f"{path}__gt": years_ago(today, value)})
        case "more":
            return Q(**{f"{path}__lte": years_ago(today, value + 1)})
        case _:
            return number_q(path, test, value)


def one_meaning(path: str, blank: Any) -> Meaning:
    """One of a list, `blank` where there is none (None or "")."""
    empty = Q(**{f"{path}__isnull": True}) if blank is None else Q(**{path: blank})

    def meaning(test: str, value: Any, today: date) -> Q:
        match test:
            case "empty":
                return empty
            case "filled":
                return ~empty
            case "is":
                return Q(**{path: value})
            case _:
                return empty | ~Q(**{path: value})

    return meaning


def several_meaning(rows: Callable[[date], QuerySet[Any]], path: str) -> Meaning:
    """Several of a list: `rows` are those of a record (an outer reference), and `path` says what each holds."""

    def meaning(test: str, value: Any, today: date) -> Q:
        found = rows(today)
        if test in {"has", "has_not"}:
            found = found.filter(**{path: value})
        return Q(Exists(found)) if test in {"has", "filled"} else Q(~Exists(found))

    return meaning


def places(today: date) -> QuerySet[Any]:
    return Membership.objects.filter(person=OuterRef("person"))


def terms(today: date) -> QuerySet[Any]:
    return Term.objects.filter(record=OuterRef("pk"), starts_on__lte=today).exclude(ends_on__lt=today)


def running_dues(today: date) -> QuerySet[Any]:
    dues = Contribution.objects.filter(record=OuterRef("pk"), first__lte=today)
    return dues.exclude(last__lt=today).exclude(state=ContributionState.CANCELLED)


def affiliations(today: date) -> QuerySet[Any]:
    return Affiliation.objects.filter(record=OuterRef("pk"))


def answer_meaning(asked: Field) -> Meaning:
    """The condition on what a record answers to a field of the structure."""

    def meaning(test: str, value: Any, today: date) -> Q:
        answers = Answer.objects.filter(record=OuterRef("pk"), field=asked)
        match asked.kind:
            case FieldKind.YES_NO:
                ticked = Exists(answers.filter(number__gt=0))
                return Q(ticked) if test == "yes" else Q(~ticked)
            case FieldKind.NUMBER if test not in {"empty", "filled"}:
                return Q(Exists(answers.filter(number_q("number", test, value))))
            case FieldKind.DATE if test not in {"empty", "filled"}:
                return Q(Exists(answers.filter(day_q("day", test, value, today))))
            case FieldKind.CHOICE | FieldKind.CHOICES if test not in {"empty", "filled"}:
                chosen = Exists(answers.filter(text=value))
                return Q(chosen) if test in {"is", "has"} else Q(~chosen)
        if test in {"empty", "filled"}:
            return Q(Exists(answers)) if test == "filled" else Q(~Exists(answers))
        said = texts_where(Answer.objects.filter(field=asked), "text", "contains" if test == "lacks" else test, value)
        matching = Exists(answers.filter(said))
        return Q(~matching) if test == "lacks" else Q(matching)

    return meaning
