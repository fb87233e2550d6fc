"""Whoever comes finds their spaces there."""

from tilios.core.people.models import Person
from tilios.core.shelves.actions import spaces
from tilios.tools.pads.queries.rights import Rights


def open_spaces(person: Person) -> Rights:
    """The rights of `person`, the spaces they should have being there: made the first time somebody comes."""
    return spaces.open_spaces(Rights(person))
