"""Invitations: who organizes an event, who is invited, where each finds it."""

import secrets
from datetime import datetime

from tilios.core.people.models import Person
from tilios.core.shelves.levels import Space
from tilios.tools.agenda.models import Attendee, Entry, Item, Nature
from tilios.tools.agenda.models.entries import FOR_EVER
from tilios.tools.agenda.queries.rights import Rights


def addresses_of(person: Person) -> set[str]:
    """The mail addresses of somebody of the structure, in small letters."""
    mine = {person.email.lower()} | ({person.account.email.lower()} if person.account else set())
    return mine - {""}


def address_of(person: Person) -> str:
    """The address under which somebody invites others."""
    return person.email.lower() or (person.account.email.lower() if person.account else "")


def is_organized_here(entry: Entry, by: Person | None = None) -> bool:
    """Whether the one who organizes `entry` is who wrote it, or `by` who writes it now.

    SECURITY: a program may write any address there; nobody invites in the name of somebody else.
    """
    if not entry.organizer:
        return False
    people = [one for one in (entry.author, by) if one is not None]
    return any(entry.organizer in addresses_of(one) for one in people)


def organizer_of(entry: Entry) -> Person | None:
    """The person of the structure who organizes `entry` here; None for what is organized elsewhere."""
    return entry.author if entry.author is not None and is_organized_here(entry) else None


def own_row(entry: Entry, person: Person) -> Attendee | None:
    """The invitation of `person` to `entry`: where `entry` is their copy, that to the event of its organizer."""
    received = entry.invitations.filter(person=person).select_related("entry__calendar", "entry__author").first()
    if received is not None:
        return received
    rows = entry.attendees.filter(person=person).select_related("entry__calendar", "entry__author")
    row = rows.first()
    return None if row is not None and row.email == entry.organizer else row


def guest_of(entry: Entry, token: str) -> Attendee | None:
    """The guest whose token this is. Tokens are compared in the same time whether they begin alike or not."""
    found = None
    for guest in entry.attendees.select_related("person__account", "entry__calendar", "entry__author"):
        if guest.token and secrets.compare_digest(guest.token.encode(), token.encode()):
            found = guest
    return found


def is_over(entry: Entry, now: datetime) -> bool:
    """Whether nothing of it is still to come, so that nobody is told or answers any more."""
    return entry.last is not None and entry.last != FOR_EVER and entry.last <= now


def may_be_told(entry: Entry, by: Person, now: datetime) -> bool:
    """Whether there is anybody for `by` to write to about `entry`."""
    if not is_organized_here(entry, by) or is_over(entry, now):
        return False
    return entry.attendees.exclude(email=entry.organizer).exists()


def sees_original(person: Person, entry: Entry) -> bool:
    """Whether `person` finds `entry` in a calendar that they are let into, so that no copy is needed."""
    if entry.calendar.in_trash:
        return False
    mine = Rights(person)
    return mine.sees_whole(entry, mine.level(entry.calendar))


def first_calendar(person: Person) -> Item | None:
    """Where invitations land: the first calendar of the person's own (schedule-default-calendar-URL, RFC 6638)."""
    own = Item.objects.filter(parent__space=Space.PERSONAL, parent__owner=person, nature=Nature.CALENDAR)
    return own.filter(in_trash=False, components__contains="VEVENT").order_by("pk").first()
