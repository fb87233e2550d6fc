"""Write to the guests of an event: in the transaction that changes it, so that a letter tells what really is."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from tilios.core.access import sharing
from tilios.core.access.models import ShareLink
from tilios.core.notify import letters as posting
from tilios.core.notify.actions import notify
from tilios.core.notify.channels import declared, of_people
from tilios.core.people.models import Person
from tilios.kit import ical
from tilios.tools.agenda import letters
from tilios.tools.agenda.actions.entries import fill
from tilios.tools.agenda.models import Attendee, Entry
from tilios.tools.agenda.queries import guests
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.zones import zone_of

MODE = "answer"
NOTICE = "agenda.invited"
#: What guests are told of when it changes; reminders, labels and colours are the organizer's own affair.
TIMES = frozenset({"start", "end", "is_all_day", "tzid", "rrule"})
MATTERS = TIMES | {"summary", "location", "description", "url", "status"}
MOST_TOLD = 300


def may_invite(person: Person, entry: Entry) -> bool:
    """Whether `person` may open the door by which guests answer: who may change the event."""
    return Rights(person).may_put(entry.calendar, entry.author_id, is_new=False)


def door_of(by: Person, entry: Entry) -> ShareLink:
    """The link under which the page of each guest lives, made when there is none."""
    found = sharing.links_to(entry).filter(mode=MODE, revoked_at=None).first()
    return found or sharing.create_link(by=by, target=entry, mode=MODE, label=gettext("Answers to the invitation"))


@transaction.atomic
def invite(*, by: Person, entry: Entry, only: Iterable[str] | None = None, recurrence_id: str = "") -> int:
    """Write to the guests of a new event, or to those of `only` (addresses) who are new. Number of letters."""
    wanted = _guests(entry, only)
    return _write(by, entry, "invited", wanted, recurrence_id=recurrence_id)


@transaction.atomic
def tell_change(*, by: Person, before: Entry, entry: Entry, fields: Mapping[str, Any], recurrence_id: str = "") -> int:
    """Write to whom a change concerns: kept guests when something that matters changed, those who are new, and those
    who are not invited any more. `before` is the event as it was, never stored. Number of letters.
    """
    if not guests.is_organized_here(entry, by):
        return 0
    was = {one.email: one for one in ical.guests(before.data.encode(), recurrence_id)}
    now = {one.email for one in ical.guests(entry.data.encode(), recurrence_id)}
    count = 0
    if gone := [one for email, one in was.items() if email not in now]:
        count += cancel(by=by, entry=before, to=[one.email for one in gone], recurrence_id=recurrence_id)
    if fields.get("status") == "CANCELLED":
        return count + cancel(by=by, entry=entry, to=now & was.keys(), recurrence_id=recurrence_id)
    if fresh := now - was.keys():
        count += invite(by=by, entry=entry, only=fresh, recurrence_id=recurrence_id)
    if MATTERS & fields.keys() and (kept := now & was.keys()):
        count += _write(
            by, entry, "changed", _guests(entry, kept), recurrence_id=recurrence_id, before=before
        )  # fmt: skip
    return count


@transaction.atomic
def cancel(*, by: Person, entry: Entry, to: Iterable[str] | None = None, recurrence_id: str = "") -> int:
    """Write to the guests (those of `to`, addresses) that the event, or one occurrence, does not take place for them.

    `entry` is the event as they knew it. Number of letters.
    """
    names = {one.email: one for one in ical.guests(entry.data.encode(), recurrence_id)}
    known = {one.email: one for one in _guests(entry, None)}
    wanted = [
        known.get(email) or Attendee(entry=entry, email=email, name=names[email].name, person=_person(email))
        for email in (names if to is None else to)
        if email in names
    ]
    return _write(by, entry, "cancelled", wanted, recurrence_id=recurrence_id)


def as_it_was(entry: Entry) -> Entry:
    """The event as it is now, to be held against what becomes of it."""
    before = Entry(pk=entry.pk, calendar=entry.calendar, name=entry.name, author=entry.author)
    fill(before, ical.facts(entry.data.encode(), zone=zone_of(entry.calendar)), entry.data)
    return before


def is_address(email: str) -> bool:
    """Whether a letter can go there: programs put in events what they like."""
    try:
        validate_email(email)
    except ValidationError:
        return False
    return True


def _person(email: str) -> Person | None:
    return Person.objects.filter(account__email=email).select_related("account").first()


def _guests(entry: Entry, only: Iterable[str] | None) -> list[Attendee]:
    wanted = None if only is None else set(only)
    rows = entry.attendees.select_related("person__account", "entry__calendar")
    return [one for one in rows if wanted is None or one.email in wanted]


def _write(
    by: Person,
    entry: Entry,
    kind: str,
    wanted: list[Attendee],
    *,
    recurrence_id: str = "",
    before: Entry | None = None,
) -> int:
    now = timezone.now()
    if not guests.is_organized_here(entry, by) or (guests.is_over(entry, now) and guests.is_over(before or entry, now)):
        return 0
    alone = ical.left_alone(entry.data.encode()) | guests.addresses_of(by) | {entry.organizer}
    wanted = [one for one in wanted if one.email not in alone and is_address(one.email)][:MOST_TOLD]
    if not wanted:
        return 0
    door = door_of(by, entry) if kind != "cancelled" else None
    post, everybody = letters.post(), [one for one in _guests(entry, None) if one.email != entry.organizer]
    known = declared(NOTICE)
    people = [one.person for one in wanted if one.person is not None]
    channels = of_people(known, people) if known and people else {}
    written = []
    for guest in wanted:
        if post.is_ours(guest.email):
            continue  # our own box: it would come back to us
        if guest.person is not None:
            _tell(by, guest, guest.person, kind, door)
            if guest.person.account is not None and "mail" not in channels.get(guest.person.pk, ()):
                continue
        asked = letters.Invitation(kind, guest, entry, by, recurrence_id, before, door)
        written.append(letters.invitation(asked, post, everybody))
    return posting.send(written) if written else 0


def _tell(by: Person, guest: Attendee, person: Person, kind: str, door: ShareLink | None) -> None:
    """The notification on the page: it leads to where they answer, since they may not see the calendar itself."""

    def text() -> str:
        sentences = {
            "invited": gettext("%(name)s invites you: %(title)s"),
            "changed": gettext("%(name)s changed what you are invited to: %(title)s"),
            "cancelled": gettext("%(name)s cancelled: %(title)s"),
        }
        return sentences[kind] % {"name": by.display_name, "title": guest.entry.summary}

    url = letters.answer_path(door, guest) if door else None
    notify(NOTICE, to=[person], by=by, text=text, url=url, but=("mail",))
