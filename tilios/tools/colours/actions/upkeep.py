"""What the clock does: close at the deadline, remind before it, forget deleted sessions."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from tilios.core.access.sharing import links_to
from tilios.core.conversations.queries import comments_on
from tilios.core.errors import require
from tilios.core.journal.actions import publish
from tilios.core.notify.actions import notify
from tilios.core.people.models import Person
from tilios.tools.colours import queries, rules
from tilios.tools.colours.actions.changes import changed
from tilios.tools.colours.actions.life import tell_closed
from tilios.tools.colours.models import Reminder, Session


def keep_up() -> None:
    """Periodic, in the scope of one structure; a transaction for each session, so that one fault stops no other."""
    close_due()
    remind_due()
    forget_deleted()


def close_due() -> int:
    """Close sessions past their deadline. Publishes "colours.closed" by nobody. Number closed."""
    due = Session.objects.filter(closed_at=None, deleted_at=None, deadline__lte=timezone.now())
    return sum(_close(pk) for pk in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _close(pk: int) -> bool:
    session = queries.lock(pk)
    if session.closed_at or session.deadline is None or session.deadline > timezone.now():
        return False  # somebody was quicker
    session.closed_at = session.deadline
    session.save(update_fields=["closed_at"])
    publish("colours.closed", target=session)
    changed(session)
    tell_closed(session, by=None)
    return True


def remind_due() -> int:
    """Remind those who have not answered, when a deadline comes near. Number of people reminded."""
    now = timezone.now()
    near = Session.objects.filter(
        closed_at=None, deleted_at=None, reminded_at=None, reminder_h__isnull=False, deadline__gt=now
    )
    return sum(
        _remind_at_deadline(pk)
        for pk, deadline, hours in list(near.values_list("pk", "deadline", "reminder_h"))
        if deadline - timedelta(hours=hours) <= now
    )


@transaction.atomic
def _remind_at_deadline(pk: int) -> int:
    session = queries.lock(pk)
    if session.reminded_at or not session.is_open:
        return 0
    session.reminded_at = timezone.now()
    session.save(update_fields=["reminded_at"])
    return _remind(session, by=None)


@transaction.atomic
def remind_people(*, by: Person, session: Session) -> int:
    """Remind now those who have not answered and were not reminded yet. Publishes "colours.reminded". Number of people.

    Raises NotAllowed for who does not run the session, or when it is closed.
    """
    session = queries.lock(session.pk)
    require(rules.keeps(by, session) and session.is_open)
    return _remind(session, by=by)


def _remind(session: Session, *, by: Person | None) -> int:
    people = list(queries.silent_people(session).exclude(pk__in=session.reminders.values("person")).distinct())
    if not people:
        return 0
    Reminder.objects.bulk_create(Reminder(session=session, person=person) for person in people)
    title = session.title
    notify(
        "colours.reminder",
        to=people,
        target=session,
        by=by,
        text=lambda: gettext("Your colours are awaited: %(title)s") % {"title": title},
    )
    publish("colours.reminded", by=by, target=session, people=len(people))
    return len(people)


def forget_deleted() -> int:
    """Remove for good what was deleted long ago, with what was said of it and its links. Number of sessions."""
    old = Session.objects.filter(deleted_at__lte=timezone.now() - queries.KEPT_FOR)
    count = 0
    for session in old:
        with transaction.atomic():
            publish("colours.forgotten", target=session)
            comments_on("colours.session", session.pk).delete()
            links_to(session).delete()
            session.delete()
        count += 1
    return count
