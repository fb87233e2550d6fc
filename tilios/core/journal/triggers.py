"""The database's own refusal to change or remove what the journal holds, for SQLite and PostgreSQL."""

from typing import Any

TABLES = ("journal_entry", "journal_seal")

SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
"""
POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION tilios_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$
"""
POSTGRESQL = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
FOR EACH {each} EXECUTE FUNCTION tilios_append_only()
"""


def install(apps: Any, schema_editor: Any) -> None:
    """Forward step of the migration."""
    protect(schema_editor.connection)


def remove(apps: Any, schema_editor: Any) -> None:
    """Backward step of the migration."""
    unprotect(schema_editor.connection)


def protect(connection: Any) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION)
            for table in TABLES:
                for verb, each in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT")):
                    cursor.execute(POSTGRESQL.format(table=table, verb=verb, each=each))
        else:
            for table in TABLES:
                for verb in ("update", "delete"):
                    cursor.execute(SQLITE.format(table=table, verb=verb))


def unprotect(connection: Any) -> None:
    """Lift the refusal: only to erase a whole structure, in the same transaction (portability), and in tests."""
    verbs = ("update", "delete", "truncate") if connection.vendor == "postgresql" else ("update", "delete")
    with connection.cursor() as cursor:
        for table in TABLES:
            for verb in verbs:
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{on}")
