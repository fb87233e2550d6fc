"""The card of the dashboard: polls that wait for my vote first, answered in place when they are short."""

from typing import Any

from tilios.core.people.models import Person
from tilios.tools.polls import ballots, queries
from tilios.tools.polls.views.shown import Shown

SHOWN = 5


def waiting(person: Person) -> dict[str, Any] | None:
    """Polls to answer, then other open ones; nothing at all when no poll is open. Bounded queries."""
    open_polls = queries.with_figures(queries.in_tab(person, "open"), person)
    mine = list(open_polls.filter(queries.asked(person)).exclude(queries.voted_by(person))[:SHOWN])
    others = list(open_polls.exclude(pk__in=[poll.pk for poll in mine])[: SHOWN - len(mine)])
    if not mine and not others:
        return None
    quick = next((poll for poll in mine if _is_quick(poll)), None)
    shown = Shown(quick, person=person) if quick else None
    return {"mine": [poll for poll in mine if poll is not quick], "others": others, "quick": quick, "shown": shown}


def _is_quick(poll: Any) -> bool:
    return ballots.of(poll.ballot).is_quick(poll.option_count) and not poll.description and not poll.formal
