"""Letters that come in for the agenda: answers of guests, and invitations by organizers elsewhere (iMIP, RFC 6047).

Two kinds of keys: that of a guest, to whom a letter of invitation gave it, and that of a person of the structure, who
has invitations sent there. A letter without a key, in the box of the structure, says itself which event it is about.
"""

import secrets

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Conflict, Invalid
from tilios.core.mailroom.addresses import entrance
from tilios.core.mailroom.letters import Letter
from tilios.core.notify.actions import notify
from tilios.core.people.models import Person
from tilios.core.people.queries import active_people
from tilios.kit import ical
from tilios.tools.agenda.actions import answering, receiving
from tilios.tools.agenda.models import Attendee
from tilios.tools.agenda.queries import guests

SENTENCES = {
    "ACCEPTED": _("says yes"),
    "TENTATIVE": _("says maybe"),
    "DECLINED": _("says no"),
}


def personal_key(person: Person) -> str:
    """The key of the address at which `person` has invitations sent to their calendar."""
    seal = salted_hmac("tilios.agenda.mailed", f"{person.structure_id}-{person.pk}", algorithm="sha256")
    return f"p{person.pk}.{seal.hexdigest()[:24]}"


def personal_address(person: Person) -> str:
    """Where `person` has invitations sent; "" where letters come in without a key, or not at all."""
    way = entrance()
    return way.address("agenda", personal_key(person)) if way.domain or way.has_plus else ""


def knows(key: str) -> bool:
    """Whether letters to this key are taken."""
    return _guest(key) is not None or _person(key) is not None


def take(letter: Letter, key: str) -> bool:
    """Take a letter: whether it was for the agenda. Raises Invalid for one that is for it and cannot be understood."""
    if letter.is_bounce:
        return bool(key)  # our own letter, come back: nothing is answered to it, nothing is lost
    guest, person = (_guest(key), _person(key)) if key else (None, None)
    if key and guest is None and person is None:
        return False
    messages = _messages(letter)
    if not messages:
        if not key:
            return False
        if letter.is_automatic:
            return True  # somebody is away: nobody is written back to
        raise Invalid("letter", gettext("This message holds no invitation and no answer to one."))
    for message in messages:
        if guest is not None:
            _of_guest(guest, message, letter)
        elif person is not None:
            receiving.receive(person, message, letter.senders)
        elif not _without_key(message, letter):
            return False
    return True


def _messages(letter: Letter) -> list[ical.Itip]:
    """What the calendars in a letter say; those that are no message (an event given as a file) are passed over."""
    found: dict[tuple[str, str], ical.Itip] = {}
    for data in letter.calendars:
        try:
            message = ical.itip(data)
        except ical.Broken:
            continue
        found.setdefault((message.uid, message.recurrence_id), message)
    return list(found.values())


def _guest(key: str) -> Attendee | None:
    rows = Attendee.objects.select_related("entry__calendar", "entry__author__account", "person__account")
    return rows.filter(token=key, entry__calendar__in_trash=False).first() if key else None


def _person(key: str) -> Person | None:
    number, _dot, _seal = key.removeprefix("p").partition(".")
    if not key.startswith("p") or not (number.isdigit() and len(number) < 19):
        return None
    person = active_people().filter(pk=int(number)).select_related("account").first()
    if person is None or not secrets.compare_digest(personal_key(person), key):
        return None
    return person


def _without_key(message: ical.Itip, letter: Letter) -> bool:
    """A letter of the structure's box: an answer to an event organized here, or an invitation of somebody here."""
    if message.method in ("REPLY", "COUNTER"):
        rows = Attendee.objects.select_related("entry__calendar", "entry__author__account", "person__account")
        invited = rows.filter(entry__uid=message.uid, entry__calendar__in_trash=False)
        # SECURITY: without a key, only who the letter says wrote it, and answers for, can be the guest.
        mine = [one for one in invited.filter(email__in=letter.senders) if guests.is_organized_here(one.entry)]
        if mine:
            _of_guest(mine[0], message, letter)
            return True
        others = [one for one in invited if guests.is_organized_here(one.entry)]
        if others:
            _tell_stranger(others[0], message, letter)
        return bool(others)
    if entrance().is_ours(message.organizer):
        return True  # our own invitation, come back
    if message.organizer not in letter.senders:
        return False  # SECURITY: nobody puts events in calendars under the name of somebody else
    emails = {one.email for one in message.attendees} & set(letter.recipients) or {
        one.email for one in message.attendees
    }
    people = [one for one in active_people().select_related("account") if guests.addresses_of(one) & emails]
    for person in people[:20]:
        receiving.receive(person, message, letter.senders)
    return bool(people)


def _of_guest(guest: Attendee, message: ical.Itip, letter: Letter) -> None:
    """An answer sent to the key of `guest`: theirs when they wrote it, else told to the organizer and not taken."""
    if message.method not in ("REPLY", "COUNTER"):
        raise Invalid("letter", gettext("This address takes answers to an invitation."))
    if message.uid != guest.entry.uid:
        raise Invalid("letter", gettext("This answer is about another event."))
    others = {one.email for one in guest.entry.attendees.all()} - {guest.email}
    if guest.email not in letter.senders or message.attendee in others:
        _tell_stranger(guest, message, letter)
        return
    try:
        if message.status in ical.ANSWERS:
            answering.answer(
                guest=guest, status=message.status, comment=message.comment or None, recurrence_id=message.recurrence_id
            )
        if message.method == "COUNTER":
            _propose(guest, message)
    except (Conflict, ical.Broken):
        return  # it is over, cancelled, or that date is there no more: nothing is left to answer


def _propose(guest: Attendee, message: ical.Itip) -> None:
    facts = ical.facts(message.data, zone=receiving.zone())
    if facts.first is None or facts.last is None:
        raise Invalid("letter", gettext("This message does not say which time it proposes."))
    answering.propose(
        guest=guest,
        start=facts.first,
        end=facts.last,
        comment=message.comment or None,
        recurrence_id=message.recurrence_id,
    )


def _tell_stranger(guest: Attendee, message: ical.Itip, letter: Letter) -> None:
    """Somebody else answers, to whom the invitation was forwarded perhaps: the organizer decides what it means."""
    organizer = guests.organizer_of(guest.entry)
    if organizer is None:
        return
    who = message.attendee if message.attendee != guest.email else letter.senders[0]

    def text() -> str:
        words = {
            "who": who[:80],
            "said": str(SENTENCES.get(message.status, _("answers"))),
            "title": guest.entry.summary,
            "guest": guest.name or guest.email,
        }
        return (
            gettext("%(who)s, whom you did not invite, %(said)s to “%(title)s” for %(guest)s: nothing is recorded")
            % words
        )

    notify("agenda.answered", to=[organizer], target=guest.entry, text=text)
