"""Say that something changed, once the change is stored; give the address where it can be heard."""

from django.core import signing
from django.db import connection, transaction

from tilios.core.live.hub import CHANNEL, hub
from tilios.core.structures.scope import current_structure

SALT = "tilios.live"
AGE_S = 12 * 60 * 60  # a day of assembly; a page left open longer asks again on its own
PATH = "/direct/"


def topic_of(kind: str, pk: int) -> str:
    """The name of a thing of the structure in scope."""
    return f"{current_structure().pk}:{kind}:{pk}"


def announce(kind: str, pk: int) -> None:
    """Tell the pages that follow this thing that it changed, when the transaction ends well.

    On PostgreSQL every process of the instance hears it; on SQLite, this one.
    """
    topic = topic_of(kind, pk)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, topic])  # leaves with the commit, or not at all
    else:
        transaction.on_commit(lambda: hub.tell(topic))


def address(kind: str, pk: int) -> str:
    """Where a page that may see this thing hears of it.

    SECURITY: the address is a key of its own, signed for one thing and one day: whoever holds it learns when something
    changed, and nothing else. It asks for no session, so that it costs nothing to keep open.
    """
    return PATH + signing.dumps(topic_of(kind, pk), salt=SALT)


def topic_at(path: str) -> str | None:
    """The thing an address is for; None when it is not ours, altered, or of yesterday."""
    try:
        found = signing.loads(path.removeprefix(PATH), salt=SALT, max_age=AGE_S)
    except signing.BadSignature:
        return None
    return found if isinstance(found, str) else None
