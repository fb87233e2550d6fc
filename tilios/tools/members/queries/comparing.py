"""Comparing in the database as people read: accents and case aside, years counted from a day."""

import json
from datetime import date
from typing import Any

from django.db.models import F, Lookup, Q, QuerySet

from tilios.kit.text import fold


class Among(Lookup):
    """Whether a column is one of many texts, given as one parameter: databases bound how many there may be."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        # `column` is Django's own quoted name.
        return f"{column} IN (SELECT value FROM json_each(%s))", [*params, json.dumps(self.rhs)]  # noqa: S608

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s::text[])", [*params, list(self.rhs)]


def texts_where(rows: QuerySet[Any], path: str, test: str, wanted: str) -> Q:
    """Those whose text at `path` passes the test: "contains", "begins" or "is_text".

    No function of both databases folds accents: the values there are read once, and folded here. One query.
    """
    wanted = fold(wanted).strip()
    texts = rows.order_by().values_list(path, flat=True).distinct()
    return Q(Among(F(path), [text for text in texts.iterator() if passes(fold(text).strip(), test, wanted)]))


def passes(text: str, test: str, wanted: str) -> bool:
    match test:
        case "contains":
            return wanted in text
        case "begins":
            return text.startswith(wanted)
        case _:
            return text == wanted


def years_ago(today: date, years: int) -> date:
    """The last birth date of those who have lived `years` whole years today: born on 29 February, on 28 February."""
    year = max(today.year - years, 1)
    try:
        return today.replace(year=year)
    except ValueError:
        return date(year, 2, 28)
