"""The demonstration of formal votes: accounts approved by two thirds, and an election still open, secret."""

from datetime import datetime
from typing import Any

from tilios.core.people.models import Person
from tilios.tools.polls import actions, queries
from tilios.tools.polls.drafts import Draft
from tilios.tools.polls.models import Poll

YES, NO = 2, 0


def load(by: Person, people: dict[str, Person], *, deadline: datetime) -> None:
    """A closed vote with names, quorum and two thirds; an open secret one, until `deadline`."""
    _charter(by, people)
    _council(by, people, deadline)


def _charter(by: Person, people: dict[str, Person]) -> None:
    poll = actions.open_poll(
        by=by,
        title="Modifier l'article 4 des statuts : une part à 20 €",
        description="La part sociale passe de 50 € à **20 €**, pour que chaque personne du quartier puisse entrer.",
        drafts=[Draft(label="L'article 4 ainsi modifié")],
        kind="choice",
        ballot="yesno",
        formal=True,
        guests=False,
        quorum="1/4",
        majority="2/3",
        tell=False,
    )
    for giver, holder in (("Rosa", "Manon"), ("Paul", "Bob")):
        if giver in people and holder in people:
            _proxy(by, poll, people[giver], people[holder])
    voices = dict.fromkeys(("Alice", "Manon", "Samira", "Yves", "Lucie", "Ahmed", "Nadia", "Inès"), YES)
    voices |= {"Bob": NO, "Hugo": NO}
    option = poll.options.get().pk
    for name, value in voices.items():
        if _is_on(poll, people.get(name)):
            actions.cast_ballot(by=people[name], poll=poll, marks={option: value})
    if _is_on(poll, people.get("Marc")):
        actions.cast_ballot(by=people["Marc"], poll=poll, marks={}, blank=True)
    actions.close_poll(by=by, poll=poll, outcome="L'article 4 est modifié ; la préfecture est prévenue.")


def _council(by: Person, people: dict[str, Person], deadline: datetime) -> None:
    names = ("Manon Le Goff", "Samira Benali", "Yves Kervella", "Lucie Fontaine")
    poll = actions.open_poll(
        by=by,
        title="Élire deux personnes au conseil collégial",
        description="Le vote est secret. Vous pouvez donner votre pouvoir si vous n'êtes pas disponible.",
        drafts=[Draft(label=name) for name in names],
        kind="choice",
        ballot="several",
        ballot_rules={"least": 1, "most": 2},
        formal=True,
        secret=True,
        guests=False,
        quorum="1/3",
        deadline=deadline,
        tell=False,
    )
    options = [option.pk for option in poll.options.all()]
    for place, name in enumerate(("Samira", "Yves", "Lucie", "Ahmed", "Nadia", "Hugo")):
        person = people.get(name)
        if person is not None and (line := queries.voter_of(poll, person=person)):
            chosen = {options[place % 4]: 1, options[(place + 1) % 4]: 1}
            actions.cast_secret_ballots(by=person, poll=poll, voters=[line.pk], marks=chosen, sheet=f"demo-{place}")


def _is_on(poll: Poll, person: Person | None) -> bool:
    return person is not None and queries.is_listed(person, poll)


def _proxy(by: Person, poll: Poll, giver: Person, holder: Person) -> None:
    lines: Any = [queries.voter_of(poll, person=one) for one in (giver, holder)]
    if all(lines):
        actions.give_proxy(by=by, poll=poll, giver=lines[0], holder=lines[1])
