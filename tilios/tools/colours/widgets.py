"""The card of the dashboard: colour votes that wait for me first."""

from typing import Any

from tilios.core.people.models import Person
from tilios.tools.colours import queries

SHOWN = 5


def waiting(person: Person) -> dict[str, Any] | None:
    """Sessions to answer, then other open ones; nothing at all when none is open. Bounded queries."""
    sessions = list(queries.with_figures(queries.in_tab(person, "open"), person)[: 4 * SHOWN])
    if not sessions:
        return None
    mine = [one for one in sessions if one.is_asked and not one.answered][:SHOWN]  # type: ignore[attr-defined]
    others = [one for one in sessions if one not in mine][: SHOWN - len(mine)]
    return {"mine": mine, "others": others}
