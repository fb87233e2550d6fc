"""Invitations by organizers elsewhere, for people of the structure: they land in their calendars."""

from collections.abc import Collection
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from tilios.core.errors import Invalid, NotAllowed
from tilios.core.journal.actions import publish
from tilios.core.notify.actions import notify
from tilios.core.people.models import Person
from tilios.core.search import index
from tilios.core.structures.scope import current_structure
from tilios.kit import ical
from tilios.tools.agenda.actions.counting import next_number, note_gone
from tilios.tools.agenda.actions.entries import store
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import Entry, Gone
from tilios.tools.agenda.queries import guests

LARGEST = 256 * 1024  # bytes: an event with its guests, without the files that some programs put in it


def zone() -> ZoneInfo:
    """Where floating times are."""
    return ZoneInfo(current_structure().timezone)


@transaction.atomic
def receive(person: Person, message: ical.Itip, senders: Collection[str]) -> Entry | None:
    """Put an invitation in the first calendar of `person`, change it there, or take it out; the event, if it is there.

    Publishes "agenda.added" or "agenda.changed". Raises Invalid for a message that is none of these, NotAllowed when
    what is known already was organized by somebody else than the sender.
    """
    if message.method not in ("REQUEST", "CANCEL", "PUBLISH") or message.component != "VEVENT":
        raise Invalid("letter", gettext("This message is no invitation."))
    if len(message.data) > LARGEST:
        raise Invalid("letter", gettext("This invitation is too large."))
    person.structure = current_structure()
    open_spaces(person)
    calendar = guests.first_calendar(person)
    if calendar is None:
        raise NotAllowed(gettext("This person has no calendar of their own."))
    number = next_number(calendar)
    known = Entry.objects.filter(calendar=calendar, uid=message.uid[:255]).first()
    if known is not None and known.invitations.exists():
        return known  # organized here: it comes by itself
    if known is not None:
        _require_organizer(known, message, {*senders} - guests.addresses_of(person))
    if message.method == "CANCEL":
        return _cancelled(known, message, number) if known is not None else None
    if known is not None and message.sequence < known.sequence:
        return known  # an older letter that came late
    return _kept(person, known, message, number, Entry(calendar=calendar, author=person))


def _require_organizer(known: Entry, message: ical.Itip, senders: set[str]) -> None:
    """SECURITY: who knows the name of an event must not be able to change it in the calendars of others. What somebody
    sends on to themselves comes from their own address.
    """
    if not known.organizer or known.organizer != message.organizer or (senders and known.organizer not in senders):
        raise NotAllowed(gettext("This event was organized by somebody else."))


def _kept(person: Person, known: Entry | None, message: ical.Itip, number: int, new: Entry) -> Entry:
    if message.recurrence_id and known is not None:
        data = ical.with_occurrence(known.data.encode(), message.data)
    else:
        data = message.data
    mine = guests.addresses_of(person)
    email = next((one.email for one in message.attendees if one.email in mine), "")
    status = ical.statuses(known.data.encode(), email).get("", "NEEDS-ACTION") if known and email else "NEEDS-ACTION"
    asked = next((one.status for one in message.attendees if one.email == email), status)
    status = asked if asked in ical.ANSWERS else status if not _is_moved(known, message) else "NEEDS-ACTION"
    text = ical.as_text(ical.delivered(data, email, status, known.data.encode() if known else None))
    try:
        facts = ical.facts(text.encode(), zone=zone())
    except ical.Broken as error:
        raise Invalid("letter", gettext("This invitation cannot be read.")) from error
    entry = known or new
    if known is None:
        entry.name = f"i{number}-{facts.uid[:200]}.ics"
    elif known.data == text:
        return known
    store(entry, facts, text, number, editor=person, alone=person)
    Gone.objects.filter(collection=entry.calendar, name=entry.name).delete()
    publish("agenda.added" if known is None else "agenda.changed", target=entry)
    _tell(person, entry, is_new=known is None, organizer=message.organizer)
    return entry


def _is_moved(known: Entry | None, message: ical.Itip) -> bool:
    if known is None:
        return False
    return ical.facts(message.data, zone=zone()).times != known.times


def _cancelled(known: Entry, message: ical.Itip, number: int) -> Entry | None:
    """The whole goes, or one of its dates."""
    name = known.organizer

    def text() -> str:
        return gettext("%(name)s cancelled: %(title)s") % {"name": name, "title": known.summary}

    notify("agenda.invited", to=[one for one in [known.author] if one is not None], text=text)
    if message.recurrence_id:
        try:
            left = ical.without(known.data.encode(), message.recurrence_id, "this", timezone.now())
        except ical.Broken:
            return known
        if left is not None:
            store(known, ical.facts(left, zone=zone()), ical.as_text(left), number, editor=known.author)
            return known
    publish("agenda.removed", target=known)
    index.remove(known)
    known.delete()
    note_gone(known.calendar, [known.name], number)
    return None


def _tell(person: Person, entry: Entry, *, is_new: bool, organizer: str) -> None:
    def text() -> str:
        words = {"name": organizer, "title": entry.summary}
        if is_new:
            return gettext("%(name)s invites you: %(title)s") % words
        return gettext("%(name)s changed what you are invited to: %(title)s") % words

    notify("agenda.invited", to=[person], target=entry, text=text)
