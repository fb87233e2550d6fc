"""Django empties the tables after a test with real transactions, which the journal refuses: the refusal is lifted then.

Loaded by `plugin.py` for every test.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection


@pytest.fixture(scope="session", autouse=True)
def _journal_lets_the_tests_flush() -> Iterator[None]:
    """Around Django's flush: lift the triggers, and forget the anchors of journals that are gone."""
    from tilios.core.journal import anchor, triggers

    operations: Any = type(connection.ops)
    flush = operations.execute_sql_flush

    def flush_the_journal_too(self: Any, sql_list: list[str]) -> None:
        triggers.unprotect(self.connection)
        try:
            flush(self, sql_list)
        finally:
            triggers.protect(self.connection)
        anchor.path().unlink(missing_ok=True)

    operations.execute_sql_flush = flush_the_journal_too
    yield
    operations.execute_sql_flush = flush
