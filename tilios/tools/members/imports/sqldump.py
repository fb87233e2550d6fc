"""The rows of an SQL dump of MySQL, MariaDB or PostgreSQL, read as text: INSERT and COPY. Nothing is ever executed.

Every statement is gone through to its end, those of other tables too: what looks like a statement inside a text (the
log of Galette holds some) is text.
"""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_noop

from tilios.kit.refusals import Refusal
from tilios.tools.members.imports.sources import Table, Tables

MOST_ROWS = 500_000
NAME = r"(?:[`\"]?\w+[`\"]?\.)?[`\"]?(\w+)[`\"]?"
# SECURITY: a pattern of names between commas can be tried in endless ways on a list that is cut short.
COLUMNS = r"\(([^()]*)\)"
STATEMENT = re.compile(r"^[ \t]*(INSERT|COPY|CREATE TABLE)\b", re.IGNORECASE | re.MULTILINE)
CREATE = re.compile(rf"CREATE TABLE\s+(?:IF NOT EXISTS\s+)?{NAME}\s*\(", re.IGNORECASE)
INSERT = re.compile(rf"INSERT\s+(?:IGNORE\s+)?INTO\s+{NAME}\s*(?:{COLUMNS})?\s*VALUES\s*", re.IGNORECASE)
COPY = re.compile(rf"COPY\s+{NAME}\s*(?:{COLUMNS})?\s*FROM\s+stdin[^\n;]*;\r?\n", re.IGNORECASE)
NOT_COLUMNS = re.compile(
    r"^(PRIMARY|UNIQUE|KEY|INDEX|FOREIGN|CONSTRAINT|CHECK|FULLTEXT|SPATIAL|EXCLUDE)\b", re.IGNORECASE
)
COLUMN = re.compile(r"^[ \t]*[`\"]?(\w+)[`\"]?[ \t]+[a-zA-Z]", re.MULTILINE)

# A text of MySQL escapes with a backslash; one of PostgreSQL doubles the quote only.
PLAIN = r"NULL|TRUE|FALSE|DEFAULT|0x[0-9a-fA-F]*|[-+]?\d[\d.eE+-]*"
MYSQL = re.compile(rf"\s*(?:({PLAIN})|(?:_\w+\s*)?[xXbBnN]?'((?:[^'\\]|\\.|'')*)')\s*([,)])", re.IGNORECASE | re.DOTALL)
POSTGRESQL = re.compile(rf"\s*(?:({PLAIN})|'((?:[^']|'')*)')(?:::[\w \[\]]+)?\s*([,)])", re.IGNORECASE)
NEXT = re.compile(r"\s*([,;])\s*")
ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "Z": "\x1a"}


def tables(text: str, wanted: re.Pattern[str]) -> Tables:
    """The rows of the tables whose name `wanted` matches, by the group "table" of the match; columns by their name.

    Raises Refusal("dump_damaged") with the line when a statement cannot be followed to its end.
    """
    postgresql = "PostgreSQL database dump" in text[:4000] or re.search(r"^COPY .* FROM stdin", text, re.MULTILINE)
    known: dict[str, list[str]] = {}
    found: Tables = {}
    position, total = 0, 0
    while statement := STATEMENT.search(text, position):
        position = statement.start(1)
        keyword = statement[1].upper()
        if keyword == "CREATE TABLE":
            position = _create(text, position, known)
            continue
        head = (INSERT if keyword == "INSERT" else COPY).match(text, position)
        if head is None:
            if text.find(";", position) < 0:  # cut before the head of the statement ends
                raise _damaged(text, position)
            position = statement.end()
            continue
        rows = _inserted(text, head.end(), MYSQL if not postgresql else POSTGRESQL, postgresql=bool(postgresql))
        if keyword == "COPY":
            rows = _copied(text, head.end())
        name = wanted.fullmatch(head[1])
        kept = found.setdefault(name["table"], []) if name else None
        columns = _names(head[2]) or known.get(head[1], [])
        for values, position in rows:  # noqa: B007 (where the last row ends is where to go on)
            total += 1
            if total > MOST_ROWS:
                raise Refusal(
                    "dump_too_large", gettext_noop("This file holds more than %(limit)s rows."), limit=MOST_ROWS
                )
            if kept is not None:
                _keep(kept, columns, values)
        position = max(position, head.end())
    return found


def _keep(kept: Table, columns: list[str], values: list[str | None]) -> None:
    kept.append(dict(zip(columns, values, strict=False)))


def _names(columns: str | None) -> list[str]:
    return re.findall(r"\w+", columns or "")


def _create(text: str, position: int, known: dict[str, list[str]]) -> int:
    """Note the columns of a table; gives where its declaration ends."""
    head = CREATE.match(text, position)
    if head is None:
        return position + len("CREATE TABLE")
    end = re.compile(r"^\)", re.MULTILINE).search(text, head.end())
    stop = end.start() if end else head.end()
    lines = [line.strip() for line in text[head.end() : stop].splitlines()]
    known[head[1]] = [found[1] for line in lines if not NOT_COLUMNS.match(line) and (found := COLUMN.match(line))]
    return stop


def _inserted(
    text: str, position: int, value: re.Pattern[str], *, postgresql: bool
) -> Iterator[tuple[list[str | None], int]]:
    """The rows of an INSERT, each with where it ends."""
    while True:
        if text[position : position + 1] != "(":
            raise _damaged(text, position)
        position += 1
        row: list[str | None] = []
        while True:
            found = value.match(text, position)
            if found is None:
                raise _damaged(text, position)
            row.append(_plain(found[1]) if found[1] is not None else _unquoted(found[2], postgresql=postgresql))
            position = found.end()
            if found[3] == ")":
                break
        yield row, position
        after = NEXT.match(text, position)
        if after is None or after[1] == ";":
            return
        position = after.end()


def _copied(text: str, position: int) -> Iterator[tuple[list[str | None], int]]:
    r"""The rows of a COPY, up to the line \. that ends it."""
    while True:
        end = text.find("\n", position)
        if end < 0:
            raise _damaged(text, position)
        line = text[position:end].rstrip("\r")
        position = end + 1
        if line == "\\.":
            return
        yield [None if cell == "\\N" else _unescaped(cell) for cell in line.split("\t")], position


def _plain(word: str) -> str | None:
    said = word.upper()
    return None if said in {"NULL", "DEFAULT"} else {"TRUE": "1", "FALSE": "0"}.get(said, word)


def _unquoted(text: str, *, postgresql: bool) -> str:
    text = text.replace("''", "'")
    return text if postgresql else _unescaped(text)


def _unescaped(text: str) -> str:
    return (
        re.sub(r"\\(.)", lambda found: ESCAPED.get(found[1], found[1]), text, flags=re.DOTALL) if "\\" in text else text
    )


def _damaged(text: str, position: int) -> Refusal:
    line = text.count("\n", 0, position) + 1
    return Refusal(
        "dump_damaged", gettext_noop("This file is damaged or cut: line %(line)s cannot be read."), line=line
    )
