"""The thing an address names by its kind and number, if whoever asks may see it."""

from typing import Any

from django.http import Http404

from tilios.core.people.models import Person
from tilios.core.toolbox import registry
from tilios.core.toolbox.declaration import Kind


def visible_thing(person: Person, name: str, pk: int) -> tuple[Kind, Any]:
    """The kind called `name` and its thing `pk`; Http404 when it is not there, not seen, or its tool off. One query."""
    kind = registry.kind(name)
    tool = registry.tool(name.partition(".")[0])
    if kind is None or tool is None or not (tool.house or tool.slug in person.structure.enabled_tools):
        raise Http404
    thing = kind.visible_to(person).filter(pk=pk).first()
    if thing is None:
        raise Http404
    return kind, thing
