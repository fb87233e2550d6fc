"""Close, reopen, archive, delete and restore a poll; make its chosen date an event."""

from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.notify.actions import notify
from tilios.core.people.models import Person
from tilios.core.search import index
from tilios.core.toolbox import registry
from tilios.tools.polls import moments, queries, rules
from tilios.tools.polls.ballots import of as ballots_of_kind
from tilios.tools.polls.models import Mark, Names, Option, Poll


@transaction.atomic
def close_poll(
    *, by: Person, poll: Poll, outcome: str = "", chosen: Option | None = None, review_on: date | None = None
) -> Poll:
    """End the vote, with the sentence that says what was decided. Publishes "polls.closed", tells who voted.

    A poll closed already keeps its moment of closing: only its outcome is written. Raises NotAllowed for who does not
    run the poll, Invalid("chosen") for another poll's option, Invalid("review_on") for a day past.
    """
    poll = queries.lock(poll.pk)
    require(rules.keeps(by, poll))
    _refuse_deleted(poll)
    if chosen is not None and chosen.poll_id != poll.pk:
        raise Invalid("chosen", _("This option is not one of this poll's."))
    if review_on and review_on != poll.review_on and review_on <= timezone.localdate(timezone=poll.tz):
        raise Invalid("review_on", _("Choose a day to come."))
    first_time = poll.closed_at is None
    if first_time:
        poll.closed_at, poll.closed_by = timezone.now(), by
    if review_on != poll.review_on:
        poll.reviewed_at = None
    poll.outcome, poll.chosen, poll.review_on = outcome.strip()[:2000], chosen, review_on
    poll.save(update_fields=["closed_at", "closed_by", "outcome", "chosen", "review_on", "reviewed_at"])
    publish("polls.closed" if first_time else "polls.outcome_written", by=by, target=poll)
    index.update(poll)
    tell_closed(poll, by=by)
    return poll


@transaction.atomic
def reopen_poll(*, by: Person, poll: Poll, deadline: datetime | None = None) -> Poll:
    """Take votes again, until `deadline` or without one. Publishes "polls.reopened".

    Raises NotAllowed for who does not run the poll, Conflict for a poll that is open or a secret vote, Invalid
    ("deadline") for a moment past.
    """
    poll = queries.lock(poll.pk)
    require(rules.keeps(by, poll))
    _refuse_deleted(poll)
    if poll.is_open:
        raise Conflict(_("This poll is open."))
    if poll.seed:
        # SECURITY: whoever knows the seed could bend the order by changing the list.
        raise Conflict(_("The draw has taken place: it is not done again."))
    if poll.secret:
        # SECURITY: whoever has read the result would know what each later ballot says.
        raise Conflict(_("A secret vote that is over is not opened again."))
    if deadline and deadline <= timezone.now():
        raise Invalid("deadline", _("The deadline must be to come."))
    poll.closed_at = poll.closed_by = poll.archived_at = poll.chosen = poll.reminded_at = None
    poll.deadline = deadline
    poll.save(update_fields=["closed_at", "closed_by", "archived_at", "chosen", "deadline", "reminded_at"])
    poll.reminders.all().delete()
    publish("polls.reopened", by=by, target=poll)
    index.update(poll)
    return poll


@transaction.atomic
def archive_poll(*, by: Person, poll: Poll) -> None:
    """Put a closed poll away. Publishes "polls.archived"; Conflict while it takes votes."""
    poll = queries.lock(poll.pk)
    require(rules.keeps(by, poll))
    if poll.is_open:
        raise Conflict(_("Close the poll before putting it away."))
    Poll.objects.filter(pk=poll.pk).update(
        archived_at=timezone.now(), closed_at=poll.closed_at or poll.deadline or timezone.now()
    )
    publish("polls.archived", by=by, target=poll)


@transaction.atomic
def unarchive_poll(*, by: Person, poll: Poll) -> None:
    """Bring a poll back among the closed ones. Publishes "polls.unarchived"; Conflict if it is not put away."""
    poll = queries.lock(poll.pk)
    require(rules.keeps(by, poll))
    if not poll.archived_at:
        raise Conflict(_("This poll is not archived."))
    Poll.objects.filter(pk=poll.pk).update(archived_at=None)
    publish("polls.unarchived", by=by, target=poll)


