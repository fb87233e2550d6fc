"""Dated things of a tool, shown beside the events of the agenda: what answers the capability "calendar.layer".

A tool answers by `layers(person)`, which gives the layers that person may have, without a query. Layers are read only:
each thing leads to its own page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tilios.core.toolbox import registry

CAPABILITY = "calendar.layer"
#: Things that one layer gives at most, the first ones: a year of them is more than anybody reads.
MOST = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Dated:
    """One thing of a layer. Moments are aware; the end of whole days is midnight of the day after."""

    key: str  # tells it from the others of its layer, the same as long as the thing is there: "12-deadline"
    title: str
    start: datetime
    end: datetime
    url: str  # the path of its page
    is_all_day: bool = False
    is_tentative: bool = False


@dataclass(frozen=True, slots=True)
class Layer:
    """`between(person, start, end)` gives what touches [start, end) and the person may see, in a bounded number of
    queries. `colour` is far from those that calendars are given (tools/agenda/actions/spaces.py).
    """

    name: str  # "polls.dates"
    label: Any
    icon: str
    colour: str  # "#56700c"
    between: Callable[[Any, datetime, datetime], Sequence[Dated]]


def layers_of(person: Any) -> list[Layer]:
    """The layers that the enabled tools have for `person`, in the order of the tools."""
    return [layer for answer in registry.capabilities(CAPABILITY) for layer in answer(person)]
