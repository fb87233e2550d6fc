"""Polls beside the events of the agenda: until when to answer, and the days that are still possible."""

from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tilios.core.access.links import link
from tilios.core.access.roles import may
from tilios.core.people.models import Person
from tilios.core.toolbox.layers import MOST, Dated, Layer
from tilios.kit.zones import localise
from tilios.tools.polls import queries
from tilios.tools.polls.models import Option, Poll, PollKind

DAY = timedelta(days=1)


def layers(person: Person) -> tuple[Layer, ...]:
    if not may(person, "polls.view"):
        return ()
    return (Layer("polls.dates", gettext_lazy("Polls"), "list-checks", "#56700c", between),)


def between(person: Person, start: datetime, end: datetime) -> list[Dated]:
    """Deadlines of the polls that ask `person` or are their own, and the days of date polls that take votes."""
    mine = queries.visible_polls(person).filter(queries.asked(person) | Q(author=person), archived_at=None)
    return [*_deadlines(mine, start, end), *_options(mine, start, end)]


def _deadlines(mine: QuerySet[Poll], start: datetime, end: datetime) -> list[Dated]:
    """What was closed before its deadline has none."""
    rows = mine.filter(deadline__gte=start, deadline__lt=end).filter(
        Q(closed_at=None) | Q(closed_at__gte=F("deadline"))
    )
    return [
        Dated(
            key=f"{pk}-deadline",
            title=_("%(title)s – last moment to answer") % {"title": title},
            start=deadline,
            end=deadline,
            url=link("polls:detail", pk),
        )
        for pk, title, deadline in rows.order_by("deadline", "pk").values_list("pk", "title", "deadline")[:MOST]
        if deadline is not None
    ]


def _options(mine: QuerySet[Poll], start: datetime, end: datetime) -> list[Dated]:
    open_ones = mine.filter(queries.taking_votes(), kind=PollKind.DATES).order_by().values("pk")
    rows = Option.objects.filter(poll__in=open_ones, day__gte=start.date() - DAY, day__lte=end.date() + DAY)
    found = [_possible(one) for one in rows.select_related("poll").order_by("day", "pk")[:MOST]]
    return [one for one in found if one.start < end and max(one.end, one.start + timedelta(seconds=1)) > start]


def _possible(option: Option) -> Dated:
    poll = option.poll
    assert option.day is not None
    midnight = datetime.combine(option.day, datetime.min.time())
    begins = option.starts_at or localise(midnight, poll.tz)
    ends = (option.ends_at or option.starts_at) if option.starts_at else localise(midnight + DAY, poll.tz)
    assert ends is not None
    return Dated(
        key=f"{poll.pk}-{option.pk}",
        title=_("Perhaps: %(title)s") % {"title": poll.title},
        start=begins,
        end=ends,
        url=link("polls:detail", poll.pk),
        is_all_day=option.starts_at is None,
        is_tentative=True,
    )
