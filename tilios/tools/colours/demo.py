"""The demonstration: what the users of the place think of it, two rounds of 120 voices; one session to answer."""

import random
from datetime import datetime, time, timedelta

from django.utils import timezone

from tilios.core.access import sharing
from tilios.core.people.models import Person
from tilios.core.people.queries import active_people
from tilios.core.structures.scope import current_structure
from tilios.tools.colours import actions, library, tallies
from tilios.tools.colours.actions.changes import changed
from tilios.tools.colours.drafts import Draft
from tilios.tools.colours.imports import Reading
from tilios.tools.colours.models import Answer, Remark, Round, Session, Voice
from tilios.tools.colours.queries import Whom
from tilios.tools.colours.scales import BLACK, PRESETS, WHITE

VOICES = 120
GROUPS = ("Coworkers", "Artisans", "Visiteurs et visiteuses")
#: For each statement: how favourable each group is, from 0 (all green) to 4 (all red), and how far apart people are.
MOODS = (
    ((0.4, 0.7, 0.5), 0.7), ((1.0, 2.8, 1.6), 1.1), ((1.8, 1.5, 2.4), 1.2), ((1.4, 0.6, 1.7), 0.9),
    ((1.5, 2.2, 1.2), 1.0), ((2.9, 3.3, 2.4), 0.8), ((3.1, 0.8, 1.8), 0.9), ((2.0, 2.1, 2.6), 1.0),
    ((0.8, 0.9, 1.5), 0.8), ((2.0, 2.2, 2.0), 1.9), ((2.6, 2.5, 2.8), 1.0), ((0.5, 0.6, 0.9), 0.8),
)  # fmt: skip
REMARKS = (
    (0, "J'ai été accueillie avec un café et un prénom, on ne l'oublie pas."),
    (1, "Le soir, tout ferme quand je sors du travail."),
    (1, "Neuf heures, c'est trop tard pour qui commence à sept."),
    (2, "La demi-journée reste chère pour qui vient une fois par semaine."),
    (5, "En janvier, on garde son manteau dans l'atelier."),
    (5, "La chaudière a l'âge de ma grand-mère : parlons-en avant l'hiver."),
    (6, "La scie et les visioconférences ne vont pas ensemble."),
    (6, "Le bruit de l'atelier, c'est la vie du lieu."),
    (9, "Je lis les comptes rendus, merci de les afficher."),
    (9, "On apprend les décisions au bar, une fois prises."),
    (10, "Il y a trois marches à l'entrée et personne pour aider le lundi."),
    (11, "Déjà fait : ma voisine vient le mercredi."),
)


def load(by: Person) -> None:
    """Sessions of the structure in scope: two in La Fabrique, one in its neighbour's."""
    if current_structure().slug != "la-fabrique":
        _names(by)
        return
    people = {person.given_name: person for person in active_people()}
    _survey(by)
    _weather(people.get("Manon", by), people)


def _survey(by: Person) -> None:
    found = library.find("usagers", "fr")
    assert found is not None
    session = actions.open_session(
        by=by,
        title="Que pensez-vous de La Fabrique ?",
        introduction=found.introduction,
        drafts=[Draft(text, why) for text, why in found.statements],
        scale=PRESETS[found.scale].scale,
        colleges=[actions.CollegeDraft(name) for name in GROUPS],
        least_role=10,
        results="open",
        identity="pseudonym",
        tell=False,
    )
    draw = random.Random(1901)  # noqa: S311 (invented answers, the same each time)
    statements = list(session.statements.values_list("pk", flat=True))
    first = _reading(draw, statements)
    actions.import_answers(by=by, session=session, reading=first)
    voices = {voice.name: voice for voice in session.voices.all()}
    one = session.rounds.get(number=1)
    _remark(session, one, statements, list(voices.values()))
    two = actions.open_round(by=by, session=session)
    _second_round(draw, session, two, statements, first, voices)
    changed(session)
    sharing.create_link(by=by, target=session, mode="answer", label="Affiche à l'entrée")
    actions.close_session(by=by, session=session)


