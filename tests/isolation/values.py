"""Values for the arguments of URLs: one of our own structure's things, one of another structure's.

Each tool gives its own in `tests/contract.py` of its folder (`objects(by)`); those of the portal are here.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from tilios.core.people.models import Person
from tilios.core.structures.scope import scope
from tilios.core.toolbox import registry


class NoValue(LookupError):
    """A URL argument for which nobody gives a value."""


def objects_of(space: str, by: Person) -> dict[str, Any]:
    """Values by argument name (or "url_name:argument"), made in the structure of `by`, which is in scope."""
    if space == "portal":
        return _portal_objects(by)
    if space == "uploads":
        return _upload_objects(by)
    module = f"tilios.tools.{space}.tests.contract"
    if registry.tool(space) and find_spec(module):
        return import_module(module).objects(by)
    return {}


def value_for(space: str, name: str, argument: str, values: dict[str, Any]) -> Any:
    """The value of `argument` in the route `name`; NoValue says where to add it."""
    for key in (f"{name}:{argument}", argument):
        if key in values:
            return values[key]
    place = "tests/isolation/values.py" if space in {"portal", "uploads"} else f"tilios/tools/{space}/tests/contract.py"
    raise NoValue(
        f"No value for the argument {argument!r} of the route {space}:{name}: add it to objects() in {place}."
    )


def _portal_objects(by: Person) -> dict[str, Any]:
    from tests.isolation import portal_values

    return portal_values.objects(by)


def _upload_objects(by: Person) -> dict[str, Any]:
    from tests.isolation import upload_values

    return upload_values.objects(by)


def make_both(ours: Person, theirs: Person, space: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The same things made in both structures."""
    with scope(ours.structure):
        own = objects_of(space, ours)
    with scope(theirs.structure):
        foreign = objects_of(space, theirs)
    return own, foreign