@transaction.atomic
def delete_poll(*, by: Person, poll: Poll) -> None:
    """Delete the poll; it can be restored for thirty days, then it goes for good. Publishes "polls.deleted"."""
    poll = queries.lock(poll.pk)
    require(rules.keeps(by, poll))
    Poll.objects.filter(pk=poll.pk, deleted_at=None).update(deleted_at=timezone.now())
    publish("polls.deleted", by=by, target=poll)
    index.remove(poll)


@transaction.atomic
def restore_poll(*, by: Person, poll: Poll) -> None:
    """Undo a deletion. Publishes "polls.restored"."""
    poll = queries.lock(poll.pk)
    require(rules.keeps(by, poll))
    poll.deleted_at = None
    poll.save(update_fields=["deleted_at"])
    publish("polls.restored", by=by, target=poll)
    index.update(poll)


@transaction.atomic
def make_event(*, by: Person, poll: Poll, calendar: int | None = None) -> Any:
    """Make the chosen date an event in the tool that answers "event.create", and give what that tool gives back.

    The capability is called with `by`, `title`, `description`, `day`, `starts_at`, `ends_at` (None for a whole day),
    `timezone`, `people` (who said yes), `have_accepted`, `source` (the poll), `group` (that is asked, or None) and
    `calendar` (one of those that "event.calendars" offers); it returns the event, a row of a declared kind. Publishes
    "polls.event_made". Raises NotAllowed for who does not run the poll, Conflict where no tool answers, when it has
    been done and the event is still there, or no date is chosen.
    """
    poll = queries.lock(poll.pk)
    require(rules.keeps(by, poll))
    create = registry.capability("event.create")
    if create is None:
        raise Conflict(_("No tool of your structure keeps events."))
    if event_is_there(poll):
        raise Conflict(_("This date is already an event."))
    if poll.chosen is None or poll.chosen.day is None:
        raise Conflict(_("Close the poll on a date first."))
    event = create(
        by=by,
        title=poll.title,
        description=poll.outcome or poll.description,
        day=moments.local_day(poll.chosen, poll.tz),
        starts_at=poll.chosen.starts_at,
        ends_at=poll.chosen.ends_at,
        timezone=poll.timezone,
        people=_who_comes(poll),
        # SECURITY: where names are the keeper's affair, the list of guests must not tell who said yes.
        have_accepted=poll.names == Names.SHOWN,
        source=poll,
        group=poll.group,
        calendar=calendar,
    )
    kind = registry.kind_of(event)
    Poll.objects.filter(pk=poll.pk).update(event_kind=kind.name if kind else "", event_target=event.pk)
    publish("polls.event_made", by=by, target=poll)
    return event


def event_is_there(poll: Poll) -> bool:
    """Whether the event that the date became is still there."""
    kind = registry.kind(poll.event_kind)
    if not poll.event_target or kind is None:
        return bool(poll.event_target)
    return apps.get_model(kind.model).objects.filter(pk=poll.event_target).exists()


def _who_comes(poll: Poll) -> list[Person]:
    """Who said yes to the chosen option; everybody who answered, where it is not shown who said what."""
    ballots = poll.ballots.exclude(person=None)
    if poll.names == Names.SHOWN:
        kind, marks = ballots_of_kind(poll.ballot), Mark.objects.filter(option=poll.chosen_id)
        yes = [ballot for ballot, value in marks.values_list("ballot", "value") if kind.takes_place(value)]
        ballots = ballots.filter(pk__in=yes)
    people = Person.objects.filter(pk__in=ballots.values("person")).select_related("account")
    return list(people.order_by("display_name", "pk"))


def tell_closed(poll: Poll, *, by: Person | None) -> None:
    """Tell the people who voted and the author what came out."""
    title, outcome = poll.title, " ".join(poll.outcome.split())

    def text() -> str:
        if outcome:
            return gettext("Decided: %(title)s – %(outcome)s") % {"title": title, "outcome": outcome}
        return gettext("The vote is closed: %(title)s") % {"title": title}

    answered: Any = poll.roll.filter(voted=True) if poll.formal else poll.ballots
    voters = Person.objects.filter(pk__in=answered.exclude(person=None).values("person"))
    author = [poll.author] if poll.author else []
    notify("polls.closed", to=[*voters, *author], target=poll, by=by, text=text)


def _refuse_deleted(poll: Poll) -> None:
    if poll.deleted_at:
        raise Conflict(_("This poll has been deleted."))
