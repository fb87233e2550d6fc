"""The demonstration: two months of a third place, as its members see them, and whom it calls."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from tilios.core.people.models import Person
from tilios.core.shelves.levels import Space
from tilios.core.structures.scope import current_structure
from tilios.kit import ical
from tilios.tools.agenda.actions.collections import describe, make_in
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.actions.writing import add_event, new_uid
from tilios.tools.agenda.demo_contacts import add_contacts
from tilios.tools.agenda.demo_presence import add_presence
from tilios.tools.agenda.demo_public import add_programme
from tilios.tools.agenda.models import Item, Nature
from tilios.tools.agenda.queries.rights import Rights

MONDAY, TUESDAY, WEDNESDAY, FRIDAY, SATURDAY = 0, 1, 2, 4, 5


def load(by: Person) -> None:
    """Calendars of events, of opening hours, of a programme and a personal one in La Fabrique; one event elsewhere."""
    rights = open_spaces(by)
    common = Item.objects.get(space=Space.COMMON)
    calendar = Item.objects.get(parent=common, nature=Nature.CALENDAR)
    first = timezone.localdate().replace(day=1)
    if current_structure().slug != "la-fabrique":
        _add(by, rights, calendar, "Réunion de l'atelier", _next(first, WEDNESDAY), "18:30", 2)
        return
    opening = make_in(by=by, rights=rights, space=common, nature=Nature.CALENDAR, name="Permanences")
    describe(by=by, rights=rights, item=opening, fields={"colour": "#2e7d5b", "takes_no_time": "transparent"})
    before = first - timedelta(days=60)
    _fill_calendar(by, rights, calendar, first, before)
    _fill_opening(by, rights, opening, before)
    own = Item.objects.filter(parent__owner=by, nature=Nature.CALENDAR).first()
    if own is not None:
        day = _next(first + timedelta(days=7), WEDNESDAY)
        _add(by, rights, own, "Dentiste", day, "17:15", 1, classification="PRIVATE")
        _add(by, rights, own, "Train pour Lille", _next(first + timedelta(days=14), FRIDAY), "07:40", 3)
    add_contacts(by, rights, common)
    add_presence(by)
    add_programme(by, open_spaces(by), common, first)


def _fill_calendar(by: Person, rights: Rights, calendar: Item, first: date, before: date) -> None:
    _add(
        by, rights, calendar, "Atelier soudure", _next(before, TUESDAY), "18:30", 2, rrule="FREQ=WEEKLY",
        location="Atelier métal", description="On apporte ses gants. Le masque est prêté.", categories=("ateliers",),
        alarms=((60, "start"),),
    )  # fmt: skip
    _add(
        by, rights, calendar, "Repas partagé", _next(before, FRIDAY), "12:15", 2, rrule="FREQ=MONTHLY;BYDAY=1FR",
        location="Grande salle", description="Chacune et chacun apporte un plat.", categories=("convivialité",),
    )  # fmt: skip
    _add(
        by, rights, calendar, "Assemblée générale", _next(first + timedelta(days=14), SATURDAY), "14:00", 4,
        location="Grande salle", description="Rapport moral, rapport financier, élection du conseil.",
        attendees=tuple(ical.Attendee(one.email, one.display_name) for one in _members(by)), organizer=by.email,
    )  # fmt: skip
    festival = _next(first + timedelta(days=20), FRIDAY)
    _add(by, rights, calendar, "Festival des communs", festival, "", 3, location="Toute la place")
    _add(by, rights, calendar, "Montage du festival", festival - timedelta(days=1), "14:00", 5)
    _add(by, rights, calendar, "Réunion du comité", _next(first + timedelta(days=7), TUESDAY), "18:00", 2)
    _add(
        by, rights, calendar, "Sortie à Roubaix", _next(first + timedelta(days=5), SATURDAY), "09:30", 7,
        status="TENTATIVE",
    )  # fmt: skip


def _fill_opening(by: Person, rights: Rights, opening: Item, before: date) -> None:
    _add(
        by, rights, opening, "Permanence d'accueil", _next(before, MONDAY), "09:00", 3,
        rrule="FREQ=WEEKLY;BYDAY=MO,WE,FR", is_transparent=True,
    )  # fmt: skip
    _add(
        by, rights, opening, "Permanence numérique", _next(before, WEDNESDAY), "10:00", 2, rrule="FREQ=WEEKLY",
        location="Espace public numérique", is_transparent=True,
    )  # fmt: skip


def _add(
    by: Person, rights: Rights, calendar: Item, summary: str, day: date, clock: str, length: int, **fields: Any
) -> None:
    """An event of `length` hours, or days when it has no hour."""
    begins = datetime.combine(day, time.fromisoformat(clock or "00:00"))
    ends = begins + (timedelta(hours=length) if clock else timedelta(days=length))
    draft = ical.Draft(
        uid=new_uid(), summary=summary, start=begins, end=ends, is_all_day=not clock,
        tzid=current_structure().timezone, **fields,
    )  # fmt: skip
    add_event(by=by, rights=rights, calendar=calendar, draft=draft)


def _members(by: Person) -> list[Person]:
    return list(Person.objects.exclude(email="").exclude(pk=by.pk).order_by("display_name")[:4])


def _next(day: date, weekday: int) -> date:
    """The first such day of the week from `day` on."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)
