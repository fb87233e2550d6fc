"""Birthdays of the contacts beside the events."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Right
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tilios.core.access.links import link
from tilios.core.access.roles import may
from tilios.core.people.models import Person
from tilios.core.toolbox.layers import MOST, Dated, Layer
from tilios.kit.zones import localise
from tilios.tools.agenda.models import Card
from tilios.tools.agenda.queries.rights import visible_cards

YEAR = timedelta(days=365)


def layers(person: Person) -> tuple[Layer, ...]:
    if not may(person, "agenda.view"):
        return ()
    return (Layer("agenda.birthdays", gettext_lazy("Birthdays"), "gift", "#6b3a20", birthdays),)


def birthdays(person: Person, start: datetime, end: datetime) -> list[Dated]:
    """The birthdays on the days of [start, end), of the contacts that `person` sees. One query beside their rights."""
    zone = timezone.get_current_timezone()
    first, last = start.astimezone(zone).date(), (end - timedelta(microseconds=1)).astimezone(zone).date()
    rows = _near(visible_cards(person).exclude(birthday=""), first, last)
    found = []
    for pk, name, written in rows.order_by("sort_name", "pk").values_list("pk", "full_name", "birthday")[:MOST]:
        for day in _days(written, first, last):
            found.append(_dated(pk, name, written, day))
    return sorted(found, key=lambda one: one.start)


def _near(cards: QuerySet[Card], first: date, last: date) -> QuerySet[Card]:
    """Those whose day of the year is in [first, last], with the 29th of February in case it is kept on the 28th."""
    if last - first >= YEAR:
        return cards
    cards = cards.annotate(of_year=Right("birthday", 5))
    begins, ends = f"{first:%m-%d}", f"{last:%m-%d}"
    after, before = Q(of_year__gte=begins), Q(of_year__lte=ends)
    return cards.filter((after & before if begins <= ends else after | before) | Q(of_year="02-29"))


def _days(written: str, first: date, last: date) -> Iterator[date]:
    """The birthdays in [first, last] of who was born on the day `written` ("1980-05-17", "--05-17")."""
    month, number = int(written[-5:-3]), int(written[-2:])
    for year in range(first.year, last.year + 1):
        try:
            day = date(year, month, number)
        except ValueError:
            day = date(year, 2, 28)
        if first <= day <= last and (written.startswith("--") or year >= int(written[:4])):
            yield day


def _dated(pk: int, name: str, written: str, day: date) -> Dated:
    age = 0 if written.startswith("--") else day.year - int(written[:4])
    title = _("Birthday of %(name)s, %(age)s") if age else _("Birthday of %(name)s")
    zone = timezone.get_current_timezone()
    begins, ends = (localise(datetime.combine(one, time(0)), zone) for one in (day, day + timedelta(days=1)))
    return Dated(
        key=f"{pk}-{day.year}",
        title=title % {"name": name, "age": age},
        start=begins,
        end=ends,
        url=link("agenda:card", pk),
        is_all_day=True,
    )
