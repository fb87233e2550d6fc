"""The demonstration: a date half answered, a logo to choose, a decision taken."""

import io
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from PIL import Image, ImageDraw

from tilios.core.access import sharing
from tilios.core.access.models import Visitor
from tilios.core.blobs.images import store_image
from tilios.core.conversations import actions as conversations
from tilios.core.people.models import Person
from tilios.core.people.queries import active_people
from tilios.core.structures.scope import current_structure
from tilios.tools.polls import actions, demo_formal, demo_methods
from tilios.tools.polls.drafts import Draft
from tilios.tools.polls.models import Poll

YES, MAYBE, NO = 2, 1, 0


def load(by: Person) -> None:
    """Polls of the structure in scope: eight in La Fabrique, one in its neighbour's."""
    if current_structure().slug != "la-fabrique":
        _neighbour(by)
        return
    people = {person.given_name: person for person in active_people()}
    _general_meeting(by, people)
    _logo(people.get("Manon", by), people)
    _opening_hours(by, people)
    _workbench(people.get("Bob", by), people)
    demo_methods.load(by, people)
    demo_formal.load(by, people, deadline=_evening(12))


def _next(weekday: int, weeks: int = 2) -> date:
    """The day of the week (0 is Monday) so many weeks from now: the demonstration never gets old."""
    today = timezone.localdate()
    return today + timedelta(days=(weekday - today.weekday()) % 7 + 7 * weeks)


def _evening(days: int) -> datetime:
    """So many days from now, at eight in the evening."""
    day = timezone.localdate() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time(20)))


def _general_meeting(by: Person, people: dict[str, Person]) -> None:
    thursday, saturday = _next(3), _next(5)
    drafts = [
        Draft(day=thursday, start=time(18, 30), end=time(20, 30)),
        Draft(day=saturday, start=time(10), end=time(12)),
        Draft(day=saturday, start=time(14), end=time(16)),
        Draft(day=thursday + timedelta(days=7), start=time(18, 30), end=time(20, 30)),
    ]
    poll = actions.open_poll(
        by=by,
        title="Quand tenir notre assemblée générale ?",
        description=(
            "Il faut que **le plus de monde possible** puisse venir. À l'ordre du jour :\n\n"
            "- le bilan de l'année ;\n- le budget ;\n- l'élection du conseil collégial.\n\nLa garderie est assurée."
        ),
        drafts=drafts,
        kind="dates",
        ballot="yesno",
        ballot_rules={"maybe": True},
        least_role=10,
        deadline=_evening(9),
        reminder_h=48,
    )
    answers: dict[str, tuple[int, ...]] = {
        "Manon": (YES, YES, NO, YES),
        "Samira": (NO, YES, YES, NO),
        "Yves": (YES, MAYBE, NO, YES),
        "Lucie": (NO, YES, MAYBE, MAYBE),
        "Ahmed": (MAYBE, YES, YES, NO),
        "Chloé": (NO, YES, NO, YES),
    }
    _vote(poll, people, answers)
    if "Rosa" in people:
        actions.key_in_ballot(by=by, poll=poll, person=people["Rosa"], marks=_marks(poll, (NO, YES, YES, NO)))
    link = sharing.create_link(by=by, target=poll, mode="vote", label="Affichée au café")
    guest = Visitor.objects.create(link=link, key="demonstration", name="Pierre, du club de vélo")
    actions.cast_guest_ballot(
        visitor=guest, poll=poll, marks=_marks(poll, (NO, MAYBE, YES, None)), remark="plutôt après 14 h 30"
    )
    if "Manon" in people:
        conversations.comment(
            target=poll, by=people["Manon"], text="La salle est libre le samedi matin, je l'ai retenue par précaution."
        )


def _logo(by: Person, people: dict[str, Person]) -> None:
    names = ("Le marteau", "La maison ronde", "Les trois mains", "Le phare")
    drafts = [Draft(label=name, image=_drawing(number)) for number, name in enumerate(names)]
    poll = actions.open_poll(
        by=by,
        title="Quel logo pour La Fabrique ?",
        description="Deux dessins au plus par personne. Les résultats apparaissent quand vous avez voté.",
        drafts=drafts,
        kind="choice",
        ballot="several",
        ballot_rules={"least": 1, "most": 2},
        results="voted",
        proposals=True,
        deadline=_evening(21),
    )
    answers = {
        "Alice": (1, None, 1, None),
        "Nadia": (None, 1, None, None),
        "Hugo": (None, 1, 1, None),
        "Inès": (None, 1, None, 1),
        "Paul": (1, None, None, None),
    }
    _vote(poll, people, answers)


