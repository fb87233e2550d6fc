"""More of the demonstration: an order counted by duels, a majority judgment, a consent with an objection, a draw."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tilios.core.people.models import Person
from tilios.tools.polls import actions
from tilios.tools.polls.ballots import Filled
from tilios.tools.polls.drafts import Draft
from tilios.tools.polls.models import Poll

AGREE, RESERVATIONS, ABSTAIN, OBJECT = 3, 2, 1, 0


def load(by: Person, people: dict[str, Person]) -> None:
    """Four polls in La Fabrique, in which its people have voted."""
    _name(by, people)
    _projects(by, people)
    _charter(by, people)
    _turns(by)


def _open(by: Person, title: str, labels: Iterable[str], **fields: Any) -> Poll:
    drafts = [Draft(label=label) for label in labels]
    return actions.open_poll(by=by, title=title, drafts=drafts, kind="choice", least_role=10, tell=False, **fields)


def _name(by: Person, people: dict[str, Person]) -> None:
    """No option wins all its duels: the chains of victories decide."""
    poll = _open(
        by,
        "Quel nom pour notre nouvelle salle ?",
        ("La Verrière", "Le Séchoir", "L'Aiguillage", "La Passerelle"),
        description="Classez les noms par ordre de préférence. Vous pouvez en laisser de côté.",
        ballot="ranked",
        ballot_rules={"method": "schulze"},
    )
    orders = {
        "Alice": (1, 2, 3, 4), "Manon": (1, 2, 3, 4), "Samira": (1, 2, 3, None), "Bob": (1, 2, 4, 3),
        "Yves": (3, 1, 2, None), "Lucie": (3, 1, 2, 4), "Ahmed": (3, 1, 2, 4),
        "Chloé": (2, 3, 1, None), "Marc": (2, 4, 1, 3),
    }  # fmt: skip
    _vote(poll, people, orders)


def _projects(by: Person, people: dict[str, Person]) -> None:
    """The two options in front have the same median grade."""
    poll = _open(
        by,
        "Quel chantier participatif cette année ?",
        ("Isoler la grande salle", "Refaire le jardin", "Ouvrir une cuisine partagée", "Peindre la façade"),
        ballot="judgment",
    )
    grades = {
        "Alice": (6, 4, 5, 1), "Manon": (5, 5, 4, 2), "Samira": (4, 3, 6, 0), "Yves": (5, 2, 2, 3),
        "Lucie": (2, 4, 6, 1), "Ahmed": (6, 3, 5, 2), "Chloé": (3, 5, 5, 0),
    }  # fmt: skip
    _vote(poll, people, grades)


def _charter(by: Person, people: dict[str, Person]) -> None:
    poll = _open(
        by,
        "Adoptons-nous ces règles pour l'atelier ?",
        ("L'atelier ferme à 21 h en semaine", "Chaque personne range son poste avant de partir"),
        description="Une objection dit ce qui nuirait au groupe ; nous en parlerons avant un autre tour.",
        ballot="consent",
    )
    answers = {
        "Alice": (AGREE, AGREE), "Manon": (AGREE, AGREE), "Yves": (RESERVATIONS, AGREE), "Bob": (OBJECT, AGREE),
        "Lucie": (ABSTAIN, AGREE), "Marc": (AGREE, AGREE),
    }  # fmt: skip
    reasons = {
        "Bob": "Je travaille jusqu'à 20 h : je n'aurais plus de soir pour venir. 22 h le jeudi suffirait.",
        "Yves": "À revoir cet été, quand il fait jour plus tard.",
    }
    options = list(poll.options.all())
    for name, values in answers.items():
        if name in people:
            marks = {option.pk: value for option, value in zip(options, values, strict=True)}
            words = {options[0].pk: reasons[name]} if name in reasons else {}
            actions.cast_ballot(by=people[name], poll=poll, marks=Filled(marks, words))


def _turns(by: Person) -> None:
    """A draw that has taken place."""
    poll = _open(
        by,
        "Qui tient le stand de la fête du quartier ?",
        ("Équipe du fablab", "Équipe de la cuisine", "Équipe du jardin", "Équipe du vélo", "Équipe de la radio"),
        ballot="draw",
        ballot_rules={"drawn": 2},
        seed_source="les numéros du Loto du samedi suivant, dans l'ordre croissant",
    )
    actions.close_poll(by=by, poll=poll)
    actions.draw_lots(by=by, poll=poll, seed="4 11 23 36 48 7")


def _vote(poll: Poll, people: dict[str, Person], answers: Mapping[str, Sequence[int | None]]) -> None:
    options = list(poll.options.all())
    for name, values in answers.items():
        if name in people:
            marks = {option.pk: value for option, value in zip(options, values, strict=True) if value is not None}
            actions.cast_ballot(by=people[name], poll=poll, marks=marks)
