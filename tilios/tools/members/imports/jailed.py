"""What runs in the jail: `python -m tilios.tools.members.imports.jailed LIMITS`, an SQLite file on its input.

Writes a JSON object: the rows of each table asked for, columns by their name; {"problem": …} for a file that cannot be
read.
"""

import json
import os
import sqlite3
import sys
import tempfile
from typing import Any

from tilios.kit import jail

MOST_ROWS = 500_000


def main(arguments: list[str]) -> int:
    limits, *wanted = arguments
    jail.confine(limits)  # SECURITY: before a byte is read
    try:
        written: dict[str, Any] = {"tables": _tables(set(wanted))}
    except (sqlite3.Error, ValueError, OverflowError) as error:
        written = {"problem": str(error)[:200]}
    sys.stdout.write(json.dumps(written))
    sys.stdout.flush()
    return 0


def _tables(wanted: set[str]) -> dict[str, list[dict[str, Any]]]:
    with tempfile.NamedTemporaryFile(suffix=".sqlite") as copy:
        with os.fdopen(os.dup(0), "rb") as file:
            file.seek(0)
            while chunk := file.read(2**20):
                copy.write(chunk)
        copy.flush()
        # SECURITY: read-only, no journal followed, and nothing of the schema is trusted: its views are never asked.
        base = sqlite3.connect(f"file:{copy.name}?mode=ro&immutable=1", uri=True)
        base.execute("PRAGMA trusted_schema=OFF")
        base.execute("PRAGMA cell_size_check=ON")
        base.text_factory = lambda text: text.decode("utf-8", "replace")
        try:
            there = base.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
            names = [name for name, sql in there if name in wanted and "VIRTUAL TABLE" not in (sql or "").upper()]
            return {name: _rows(base, name) for name in names}
        finally:
            base.close()


def _rows(base: sqlite3.Connection, table: str) -> list[dict[str, Any]]:
    # Columns that are computed are not among these.
    columns = [row[1] for row in base.execute(f'PRAGMA table_info("{table}")')]
    listed = ", ".join('"' + column.replace('"', '""') + '"' for column in columns)
    found = base.execute(f'SELECT {listed} FROM "{table}" LIMIT {MOST_ROWS}')  # noqa: S608 (names of its own schema)
    return [
        {column: None if isinstance(value, bytes) else value for column, value in zip(columns, row, strict=True)}
        for row in found
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
