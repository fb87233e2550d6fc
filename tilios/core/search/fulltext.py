"""The full-text index under `Item`, written and asked in the SQL of each database.

A query is a list of alternatives per word: `[[("reun", False)], [("budget", False), ("budg", True)]]` asks for "reun",
and for "budget" or a word that begins with "budg". Every token is ASCII letters and digits (words.token), so nothing
somebody types reaches the query language of a database.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

Alternatives = Sequence[tuple[str, bool]]
TITLE_WEIGHT = 10
MOST_POSITIONS = 16_000  # a tsvector numbers its words up to 16383


def _owner(structure_id: int) -> str:
    """A token of the structure in each row: the index itself leaves other structures' rows unread."""
    return f"0s{structure_id}"


def write(rows: Iterable[tuple[int, int, Sequence[str], Sequence[str]]]) -> None:
    """Put rows of (item pk, structure pk, title tokens, text tokens) in the index, in place of what it held of them."""
    rows = list(rows)
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany("DELETE FROM search_fulltext WHERE rowid = %s", [(pk,) for pk, *_rest in rows])
            cursor.executemany(
                "INSERT INTO search_fulltext (rowid, owner, title, text) VALUES (%s, %s, %s, %s)",
                [(pk, _owner(structure), " ".join(title), " ".join(text)) for pk, structure, title, text in rows],
            )
        else:
            cursor.executemany(
                "UPDATE search_item SET vector = %s::tsvector WHERE id = %s",
                [(_vector(structure, title, text), pk) for pk, structure, title, text in rows],
            )


def _vector(structure: int, title: Sequence[str], text: Sequence[str]) -> str:
    places: dict[str, list[str]] = {}
    for number, word in enumerate([*title, *text][:MOST_POSITIONS], 1):
        places.setdefault(word, []).append(f"{number}A" if number <= len(title) else str(number))
    words = [f"'{word}':{','.join(found[:200])}" for word, found in places.items()]
    return " ".join([f"'{_owner(structure)}'", *words])


def matching(structure_id: int, query: Sequence[Alternatives]) -> tuple[str, str, list[Any]]:
    """Pieces of SQL over `search_item AS item`: (join and condition, rank expression, parameters of the first, and of
    the second in the same order). The rank is higher for a better match; the title weighs ten times the text.
    """
    if connection.vendor == "sqlite":
        asked = " AND ".join(
            "(" + " OR ".join(f'"{word}"{" *" if prefix else ""}' for word, prefix in one) + ")" for one in query
        )
        # CROSS JOIN: SQLite then asks the index first; the other way round it may ask it once for each item.
        joined = "search_fulltext CROSS JOIN search_item AS item ON item.id = search_fulltext.rowid"
        source = f"{joined} WHERE search_fulltext MATCH %s"
        rank = f"-bm25(search_fulltext, 0.0, {TITLE_WEIGHT}.0, 1.0)"
        return source, rank, [f'owner : "{_owner(structure_id)}" AND {{title text}} : ({asked})']
    asked = " & ".join(
        "(" + " | ".join(f"'{word}'{':*' if prefix else ''}" for word, prefix in one) + ")" for one in query
    )
    source = "search_item AS item, CAST(%s AS tsquery) AS asked WHERE item.vector @@ asked"
    rank = "ts_rank('{0.1, 0.1, 0.1, 1.0}', item.vector, asked, 1)"
    return source, rank, [f"'{_owner(structure_id)}' & {asked}"]


def among(column: str, values: list[str]) -> tuple[str, list[Any]]:
    """SQL for "`column` is one of `values`", which may be hundreds, and its parameters."""
    if connection.vendor == "sqlite":
        # `|| ''` keeps SQLite from trying each of the values in the index: a row has few keys, a person may hold many.
        return f"{column} || '' IN ({', '.join(['%s'] * len(values))})", list(values)
    return f"{column} = ANY(%s)", [values]
