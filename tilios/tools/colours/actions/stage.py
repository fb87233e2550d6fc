"""What the animator does in front of the room: which statement, hidden or shown, how long."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.tools.colours import queries, rules
from tilios.tools.colours.actions.changes import changed
from tilios.tools.colours.models import Session, Statement

LONGEST_TIMER_S = 60 * 60


@transaction.atomic
def show_statement(*, by: Person, session: Session, step: int = 0, statement: int | None = None) -> Session:
    """Put on stage the statement numbered `statement`, or the one `step` places further; stops at both ends.

    Raises NotAllowed for who does not run the session, Invalid("statement") for another session's.
    """
    session = _held(by, session)
    order = list(session.statements.values_list("pk", flat=True))
    if statement is not None:
        if statement not in order:
            raise Invalid("statement", _("This statement is not one of this session's."))
        place = order.index(statement)
    else:
        place = order.index(session.current_id) + step if session.current_id in order else 0
    session.current_id = order[max(0, min(place, len(order) - 1))] if order else None
    session.timer_ends_at = session.timer_left_s = None
    session.save(update_fields=["current", "timer_ends_at", "timer_left_s"])
    changed(session)
    return session


@transaction.atomic
def reveal(*, by: Person, session: Session, shown: bool) -> Session:
    """Show the results of the statement on stage, or hide them. Publishes "colours.revealed" when shown.

    Raises NotAllowed for who does not run the session, Conflict where results were promised hidden.
    """
    session = _held(by, session)
    if shown and not rules.can_reveal(session):
        # SECURITY: whoever answered was told when results would be seen; the stage does not break that promise.
        raise Conflict(_("Results were promised hidden: they cannot be shown to the room before the close."))
    if session.current_id:
        Statement.objects.filter(pk=session.current_id, session=session).update(revealed=shown)
        if shown:
            publish("colours.revealed", by=by, target=session, statement=session.current_id)
    changed(session)
    return session


@transaction.atomic
def set_timer(*, by: Person, session: Session, seconds: int | None = None, running: bool = True) -> Session:
    """Start a timer of so many seconds, go on with the one that is stopped, or stop it (`running` False).

    Raises NotAllowed for who does not run the session, Invalid("seconds") above an hour.
    """
    session = _held(by, session)
    if seconds is not None and not 1 <= seconds <= LONGEST_TIMER_S:
        raise Invalid("seconds", _("A timer lasts from one second to one hour."))
    now = timezone.now()
    if running:
        left = seconds if seconds is not None else session.timer_left_s
        if left:
            session.timer_ends_at, session.timer_left_s = now + timedelta(seconds=left), None
    elif session.timer_ends_at:
        left_s = int((session.timer_ends_at - now).total_seconds())
        session.timer_ends_at, session.timer_left_s = None, max(0, left_s) or None
    session.save(update_fields=["timer_ends_at", "timer_left_s"])
    changed(session)
    return session


def _held(by: Person, session: Session) -> Session:
    session = queries.lock(session.pk)
    require(rules.keeps(by, session))
    return session
