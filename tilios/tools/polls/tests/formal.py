"""Formal votes for tests: a poll with a roll, and people by the dozen."""

from typing import Any

from tilios.core.people.models import Person, Role
from tilios.tools.polls import actions
from tilios.tools.polls.models import Poll, Voter
from tilios.tools.polls.roll_lines import Line
from tilios.tools.polls.tests.contract import marks
from tilios.tools.polls.tests.contract import open_formal as open_vote

__all__ = ["NO", "YES", "line_of", "lines", "open_vote", "people", "vote"]

YES, NO = 2, 0


def people(number: int) -> list[Person]:
    """So many members without a login, "Voix 000" and on."""
    return Person.objects.bulk_create(
        Person(given_name="Voix", family_name=f"{place:03}", display_name=f"Voix {place:03}",
               sort_name=f"voix {place:03}", role=Role.MEMBER)
        for place in range(number)
    )  # fmt: skip


def line_of(poll: Poll, person: Person) -> Voter:
    return Voter.objects.get(poll=poll, person=person)


def vote(poll: Poll, person: Person, *values: int | None, blank: bool = False) -> Any:
    """Cast the ballot of `person`, secret or not."""
    chosen = marks(poll, *values)
    if poll.secret:
        line = line_of(poll, person)
        return actions.cast_secret_ballots(
            by=person, poll=poll, voters=[line.pk], marks=chosen, sheet=f"sheet-{line.pk}", blank=blank
        )
    return actions.cast_ballot(by=person, poll=poll, marks=chosen, blank=blank)


def lines(*people: Person, **more: Any) -> list[Line]:
    return [Line(person.pk, "", **more) for person in people]
