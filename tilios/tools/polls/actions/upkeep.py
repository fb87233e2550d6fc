"""What the clock does: close at the deadline, remind before it, recall reviews, forget deleted polls."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from tilios.core.access.roles import may
from tilios.core.access.sharing import links_to
from tilios.core.conversations.queries import comments_on
from tilios.core.errors import require
from tilios.core.journal.actions import publish
from tilios.core.notify.actions import notify
from tilios.core.people.models import Person
from tilios.core.people.queries import active_people
from tilios.core.people.roles import Role
from tilios.tools.polls import queries, rules
from tilios.tools.polls.actions.life import tell_closed
from tilios.tools.polls.models import Poll, Reminder


def keep_up() -> None:
    """Periodic, in the scope of one structure; each poll in a transaction of its own, so one fault stops no other."""
    close_due()
    remind_due()
    recall_reviews()
    forget_deleted()


def close_due() -> int:
    """Close polls past their deadline. Publishes "polls.closed" by nobody. Number closed."""
    due = Poll.objects.filter(closed_at=None, deleted_at=None, deadline__lte=timezone.now())
    return sum(_close(pk) for pk in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _close(pk: int) -> bool:
    poll = queries.lock(pk)
    if poll.closed_at or poll.deadline is None or poll.deadline > timezone.now():
        return False  # somebody was quicker
    poll.closed_at = poll.deadline
    poll.save(update_fields=["closed_at"])
    publish("polls.closed", target=poll)
    tell_closed(poll, by=None)
    return True


def remind_due() -> int:
    """Remind those who have not voted, when a deadline comes near. Number of people reminded."""
    now = timezone.now()
    near = Poll.objects.filter(
        closed_at=None, deleted_at=None, reminded_at=None, reminder_h__isnull=False, deadline__gt=now
    )
    return sum(
        _remind_at_deadline(pk)
        for pk, deadline, hours in list(near.values_list("pk", "deadline", "reminder_h"))
        if deadline - timedelta(hours=hours) <= now
    )


@transaction.atomic
def _remind_at_deadline(pk: int) -> int:
    poll = queries.lock(pk)
    if poll.reminded_at or not poll.is_open:
        return 0
    poll.reminded_at = timezone.now()
    poll.save(update_fields=["reminded_at"])
    return _remind(poll, by=None)


@transaction.atomic
def remind_people(*, by: Person, poll: Poll) -> int:
    """Remind now those who have not voted and were not reminded yet. Publishes "polls.reminded". Number of people.

    Raises NotAllowed for who does not run the poll.
    """
    poll = queries.lock(poll.pk)
    require(rules.keeps(by, poll) and poll.is_open)
    return _remind(poll, by=by)


def _remind(poll: Poll, *, by: Person | None) -> int:
    """Of a locked poll: whoever has a row in Reminder is left alone."""
    people = list(queries.silent_people(poll).exclude(pk__in=poll.reminders.values("person")).distinct())
    if not people:
        return 0
    Reminder.objects.bulk_create(Reminder(poll=poll, person=person) for person in people)
    title = poll.title
    notify(
        "polls.reminder",
        to=people,
        target=poll,
        by=by,
        text=lambda: gettext("Your vote is awaited: %(title)s") % {"title": title},
    )
    publish("polls.reminded", by=by, target=poll, people=len(people))
    return len(people)


def recall_reviews() -> int:
    """Tell who runs a poll that the day has come to look at its decision again. Number of polls."""
    today = timezone.localdate()
    due = Poll.objects.filter(reviewed_at=None, deleted_at=None, review_on__lte=today).exclude(closed_at=None)
    return sum(_recall(pk) for pk in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _recall(pk: int) -> bool:
    poll = queries.lock(pk)
    if poll.reviewed_at or poll.review_on is None:
        return False
    poll.reviewed_at = timezone.now()
    poll.save(update_fields=["reviewed_at"])
    author = poll.author if poll.author and poll.author.is_active else None
    keepers = (
        [author]
        if author
        else [one for one in active_people().filter(role__gte=Role.MANAGER) if may(one, "polls.manage")]
    )
    title = poll.title
    notify(
        "polls.review",
        to=keepers,
        target=poll,
        text=lambda: gettext("Time to look again at this decision: %(title)s") % {"title": title},
    )
    publish("polls.review_due", target=poll)
    return True


def forget_deleted() -> int:
    """Remove for good what was deleted long ago, with what was said of it and its links. Number of polls."""
    old = Poll.objects.filter(deleted_at__lte=timezone.now() - queries.KEPT_FOR)
    count = 0
    for poll in old:
        with transaction.atomic():
            publish("polls.forgotten", target=poll)
            comments_on("polls.poll", poll.pk).delete()
            links_to(poll).delete()
            poll.delete()
        count += 1
    return count
