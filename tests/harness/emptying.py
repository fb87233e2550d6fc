"""After a test with real transactions: empty the tables that have rows, and no other.

Django empties all of them, then makes its content types and permissions anew: a quarter of a second, a thousand times.
Loaded by `plugin.py` for every test.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase

#: What migrations made, the same for every test.
KEPT = {"django_migrations", "django_content_type", "auth_permission"}


@pytest.fixture(scope="session", autouse=True)
def _tables_are_emptied_fast() -> Iterator[None]:
    case: Any = TransactionTestCase
    before = case._fixture_teardown
    case._fixture_teardown = lambda _case: empty()
    yield
    case._fixture_teardown = before


def empty() -> None:
    """No row in any table, nor anchor of a journal that is gone."""
    from tilios.core.journal import anchor, triggers

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_which_have_rows())
        if tables := [name for (name,) in cursor.fetchall()]:
            # The journal refuses that its lines go, and a line goes before what it names.
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL session_replication_role = replica")
            else:
                triggers.unprotect(connection)
            for name in tables:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")
            if connection.vendor != "postgresql":
                triggers.protect(connection)
    anchor.path().unlink(missing_ok=True)


@cache
def _which_have_rows() -> str:
    names = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - KEPT
    return " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {connection.ops.quote_name(name)})" for name in sorted(names)
    )
