"""Dated things of every tool, as the views of the agenda show them beside events."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tilios.core.people.models import Person
from tilios.core.toolbox.layers import Dated, Layer, layers_of
from tilios.kit.zones import localise
from tilios.tools.agenda.actions.collections import COLOUR
from tilios.tools.agenda.models import HiddenLayer
from tilios.tools.agenda.queries.views import PLAIN_COLOUR, Happening


@dataclass(frozen=True)
class ShownLayer:
    """A layer on the side of the views."""

    layer: Layer
    is_hidden: bool

    @property
    def css(self) -> str:
        """Its name in the classes of the pages: "calendar-polls-dates" has its colour."""
        return self.layer.name.replace(".", "-")

    @property
    def colour(self) -> str:
        return self.layer.colour if COLOUR.fullmatch(self.layer.colour) else PLAIN_COLOUR


def shown_layers(person: Person) -> list[ShownLayer]:
    """The layers that `person` may have, with those they hide. One query."""
    hidden = set(HiddenLayer.objects.filter(person=person).values_list("name", flat=True))
    return [ShownLayer(one, one.name in hidden) for one in layers_of(person)]


def in_layers(
    person: Person, layers: Iterable[ShownLayer], start: date, end: date, *, zone: ZoneInfo
) -> list[Happening]:
    """What the layers that are not hidden hold on the days of [start, end)."""
    begins, ends = (localise(datetime.combine(day, time(0)), zone) for day in (start, end))
    found = [
        _happening(shown, one, zone)
        for shown in layers
        if not shown.is_hidden
        for one in shown.layer.between(person, begins, ends)
    ]
    return [one for one in found if one.first < end and one.last >= start]


def _happening(shown: ShownLayer, one: Dated, zone: ZoneInfo) -> Happening:
    start, end = one.start.astimezone(zone), one.end.astimezone(zone)
    last = (end - timedelta(microseconds=1)).date() if end > start else start.date()
    return Happening(
        entry=0,
        calendar=shown.css,
        title=one.title,
        place="",
        start=start,
        end=end,
        first=start.date(),
        last=max(last, start.date()),
        is_all_day=one.is_all_day,
        recurrence_id="",
        is_recurring=False,
        is_whole=True,
        status="TENTATIVE" if one.is_tentative else "",
        url=one.url,
        icon=shown.layer.icon,
    )


def colour_key(layers: Sequence[ShownLayer]) -> str:
    """Says which colours of layers the style sheet of the views holds."""
    return "-".join(one.css for one in layers)
