"""The one place where a session says that it changed."""

from tilios.core import live
from tilios.tools.colours.models import Session, random_number

KIND = "colours.session"


def changed(session: Session) -> None:
    """Give the session a new version, so that kept sums are made again, and tell the pages that follow it.

    Inside the transaction that locked the session.
    """
    session.version = random_number()
    Session.objects.filter(pk=session.pk).update(version=session.version)
    live.announce(KIND, session.pk)
