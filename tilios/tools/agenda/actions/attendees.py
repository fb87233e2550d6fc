"""Who is invited to an event, kept beside it so that each finds what concerns them."""

import secrets

from django.db.models import Q
from django.db.models.functions import Lower

from tilios.core.access import sharing
from tilios.core.people.models import Person
from tilios.kit import ical
from tilios.tools.agenda.models import Alarm, Attendee, Entry

#: What is said of a guest beside what the event itself says.
CARRIED = ("token", "comment", "answered_at", "copy_id", "proposed_start", "proposed_end", "proposed_for")


def keep_attendees(entry: Entry, facts: ical.Facts, *, is_new: bool, alone: Person | None = None) -> list[int]:
    """Bring the rows of `entry` to what its data says; the copies of those who are not invited any more.

    `alone` is the one person whom it concerns: in their calendar lies an invitation, which others have in their own.

    Two queries when nobody is invited and it is not new: none.
    """
    if is_new and not facts.guests:
        return []
    known = {} if is_new else {one.email: one for one in entry.attendees.all()}
    wanted = {one.email: one for one in facts.guests if one.email}
    gone = [one for email, one in known.items() if email not in wanted]
    if gone:
        Attendee.objects.filter(pk__in=[one.pk for one in gone]).delete()
    missing = wanted.keys() - known.keys()
    people = _people(missing) if missing else {}
    people = {email: one for email, one in people.items() if alone is None or one.pk == alone.pk}
    Attendee.objects.bulk_create(
        Attendee(
            entry=entry,
            email=email[:254],
            person=people.get(email),
            name=wanted[email].name[:200],
            status=wanted[email].status[:15],
            role=wanted[email].role[:20],
            token=secrets.token_hex(16),
        )
        for email in wanted
        if email in missing
    )
    for email, row in known.items():
        now = wanted.get(email)
        if now is not None and (row.status, row.role, row.name) != (now.status, now.role, now.name):
            row.status, row.role, row.name = now.status[:15], now.role[:20], now.name[:200]
            row.save(update_fields=["status", "role", "name"])
    return [one.copy_id for one in gone if one.copy_id]


def _people(emails: set[str]) -> dict[str, Person]:
    """The people of the structure who have these addresses: that of their login, else the one their record says."""
    found: dict[str, Person] = {}
    rows = Person.objects.annotate(lower=Lower("email")).select_related("account")
    for one in rows.filter(Q(account__email__in=emails) | Q(lower__in=emails)).order_by("pk"):
        if one.email.lower() in emails:
            found.setdefault(one.email.lower(), one)
        if one.account is not None and one.account.email.lower() in emails:
            found[one.account.email.lower()] = one
    return found


def carry(old: Entry, new: Entry) -> None:
    """Let what hangs on an event that moves to another calendar live on: invitations, with their tokens, answers, links
    and copies, and the reminders that people asked for.
    """
    Alarm.objects.filter(entry=old).exclude(person=None).update(entry=new)
    Attendee.objects.filter(copy=old).update(copy=new)
    known = {one.email: one for one in old.attendees.all()}
    if not known:
        return
    for row in new.attendees.all():
        if before := known.get(row.email):
            for name in CARRIED:
                setattr(row, name, getattr(before, name))
            row.save()
    old.attendees.update(copy=None)
    sharing.links_to(old).update(target=new.pk)