def _opening_hours(by: Person, people: dict[str, Person]) -> None:
    drafts = [Draft(label=label) for label in ("Le mardi soir", "Le mercredi après-midi", "Le samedi matin")]
    poll = actions.open_poll(
        by=by,
        title="Quelle demi-journée d'ouverture de plus ?",
        drafts=drafts,
        kind="choice",
        ballot="single",
        least_role=10,
        tell=False,
    )
    answers: dict[str, Any] = dict.fromkeys(("Alice", "Manon", "Samira", "Lucie", "Chloé", "Jeanne"), (None, 1, None))
    answers |= {"Bob": (None, None, 1), "Marc": (None, None, 1), "Théo": (1, None, None)}
    _vote(poll, people, answers)
    actions.close_poll(
        by=by,
        poll=poll,
        outcome="Nous ouvrons aussi le mercredi après-midi, à l'essai pendant six mois.",
        chosen=list(poll.options.all())[1],
        review_on=timezone.localdate() + timedelta(days=182),
    )


def _workbench(by: Person, people: dict[str, Person]) -> None:
    drafts = [Draft(label="Oui, achetons-la"), Draft(label="Non, attendons")]
    poll = actions.open_poll(
        by=by,
        title="Faut-il acheter une scie à ruban d'occasion (350 €) ?",
        drafts=drafts,
        kind="choice",
        ballot="single",
        results="closed",
        tell=False,
        deadline=_evening(4),
    )
    _vote(poll, people, {"Manon": (1, None), "Yves": (1, None), "Marc": (None, 1)})


def _neighbour(by: Person) -> None:
    poll = actions.open_poll(
        by=by,
        title="Quel jour pour l'atelier d'impression 3D ?",
        drafts=[Draft(day=_next(2)), Draft(day=_next(4)), Draft(day=_next(2, 3))],
        kind="dates",
        ballot="yesno",
        ballot_rules={"maybe": True},
        tell=False,
    )
    actions.cast_ballot(by=by, poll=poll, marks=_marks(poll, (YES, NO, MAYBE)))


def _vote(poll: Poll, people: dict[str, Person], answers: dict[str, Any]) -> None:
    for name, values in answers.items():
        if name in people:
            actions.cast_ballot(by=people[name], poll=poll, marks=_marks(poll, values))


def _marks(poll: Poll, values: Any) -> dict[int, int]:
    return {option.pk: value for option, value in zip(poll.options.all(), values, strict=True) if value is not None}


def _drawing(number: int) -> int:
    """One of four small logos, drawn here: the number of its blob."""
    picture = Image.new("RGB", (480, 360), "#fbf6ea")
    pen = ImageDraw.Draw(picture)
    ink, colour = "#1c2331", ("#b4532a", "#2f6f5e", "#7c3f7f", "#2f5d9e")[number]
    match number:
        case 0:
            pen.rounded_rectangle((120, 80, 360, 160), 18, fill=colour)
            pen.rounded_rectangle((218, 150, 262, 310), 14, fill=ink)
        case 1:
            pen.ellipse((110, 120, 370, 330), fill=colour)
            pen.polygon([(90, 180), (240, 50), (390, 180)], fill=ink)
            pen.rounded_rectangle((205, 220, 275, 330), 34, fill="#fbf6ea")
        case 2:
            for place, shade in enumerate((colour, "#d98a1f", ink)):
                left = 90 + 100 * place
                pen.ellipse((left, 90 + 30 * (place % 2), left + 140, 230 + 30 * (place % 2)), outline=shade, width=26)
        case _:
            pen.polygon([(200, 320), (280, 320), (262, 120), (218, 120)], fill=colour)
            pen.rectangle((206, 84, 274, 120), fill=ink)
            pen.polygon([(280, 95), (420, 60), (420, 140)], fill="#e9b64a")
            pen.polygon([(200, 95), (60, 60), (60, 140)], fill="#e9b64a")
    out = io.BytesIO()
    picture.save(out, "PNG")
    out.seek(0)
    return store_image(out).pk
