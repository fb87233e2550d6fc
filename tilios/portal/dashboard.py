"""The cards of the home: what each tool brings, as each person has arranged them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from tilios.core.access import roles
from tilios.core.errors import Invalid
from tilios.core.people.models import Person
from tilios.core.toolbox import registry
from tilios.core.toolbox.declaration import Tool, Widget
from tilios.portal.models import HomeLayout

LAST = "portal.tools"
MOVES = ("up", "down", "hide", "show")


@dataclass(frozen=True)
class Card:
    """A widget with what it shows now."""

    tool: Tool
    widget: Widget
    context: dict[str, Any]


def offered(person: Person) -> list[tuple[Tool, Widget]]:
    """The widgets `person` may have, in their own order, hidden ones included. One query."""
    layout = _layout(person)
    found = list(_declared(person))
    place = {name: number for number, name in enumerate(layout.order)}
    return sorted(found, key=lambda pair: place.get(pair[1].name, len(place)))


def _declared(person: Person) -> Iterator[tuple[Tool, Widget]]:
    """First steps and what is to be read, then each tool's, then the tools themselves."""
    house = [(tool, widget) for tool in registry.everything() if tool.house for widget in tool.widgets]
    first = [pair for pair in house if pair[1].name != LAST]
    last = [pair for pair in house if pair[1].name == LAST]
    brought = [(tool, widget) for tool in registry.enabled(person.structure) for widget in tool.widgets]
    for tool, widget in [*first, *brought, *last]:
        if roles.may(person, widget.action):
            yield tool, widget


def _layout(person: Person) -> HomeLayout:
    if "_home_layout" not in person.__dict__:
        found = HomeLayout.objects.filter(person=person).first()
        person.__dict__["_home_layout"] = found or HomeLayout(person=person)
    return person.__dict__["_home_layout"]


def hidden(person: Person) -> set[str]:
    """Names of the widgets `person` has put away."""
    return set(_layout(person).hidden)


def cards(person: Person) -> list[Card]:
    """The cards to show. One query, and those of each widget."""
    away = hidden(person)
    shown = []
    for tool, widget in offered(person):
        if widget.name not in away:
            context = widget.context(person)
            if context is not None:
                shown.append(Card(tool, widget, context))
    return shown


@transaction.atomic
def arrange(*, person: Person, name: str, move: str) -> None:
    """Move a card up or down among those shown, hide it, or show it again. Raises Invalid for one that is not there."""
    names = [widget.name for _tool, widget in offered(person)]
    if name not in names or move not in MOVES:
        raise Invalid("widget", name)
    row, _created = HomeLayout.objects.select_for_update(of=("self",)).get_or_create(person=person)
    away = [one for one in row.hidden if one != name]
    if move == "hide":
        away.append(name)
    elif move in {"up", "down"}:
        shown = [one for one in names if one not in away]
        place = shown.index(name)
        other = place + (1 if move == "down" else -1)
        if 0 <= other < len(shown):
            here, there = names.index(name), names.index(shown[other])
            names[here], names[there] = names[there], names[here]
    row.order, row.hidden = names, away
    row.save(update_fields=["order", "hidden"])
    person.__dict__.pop("_home_layout", None)


@transaction.atomic
def start_again(*, person: Person) -> None:
    """Back to the home everybody begins with."""
    HomeLayout.objects.filter(person=person).delete()
    person.__dict__.pop("_home_layout", None)
