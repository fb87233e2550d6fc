"""Close, open again, delete and restore a session; mark what was discussed; keep somebody's palette."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.notify.actions import notify
from tilios.core.people.models import Person
from tilios.core.search import index
from tilios.tools.colours import palettes, queries, rules
from tilios.tools.colours.actions.changes import changed
from tilios.tools.colours.models import Remark, Session, Taste


@transaction.atomic
def close_session(*, by: Person, session: Session) -> Session:
    """Take no more answers. Publishes "colours.closed", tells those who answered under their name.

    Raises NotAllowed for who does not run the session, Conflict when it is closed already.
    """
    session = queries.lock(session.pk)
    require(rules.keeps(by, session))
    if session.closed_at or session.deleted_at:
        raise Conflict(_("This session is closed already."))
    session.closed_at, session.closed_by = timezone.now(), by
    session.save(update_fields=["closed_at", "closed_by"])
    publish("colours.closed", by=by, target=session)
    changed(session)
    tell_closed(session, by=by)
    return session


@transaction.atomic
def reopen_session(*, by: Person, session: Session, deadline: datetime | None = None) -> Session:
    """Take answers again, until `deadline` or without one. Publishes "colours.reopened".

    Raises NotAllowed for who does not run the session, Conflict when it is open or deleted, Invalid("deadline").
    """
    session = queries.lock(session.pk)
    require(rules.keeps(by, session))
    if session.deleted_at:
        raise Conflict(_("This session has been deleted."))
    if session.is_open:
        raise Conflict(_("This session is open."))
    if deadline and deadline <= timezone.now():
        raise Invalid("deadline", _("The deadline must be to come."))
    session.closed_at = session.closed_by = session.reminded_at = None
    session.deadline = deadline
    session.save(update_fields=["closed_at", "closed_by", "reminded_at", "deadline"])
    session.reminders.all().delete()
    publish("colours.reopened", by=by, target=session)
    changed(session)
    return session


@transaction.atomic
def delete_session(*, by: Person, session: Session) -> None:
    """Delete the session; it can be restored for thirty days, then it goes for good. Publishes "colours.deleted"."""
    session = queries.lock(session.pk)
    require(rules.keeps(by, session))
    Session.objects.filter(pk=session.pk, deleted_at=None).update(deleted_at=timezone.now())
    publish("colours.deleted", by=by, target=session)
    index.remove(session)
    changed(session)


@transaction.atomic
def restore_session(*, by: Person, session: Session) -> None:
    """Undo a deletion. Publishes "colours.restored"."""
    session = queries.lock(session.pk)
    require(rules.keeps(by, session))
    session.deleted_at = None
    session.save(update_fields=["deleted_at"])
    publish("colours.restored", by=by, target=session)
    index.update(session)
    changed(session)


@transaction.atomic
def mark_discussed(*, by: Person, session: Session, remark: Remark, discussed: bool) -> None:
    """Say that the meeting has talked about a remark, or has not. Raises NotAllowed for who does not run it."""
    session = queries.lock(session.pk)
    require(rules.keeps(by, session) and remark.round.session_id == session.pk)
    Remark.objects.filter(pk=remark.pk).update(discussed=discussed)
    changed(session)


@transaction.atomic
def choose_palette(*, by: Person, palette: str) -> None:
    """Remember the colours `by` reads best. Raises Invalid("palette") for a palette that does not exist."""
    if palette not in palettes.PALETTES:
        raise Invalid("palette", _("These colours do not exist."))
    Taste.objects.update_or_create(person=by, defaults={"palette": palette})


def tell_closed(session: Session, *, by: Person | None) -> None:
    """Tell the author and, where answers bear names, those who answered."""
    title = session.title
    named = session.voices.exclude(person=None).values("person")
    voters = [] if session.is_secret else list(Person.objects.filter(pk__in=named))
    author = [session.author] if session.author else []
    notify(
        "colours.closed",
        to=[*voters, *author],
        target=session,
        by=by,
        text=lambda: gettext("The session is closed, see its colours: %(title)s") % {"title": title},
    )
