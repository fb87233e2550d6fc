"""Who is invited, as the page of an event shows it."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from tilios.core.access import sharing
from tilios.core.people.models import Person
from tilios.kit import ical
from tilios.tools.agenda import letters
from tilios.tools.agenda.actions.answering import name_of
from tilios.tools.agenda.actions.inviting import MODE
from tilios.tools.agenda.models import Attendee, Entry
from tilios.tools.agenda.queries import guests
from tilios.tools.agenda.telling import when_in_words
from tilios.tools.agenda.views.invitations import WORDS

ANSWERS = {
    "ACCEPTED": (gettext_lazy("comes"), "success"),
    "DECLINED": (gettext_lazy("does not come"), "danger"),
    "TENTATIVE": (gettext_lazy("comes perhaps"), "warning"),
    "DELEGATED": (gettext_lazy("sends somebody"), "info"),
}


@dataclass(frozen=True)
class Guest:
    """One line: `answer` is its words and its tone, None without one; `proposal` another time, in words."""

    pk: int
    name: str
    email: str
    answer: tuple[Any, str] | None
    comment: str
    proposal: str


def told_guests(entry: Entry, recurrence_id: str, person: Person) -> dict[str, Any]:
    """The guests of one occurrence with their answers, and what the reader may answer. One query without any."""
    rows = list(entry.attendees.select_related("person"))
    if not rows:
        return {}
    said = {one.email: one.status for one in ical.guests(entry.data.encode(), recurrence_id)}
    lines = [_line(row, said.get(row.email, row.status)) for row in rows if row.email in said]
    own = guests.own_row(entry, person)
    status = said.get(own.email, own.status) if own else ""
    return {
        "guests": lines,
        "counts": _counts([said[row.email] for row in rows if row.email in said]),
        "own": own,
        "own_word": next((word for word, one in WORDS.items() if one == status), ""),
        "is_open": entry.status != "CANCELLED" and not guests.is_over(entry, timezone.now()),
        "words": letters.answer_words(),
        "propose_url": _propose_url(own, recurrence_id) if own else "",
    }


def _line(row: Attendee, status: str) -> Guest:
    proposal = ""
    if row.proposed_start and row.proposed_end:
        proposal = when_in_words(row.proposed_start, row.proposed_end, is_all_day=row.entry.is_all_day, entry=row.entry)
    return Guest(row.pk, name_of(row), row.email, ANSWERS.get(status), row.comment, proposal)


def _counts(statuses: list[str]) -> str:
    """ "3 yes, 1 maybe, 2 no, 4 without an answer"; what nobody said is left out."""
    yes, maybe, no = (statuses.count(one) for one in ical.ANSWERS)
    none = len(statuses) - yes - maybe - no
    found = [
        (yes, ngettext("%(count)s yes", "%(count)s yes", yes)),
        (maybe, ngettext("%(count)s maybe", "%(count)s maybe", maybe)),
        (no, ngettext("%(count)s no", "%(count)s no", no)),
        (none, ngettext("%(count)s without an answer", "%(count)s without an answer", none)),
    ]
    return ", ".join(words % {"count": count} for count, words in found if count)


def _propose_url(own: Attendee, recurrence_id: str) -> str:
    """The page where another time is proposed, if letters were written: it is behind the door that they name."""
    door = sharing.links_to(own.entry).filter(mode=MODE, revoked_at=None).first()
    if door is None:
        return ""
    query = f"?le={recurrence_id}" if recurrence_id else ""
    return f"{letters.answer_path(door, own)}proposer/{query}"