def _reading(draw: random.Random, statements: list[int]) -> Reading:
    """What 120 people answered on paper, in a sheet."""
    reading = Reading(statements=statements)
    for number in range(VOICES):
        group = draw.choices(range(len(GROUPS)), (5, 3, 4))[0]
        reading.names.append(f"Fiche {number + 1:03}")
        reading.groups.append(GROUPS[group])
        colours = {pk: _colour(draw, *mood, group) for pk, mood in zip(statements, MOODS, strict=True)}
        reading.answers.append({pk: value for pk, value in colours.items() if value is not None})
    return reading


def _colour(draw: random.Random, means: tuple[float, ...], spread: float, group: int) -> int | None:
    chance = draw.random()
    if chance < 0.02:
        return None
    if chance < 0.06:
        return WHITE
    if chance < 0.075:
        return BLACK
    return max(0, min(4, round(draw.gauss(means[group], spread))))


def _second_round(
    draw: random.Random,
    session: Session,
    round_: Round,
    statements: list[int],
    first: Reading,
    voices: dict[str, Voice],
) -> None:
    """After the discussion: heating is repaired and evenings are opened, so two statements move; some people left."""
    moving = {statements[1]: 0.55, statements[5]: 0.7, statements[9]: 0.35}
    rows = []
    for name, answers in zip(first.names, first.answers, strict=True):
        if draw.random() < 0.08:
            continue
        for pk, value in answers.items():
            if value > 0 and draw.random() < moving.get(pk, 0.08):
                value -= draw.choice((1, 1, 2)) if value > 1 else 1
            rows.append(Answer(round=round_, statement_id=pk, voice=voices[name], value=value))
    Answer.objects.bulk_create(rows)


def _remark(session: Session, round_: Round, statements: list[int], voices: list[Voice]) -> None:
    """Remarks, each from a voice that answered its statement, in the colour of what it says."""
    grid = tallies.grid_of(session, round_, list(session.statements.all()))
    taken: set[int] = set()
    rows = []
    for place, (statement, text) in enumerate(REMARKS):
        wanted = 0 if place in {0, 7, 8, 11} else 4
        pk = statements[statement]
        free = [voice for voice in voices if voice.pk not in taken and grid.answers.get((pk, voice.pk), -1) >= 0]
        best = min(free, key=lambda voice: (abs(grid.answers[pk, voice.pk] - wanted), voice.name))
        taken.add(best.pk)
        rows.append(Remark(round=round_, statement_id=pk, voice=best, text=text, discussed=place < 2))
    Remark.objects.bulk_create(rows)


def _weather(by: Person, people: dict[str, Person]) -> None:
    """Open, and waiting for most of the people of the demonstration."""
    found = library.find("meteo", "fr")
    assert found is not None
    session = actions.open_session(
        by=by,
        title="Météo de l'équipe avant la réunion",
        introduction=found.introduction,
        drafts=[Draft(text, why) for text, why in found.statements],
        scale=PRESETS[found.scale].scale,
        least_role=10,
        results="revealed",
        tell=False,
        deadline=_evening(6),
        reminder_h=24,
    )
    pks = list(session.statements.values_list("pk", flat=True))
    colours = {
        "Samira": (0, 1, 0, 0, 0),
        "Yves": (1, 2, 1, 0, 0),
        "Lucie": (0, 0, WHITE, 1, 0),
        "Ahmed": (2, 2, 1, 0, 1),
        "Chloé": (1, 1, 0, 0, 0),
    }
    for name, values in colours.items():
        if name in people:
            given = actions.Given(dict(zip(pks, values, strict=True)))
            actions.answer(whom=Whom(person=people[name]), session=session, given=given)
    if "Ahmed" in people:
        said = actions.Given(remarks={pks[1]: "Deux chantiers à finir avant vendredi."})
        actions.answer(whom=Whom(person=people["Ahmed"]), session=session, given=said)


def _names(by: Person) -> None:
    found = library.find("nom", "fr")
    assert found is not None
    actions.open_session(
        by=by,
        title="Quel nom pour le nouvel atelier ?",
        introduction=found.introduction,
        drafts=[Draft(text) for text, _why in found.statements],
        scale=PRESETS[found.scale].scale,
        tell=False,
    )


def _evening(days: int) -> datetime:
    """So many days from now, at eight in the evening."""
    day = timezone.localdate() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time(20)))
