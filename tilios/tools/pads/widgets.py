"""The card of the dashboard: the texts one opened last."""

from typing import Any

from tilios.core.people.models import Person
from tilios.tools.pads.queries.texts import lately_opened

SHOWN = 5


def recent(person: Person) -> dict[str, Any] | None:
    """The latest five, newest first; nothing for who has opened none. Bounded queries."""
    items = lately_opened(person, SHOWN)
    return {"items": items} if items else None
