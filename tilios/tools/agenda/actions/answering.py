"""What guests answer to an invitation, wherever it comes from: the page, a phone, a letter."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tilios.core.access.links import link
from tilios.core.errors import Conflict, Invalid, NotAllowed, require
from tilios.core.journal.actions import publish
from tilios.core.notify import letters as posting
from tilios.core.notify.actions import notify
from tilios.core.people.models import Person
from tilios.core.structures.scope import current_structure
from tilios.kit import ical
from tilios.tools.agenda import letters
from tilios.tools.agenda.actions import delivering
from tilios.tools.agenda.actions.counting import next_number
from tilios.tools.agenda.actions.entries import store
from tilios.tools.agenda.actions.writing import Scope, change_event
from tilios.tools.agenda.models import Attendee, Entry
from tilios.tools.agenda.queries import guests
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.telling import when_in_words
from tilios.tools.agenda.zones import zone_of

MOST_WORDS = 1000


@transaction.atomic
def answer(
    *, guest: Attendee, status: str, comment: str | None = None, recurrence_id: str = "", by: Person | None = None
) -> bool:
    """Record what `guest` answers to the event, or to one occurrence of it; whether it was something new.

    `comment` None leaves the one that is there; `by` is the person, None for who came by a link or a letter. The
    organizer is told. Publishes "agenda.answered". Raises Invalid("status"), Conflict once it is over.
    """
    if status not in ical.ANSWERS:
        raise Invalid("status", _("Choose an answer."))
    number = next_number(guest.entry.calendar)  # holds the calendar: what is read below does not change any more
    guest = _fresh(guest)
    entry = guest.entry
    require_open(entry)
    said = guest.comment if comment is None else " ".join(comment.split())[:MOST_WORDS]
    data = entry.data.encode()
    known = ical.statuses(data, guest.email)
    if not known:
        raise Conflict(_("You are not invited to this any more."))
    # Who is invited to some dates alone answers for these.
    dates = [recurrence_id] if recurrence_id or "" in known else list(known)
    is_known = all(ical.status_of(data, guest.email, one) == status for one in dates)
    if is_known and said == guest.comment and guest.answered_at is not None:
        return False
    if not is_known:
        for one in dates:
            data = ical.with_answer(data, guest.email, status, one)
        facts = ical.facts(data, zone=zone_of(entry.calendar))
        store(entry, facts, ical.as_text(data), number, editor=None)
    Attendee.objects.filter(pk=guest.pk).update(comment=said, answered_at=timezone.now())
    publish("agenda.answered", by=by, target=entry)
    guest.comment = said
    _tell_organizer(guest, status, recurrence_id, by=by)
    delivering.deliver.enqueue(current_structure().pk, entry.pk)
    return True


@transaction.atomic
def propose(
    *,
    guest: Attendee,
    start: datetime,
    end: datetime,
    comment: str | None = None,
    recurrence_id: str = "",
    by: Person | None = None,
) -> None:
    """Another time that `guest` would like (COUNTER, RFC 5546): nothing moves until the organizer says so.

    Publishes "agenda.time_proposed". Raises Invalid("start") for what is past, Conflict once the event is over.
    """
    guest = _fresh(guest)
    require_open(guest.entry)
    if end < start or start <= timezone.now():
        raise Invalid("start", _("Propose a moment to come."))
    guest.proposed_start, guest.proposed_end, guest.proposed_for = start, end, recurrence_id[:32]
    if comment is not None:
        guest.comment = " ".join(comment.split())[:MOST_WORDS]
    guest.save(update_fields=["proposed_start", "proposed_end", "proposed_for", "comment"])
    publish("agenda.time_proposed", by=by, target=guest.entry)
    organizer = guests.organizer_of(guest.entry)
    if organizer is None:
        return

    def text() -> str:
        when = when_in_words(start, end, is_all_day=guest.entry.is_all_day, entry=guest.entry)
        words = {"name": name_of(guest), "title": guest.entry.summary, "when": when}
        return gettext("%(name)s proposes another time for “%(title)s”: %(when)s") % words

    notify("agenda.answered", to=[organizer], by=by, target=guest.entry, text=text)


@transaction.atomic
def accept_time(*, by: Person, rights: Rights, guest: Attendee) -> Entry:
    """Move the event to the time that `guest` proposed, and write to everybody; the event as it is now.

    Raises NotAllowed, Conflict when nothing is proposed any more.
    """
    guest = _fresh(guest)
    start, end, entry = guest.proposed_start, guest.proposed_end, guest.entry
    require(rights.may_put(entry.calendar, entry.author_id, is_new=False))
    if start is None or end is None:
        raise Conflict(_("This proposal is not there any more."))
    tzid = entry.times.get("zone") or current_structure().timezone
    zone = zone_of(entry.calendar)
    if entry.is_all_day:
        start, end = (moment.astimezone(zone).replace(tzinfo=None) for moment in (start, end))
    fields = {"start": start, "end": end, "tzid": tzid, "is_all_day": entry.is_all_day}
    scope: Scope = "this" if guest.proposed_for else "all"
    changed = change_event(
        by=by, rights=rights, entry=entry, fields=fields, scope=scope, recurrence_id=guest.proposed_for, tells=True
    )
    dismiss_time(by=by, rights=rights, guest=guest)
    return changed


@transaction.atomic
def dismiss_time(*, by: Person, rights: Rights, guest: Attendee) -> None:
    """Leave the event where it is. Raises NotAllowed."""
    entry = guest.entry
    require(rights.may_put(entry.calendar, entry.author_id, is_new=False))
    Attendee.objects.filter(pk=guest.pk).update(proposed_start=None, proposed_end=None, proposed_for="")


def require_open(entry: Entry) -> None:
    """Raise Conflict for an event that is over or cancelled, NotAllowed for one whose calendar was thrown away."""
    if entry.calendar.in_trash:
        raise NotAllowed
    if guests.is_over(entry, timezone.now()):
        raise Conflict(_("This is over: it takes no more answers."))
    if entry.status == "CANCELLED":
        raise Conflict(_("This is cancelled: it takes no more answers."))


def name_of(guest: Attendee) -> str:
    return guest.person.display_name if guest.person else guest.name or guest.email


def _fresh(guest: Attendee) -> Attendee:
    rows = Attendee.objects.select_related("entry__calendar", "entry__author__account", "person__account")
    return rows.get(pk=guest.pk)


def _tell_organizer(guest: Attendee, status: str, recurrence_id: str, *, by: Person | None) -> None:
    """A notification to an organizer of the structure; a letter (REPLY) to one elsewhere."""
    entry = guest.entry
    organizer = guests.organizer_of(entry)
    if organizer is None:
        if entry.organizer and guest.person is not None:
            posting.send([letters.reply(guest, status, recurrence_id)])
        return

    def text() -> str:
        sentences = {
            "ACCEPTED": gettext("%(name)s comes to “%(title)s”"),
            "TENTATIVE": gettext("%(name)s comes perhaps to “%(title)s”"),
            "DECLINED": gettext("%(name)s does not come to “%(title)s”"),
        }
        said = sentences[status] % {"name": name_of(guest), "title": entry.summary}
        return f"{said} – {guest.comment}" if guest.comment else said

    url = link("agenda:entry", entry.pk) + (f"?le={recurrence_id}" if recurrence_id else "")
    notify("agenda.answered", to=[organizer], by=by, target=entry, text=text, url=url)
