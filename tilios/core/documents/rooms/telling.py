"""Tell the rooms of every process that something beside their own sockets changed.

Notices are short words: `text N` (updates of document N were stored), `rights N`, `rights-of STRUCTURE`,
`rights-by ACCOUNT`, `beside N WHAT` (threads, sayings, revisions, title),
`hands N PROCESS BASE64` (cursors, between processes).
"""

from collections.abc import Callable

from django.db import connection, transaction

CHANNEL = "tilios_rooms"
LONGEST = 7900  # bytes PostgreSQL takes in a notice, a little less

_hearers: list[Callable[[str], None]] = []


def hear(hearer: Callable[[str], None]) -> None:
    """Have `hearer` called with each notice of this process, from any thread."""
    _hearers.append(hearer)


def forget(hearer: Callable[[str], None]) -> None:
    """Call `hearer` no more."""
    if hearer in _hearers:
        _hearers.remove(hearer)


def tell(notice: str) -> None:
    """Say `notice` when the transaction at hand ends well: to this process, and to all of them on PostgreSQL."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, notice])  # leaves with the commit, or not at all
    else:
        transaction.on_commit(lambda: heard(notice))


def heard(notice: str) -> None:
    for hearer in _hearers:
        hearer(notice)
