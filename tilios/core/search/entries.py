"""What a tool gives to be found: a title, a text, and who may find it."""

from dataclasses import dataclass, field
from typing import Any

#: Longer texts are indexed up to here: a shelf of books would cost each search its memory.
LONGEST_TEXT = 20_000
LONGEST_TITLE = 300


@dataclass(frozen=True)
class Entry:
    """One thing to be found, as a Kind's `search` function gives it: `entry(obj) -> Entry | None`.

    `keys` say who may find it: any of "role:20" (that role or a higher one), "group:3", "person:7". They only narrow
    the search; what is found is always asked again of the Kind's `visible` before it is shown.
    """

    title: str
    text: str = ""
    keys: frozenset[str] | set[str] | tuple[str, ...] | list[str] = field(default_factory=frozenset)


def keys_of(person: Any) -> list[str]:
    """The keys `person` holds: their role and those below, their groups, themselves. One query, once a request."""
    from tilios.core.access.roles import effective_role
    from tilios.core.people.queries import groups_of
    from tilios.core.people.roles import Role

    role = effective_role(person)
    held = [f"role:{int(one)}" for one in Role if one <= role]
    return [*held, *(f"group:{pk}" for pk in sorted(groups_of(person))), f"person:{person.pk}"]
