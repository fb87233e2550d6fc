"""Colour votes beside the events of the agenda: until when to answer."""

from datetime import datetime

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tilios.core.access.links import link
from tilios.core.access.roles import may
from tilios.core.people.models import Person
from tilios.core.toolbox.layers import MOST, Dated, Layer
from tilios.tools.colours import queries


def layers(person: Person) -> tuple[Layer, ...]:
    if not may(person, "colours.view"):
        return ()
    return (Layer("colours.deadlines", gettext_lazy("Colour votes"), "rainbow", "#c2188f", between),)


def between(person: Person, start: datetime, end: datetime) -> list[Dated]:
    """The deadlines of the sessions that ask `person` or are their own; one closed before its deadline has none."""
    mine = queries.visible_sessions(person).filter(queries.asked(person) | Q(author=person))
    rows = mine.filter(deadline__gte=start, deadline__lt=end).filter(
        Q(closed_at=None) | Q(closed_at__gte=F("deadline"))
    )
    return [
        Dated(
            key=f"{pk}-deadline",
            title=_("%(title)s – last moment to answer") % {"title": title},
            start=deadline,
            end=deadline,
            url=link("colours:detail", pk),
        )
        for pk, title, deadline in rows.order_by("deadline", "pk").values_list("pk", "title", "deadline")[:MOST]
        if deadline is not None
    ]
