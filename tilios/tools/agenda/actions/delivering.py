"""Invitations land in the calendars of the people of the structure, and what they answer there comes back (RFC 6638).

By jobs, each of which holds one calendar at a time: two calendars held at once could wait for one another for ever.
Whoever sees the event in a calendar they are let into finds it there: nothing is shown twice.
"""

from django.db import transaction

from tilios.core.errors import Conflict
from tilios.core.jobs import job
from tilios.core.journal.actions import through
from tilios.core.mailroom.addresses import entrance
from tilios.core.people.models import Person
from tilios.core.search import index
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import current_structure, scope
from tilios.kit import ical
from tilios.tools.agenda.actions.counting import next_number, note_gone
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import Attendee, Entry, Gone
from tilios.tools.agenda.queries import guests
from tilios.tools.agenda.zones import zone_of


def after_write(entry: Entry, facts: ical.Facts, gone: list[int], *, by: Person) -> None:
    """Have others told of what `by` wrote: called in the transaction that wrote it. One query for what has guests."""
    if gone:
        withdraw.enqueue(current_structure().pk, gone)
    if not facts.guests or not entry.organizer:
        return
    own = entry.invitations.filter(person=by).first() or _found_again(entry, by)
    if own is not None:
        said = ical.statuses(entry.data.encode(), own.email)
        if said.get("") in ical.ANSWERS:  # at once: what the organizer changes meanwhile must not take it back
            Attendee.objects.filter(pk=own.pk).update(status=said[""])
        carry_answers.enqueue(current_structure().pk, own.pk, said)
    elif guests.is_organized_here(entry, by):
        deliver.enqueue(current_structure().pk, entry.pk)


def _found_again(entry: Entry, by: Person) -> Attendee | None:
    """The invitation of which `by` has just put the event in a calendar of their own: brought back, or kept there by a
    program of mail to which it came.
    """
    space = entry.calendar.parent
    if space is None or space.owner_id != by.pk or guests.is_organized_here(entry, by):
        return None
    rows = Attendee.objects.filter(person=by, copy=None, entry__uid=entry.uid).exclude(entry=entry)
    for row in rows.select_related("entry__author__account"):
        is_same = entry.organizer == row.entry.organizer or entrance().is_ours(entry.organizer)
        if is_same and guests.is_organized_here(row.entry):
            Attendee.objects.filter(pk=row.pk).update(copy=entry)
            deliver.enqueue(current_structure().pk, row.entry_id)
            return row
    return None


def before_removal(entry: Entry, *, by: Person) -> None:
    """What removing `entry` means for others: the copies of its guests go, or the one whose copy it is declines."""
    if not entry.organizer:
        return
    for own in entry.invitations.filter(person=by).exclude(status="DECLINED"):
        carry_answers.enqueue(current_structure().pk, own.pk, {"": "DECLINED"})
    copies = list(entry.attendees.exclude(copy=None).values_list("copy", flat=True))
    if copies:
        withdraw.enqueue(current_structure().pk, copies)


@job
def deliver(structure_pk: int, entry_pk: int) -> int:
    """Bring the calendars of the people invited to what an event says now. How many were changed."""
    count = 0
    with scope(Structure.objects.get(pk=structure_pk)), through("job"):
        entry = Entry.objects.filter(pk=entry_pk).first()
        alone = ical.left_alone(entry.data.encode()) if entry else set()
        for guest in Attendee.objects.filter(entry=entry_pk).exclude(person=None):
            if guest.email not in alone:
                with transaction.atomic():
                    count += _land(guest.pk)
    return count


@job
def withdraw(structure_pk: int, copies: list[int]) -> int:
    """Take out of people's calendars what they are not invited to any more. How many were there."""
    count = 0
    with scope(Structure.objects.get(pk=structure_pk)), through("job"):
        for copy in Entry.objects.filter(pk__in=copies).select_related("calendar"):
            with transaction.atomic():
                _take_out(copy)
                count += 1
    return count


@job
def carry_answers(structure_pk: int, guest_pk: int, said: dict[str, str]) -> int:
    """Write in the event of the organizer what a guest answered in their own copy: by occurrence, "" for all."""
    # What answers writes events, and writing events may start this job.
    from tilios.tools.agenda.actions.answering import answer

    count = 0
    with scope(Structure.objects.get(pk=structure_pk)), through("job"):
        for recurrence_id, status in sorted(said.items()):
            guest = Attendee.objects.select_related("entry", "person__account").filter(pk=guest_pk).first()
            if guest is None or guest.person is None:
                break
            known = ical.status_of(guest.entry.data.encode(), guest.email, recurrence_id)
            if known == status or status not in ical.ANSWERS:
                continue
            try:
                answer(guest=guest, status=status, recurrence_id=recurrence_id, by=guest.person)
                count += 1
            except (Conflict, ical.Broken):  # it is over, or that date is there no more: nothing is left to answer
                continue
    return count


def _land(guest_pk: int) -> int:
    """Put the event of one guest in their calendar, change it there, or take it out."""
    guest = Attendee.objects.select_related(
        "person__account", "copy__calendar", "entry__calendar", "entry__author"
    ).get(pk=guest_pk)
    entry, person, copy = guest.entry, guest.person, guest.copy
    if person is None or guest.email == entry.organizer or person.pk == entry.author_id:
        return 0
    person.structure = current_structure()
    if copy is None and not _is_wanted(guest, person):
        return 0
    if copy is not None and entry.status == "CANCELLED":
        _take_out(copy)
        return 1
    calendar = copy.calendar if copy is not None else guests.first_calendar(person)
    if calendar is None:
        return 0
    number = next_number(calendar)  # from here on nobody else writes in it: what is read now is what is put
    entry.refresh_from_db(fields=["data", "organizer"])
    copy = copy or Entry.objects.filter(calendar=calendar, uid=entry.uid).first()
    if copy is not None and copy.pk != guest.copy_id and copy.organizer != entry.organizer:
        # SECURITY: it is in their calendar under the same name and is somebody else's: it is not ours to write over.
        return 0
    known = copy.data.encode() if copy is not None else None
    text = ical.as_text(ical.delivered(entry.data.encode(), guest.email, guest.status, known))
    if copy is None:
        copy = Entry(calendar=calendar, name=f"{entry.uid[:240]}.ics", author=person)
    if copy.data != text:
        _store(copy, text, number)
    if guest.copy_id != copy.pk:
        Attendee.objects.filter(pk=guest.pk).update(copy=copy)
    return 1


def _is_wanted(guest: Attendee, person: Person) -> bool:
    if guest.status == "DECLINED" or guest.entry.status == "CANCELLED" or not person.is_active or not person.account:
        return False
    open_spaces(person)
    return not guests.sees_original(person, guest.entry)


def _store(copy: Entry, text: str, number: int) -> None:
    from tilios.tools.agenda.actions.entries import store

    is_new = copy.pk is None
    taken = Entry.objects.filter(calendar=copy.calendar, name=copy.name).exclude(pk=copy.pk).exists()
    if is_new and taken:
        copy.name = f"i{number}-{copy.name[:200]}"
    store(
        copy,
        ical.facts(text.encode(), zone=zone_of(copy.calendar)),
        text,
        number,
        editor=copy.author,
        alone=copy.author,
    )
    Gone.objects.filter(collection=copy.calendar, name=copy.name).delete()


def _take_out(copy: Entry) -> None:
    number = next_number(copy.calendar)
    index.remove(copy)
    copy.delete()
    note_gone(copy.calendar, [copy.name], number)
