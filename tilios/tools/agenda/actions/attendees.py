"""Who is invited to an event, kept beside it so that each finds what concerns them."""

import secrets

from tilios.core.people.models import Person
from tilios.kit import ical
from tilios.tools.agenda.models import Attendee, Entry


def keep_attendees(entry: Entry, facts: ical.Facts, *, is_new: bool) -> None:
    """Bring the rows of `entry` to what its data says. Two queries when nobody is invited and it is not new: none."""
    if is_new and not facts.attendees:
        return
    known = {} if is_new else {one.email: one for one in entry.attendees.all()}
    wanted = {one.email: one for one in facts.attendees if one.email}
    gone = [one.pk for email, one in known.items() if email not in wanted]
    if gone:
        Attendee.objects.filter(pk__in=gone).delete()
    missing = wanted.keys() - known.keys()
    people = {}
    if missing:
        found = Person.objects.filter(account__email__in=missing).select_related("account")
        people = {one.account.email.lower(): one for one in found if one.account}
    Attendee.objects.bulk_create(
        Attendee(
            entry=entry,
            email=email[:254],
            person=people.get(email),
            name=wanted[email].name[:200],
            status=wanted[email].status[:15],
            role=wanted[email].role[:20],
            token=secrets.token_urlsafe(24),
        )
        for email in wanted
        if email in missing
    )
    for email, row in known.items():
        now = wanted.get(email)
        if now is not None and (row.status, row.role, row.name) != (now.status, now.role, now.name):
            row.status, row.role, row.name = now.status[:15], now.role[:20], now.name[:200]
            row.save(update_fields=["status", "role", "name"])
