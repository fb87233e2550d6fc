"""Read the whole of a structure as it was at one moment, while others go on writing."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import monotonic
from typing import Any

from django.db import connection, transaction

from tilios.core.jobs import progress

REPORT_EVERY_S = 0.5


@contextmanager
def snapshot() -> Iterator[None]:
    """Inside the block every query sees the database of the same moment. For reading only; takes no write lock."""
    if connection.in_atomic_block:  # the caller's transaction is that moment
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        connection.ensure_connection()
        mode, connection.transaction_mode = connection.transaction_mode, "DEFERRED"  # type: ignore[attr-defined]
        try:
            with transaction.atomic():
                yield
        finally:
            connection.transaction_mode = mode  # type: ignore[attr-defined]


@contextmanager
def reporting(key: str) -> Iterator[Callable[[int, int], None]]:
    """A function that writes (done, total) in the progress row `key`, twice a second at most.

    It writes by a connection of its own: the one at hand may be inside a snapshot or a long transaction, where the
    page that follows would not see it.
    """
    if connection.in_atomic_block:  # another connection would not even see the row
        yield lambda done, total: _step(key, done, total)
        return
    told = monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal told
        if monotonic() - told >= REPORT_EVERY_S:
            told = monotonic()
            pool.submit(_step, key, done, total)

    with ThreadPoolExecutor(1, "tilios-progress") as pool:
        try:
            yield tell
        finally:
            pool.submit(connection.close)


def _step(key: str, done: int, total: int) -> None:
    # A bar counts in whole numbers that its column can hold.
    progress.step(key, int(1000 * done / total) if total else 0, 1000)


def nothing(*_about: Any) -> None:
    """For callers whom nobody asks how far they are."""
