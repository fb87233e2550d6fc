"""Many people: at the same moment, each in a thread of their own; rows by the thousand, that a database counts."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

from tests.cast import Cast
from tilios.core.errors import Conflict, Refused
from tilios.core.structures.scope import scope


def at_once(
    cast: Cast, work: Callable[[int], Any], count: int, threads: int = 32, refused: type[Refused] = Conflict
) -> list[Any]:
    """What `work(number)` gives for each number, or the error it was refused with; all threads start together."""
    ready = threading.Barrier(threads)

    def one(share: int) -> list[Any]:
        found: list[Any] = []
        ready.wait(30)
        try:
            for number in range(share, count, threads):
                with scope(cast.fabrique):
                    try:
                        found.append(work(number))
                    except refused as error:
                        found.append(error)
        finally:
            connection.close()
        return found

    with ThreadPoolExecutor(threads) as pool:
        return [one for share in pool.map(one, range(threads)) for one in share]


#: Rows of a test of many, which is long: one database is enough to see that all of them are taken in.
LARGE = 10_000 if connection.vendor == "sqlite" else 2_000


def sizes_are_known() -> None:
    """What autovacuum does on a real PostgreSQL; it sees nothing of the one transaction that a test is.

    Without it, whether each of ten thousand people is in a table is asked by reading all of it.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
