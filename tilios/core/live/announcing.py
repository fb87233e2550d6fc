"""Say that something changed, once the change is stored; give the address where it can be heard."""

from django.core import signing
from django.db import connection, transaction

from tilios.core.live.hub import CHANNEL, hub
from tilios.core.structures.scope import current_structure

SALT = "tilios.live"
AGE_S = 12 * 60 * 60  # a day of assembly; a page left open longer asks again on its own
PATH = "/direct/"


def topic_of(kind: str, pk: int, *, shared: bool = False) -> str:
    """The name of a thing of the structure in scope; of all structures when it is `shared`, such as a blob."""
    return f"{0 if shared else current_structure().pk}:{kind}:{pk}"


def announce(kind: str, pk: int, *, shared: bool = False) -> None:
    """Tell the pages that follow this thing that it changed, when the transaction ends well.

    On PostgreSQL every process of the instance hears it; on SQLite, this one. What is `shared` has no structure.
    """
    topic = topic_of(kind, pk, shared=shared)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, topic])  # leaves with the commit, or not at all
    else:
        transaction.on_commit(lambda: hub.tell(topic))


def address(kind: str, pk: int, *, shared: bool = False) -> str:
    """Where a page that may see this thing hears of it. What is `shared` has no structure.

    SECURITY: the address is a key of its own, signed for one thing and one day: whoever holds it learns when something
    changed, and nothing else. It asks for no session, so that it costs nothing to keep open.
    """
    return PATH + signing.dumps(topic_of(kind, pk, shared=shared), salt=SALT)


def topic_at(path: str) -> str | None:
    """The thing an address is for; None when it is not ours, altered, or of yesterday."""
    try:
        found = signing.loads(path.removeprefix(PATH), salt=SALT, max_age=AGE_S)
    except signing.BadSignature:
        return None
    return found if isinstance(found, str) else None
