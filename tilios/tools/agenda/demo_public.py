"""The demonstration: what the place announces to everybody."""

from datetime import date, datetime, time, timedelta

from tilios.core.people.models import Person
from tilios.core.structures.scope import current_structure
from tilios.kit import ical
from tilios.tools.agenda.actions.collections import describe, make_in
from tilios.tools.agenda.actions.publications import make_public
from tilios.tools.agenda.actions.writing import add_event, new_uid
from tilios.tools.agenda.models import Item, Nature
from tilios.tools.agenda.queries.rights import Rights

#: Days from the first of the month, hour, hours it lasts, what, where, what is said of it.
EVENTS = (
    (3, "19:30", 2, "Projection et débat", "Grande salle", "Un film sur les communs, puis on en parle. Prix libre."),
    (9, "14:00", 3, "Atelier de réparation de vélos", "Cour", "Venez avec votre vélo : les outils sont là."),
    (16, "20:00", 3, "Concert", "Grande salle", "Trois groupes du quartier. Buvette associative."),
    (24, "15:00", 4, "Fête du quartier", "Toute la place", "Jeux, musique, repas partagé."),
    (33, "19:30", 2, "Soirée jeux", "Café", "On apporte un jeu, ou seulement soi."),
    (44, "10:00", 6, "Portes ouvertes", "Tout le lieu", "On visite, on essaie, on rencontre."),
)


def add_programme(by: Person, rights: Rights, common: Item, first: date) -> None:
    """A calendar made public, with what comes in two months."""
    programme = make_in(by=by, rights=rights, space=common, nature=Nature.CALENDAR, name="Programme")
    fields = {"colour": "#8a3f86", "description": "Ce qui a lieu ici et où tout le monde est bienvenu."}
    describe(by=by, rights=rights, item=programme, fields=fields)
    for days, clock, hours, summary, place, text in EVENTS:
        begins = datetime.combine(first + timedelta(days=days), time.fromisoformat(clock))
        draft = ical.Draft(
            uid=new_uid(),
            summary=summary,
            start=begins,
            end=begins + timedelta(hours=hours),
            tzid=current_structure().timezone,
            location=place,
            description=text,
        )
        add_event(by=by, rights=rights, calendar=programme, draft=draft)
    make_public(by=by, rights=rights, calendar=programme, slug="programme", busy_only=False, takes_proposals=True)
