"""Queries composed once: Django takes ten times as long to write a statement as SQLite to answer it.

    @composed
    def by_digest(digest: str) -> QuerySet[AppPassword]:
        return AppPassword.objects.select_related("account").filter(digest=digest)

    by_digest("5e88…")  # a list of rows, always read again

For the few statements that every request makes. The function runs once, with a hole in the place of each argument and
of the structure in scope; then the holes are filled in. So it builds the same query whatever it is given: it looks at
no argument, and takes no list. What is given is a number or a text.
"""

import copy
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet, Value

from tilios.core.structures.scope import composing, current_structure_id, scope_name

P = ParamSpec("P")
Row = TypeVar("Row")


@dataclass(frozen=True)
class Hole:
    """Stands among the parameters of a statement for what each call gives."""

    name: str


STRUCTURE = Hole("the structure in scope")


class Composed:
    """One query, written for one database and one kind of scope."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], names: tuple[str, ...]) -> None:
        self.rows: Any = build(**{name: Value(Hole(name)) for name in names})
        self.compiler: Any = self.rows.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, self.parameters = self.compiler.as_sql()
        converters = self.compiler.get_converters([one[0] for one in self.compiler.select])
        self.compiler.get_converters = lambda _expressions: converters

    def read(self, given: dict[str, Any]) -> list[Any]:
        filled = tuple(self._filled(one, given) if isinstance(one, Hole) else one for one in self.parameters)
        compiler = copy.copy(self.compiler)
        query: Any = copy.copy(self.rows.query)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.as_sql = lambda *_args, **_kwargs: (self.sql, filled)
        query.get_compiler = lambda *_args, **_kwargs: compiler
        rows: Any = QuerySet(self.rows.model, query)
        rows._iterable_class, rows._fields = self.rows._iterable_class, self.rows._fields
        return list(rows)

    def _filled(self, hole: Hole, given: dict[str, Any]) -> Any:
        # SECURITY: the structure is that of the scope at each call, and there is no answer outside one.
        return current_structure_id() if hole == STRUCTURE else given[hole.name]


def composed(build: Callable[P, QuerySet[Any, Row]]) -> Callable[P, list[Row]]:
    """Make of `build` a function that gives the rows of its query, which is composed at the first call.

    Raises OutOfScope as the query itself would; TypeError where something else than a number or a text is given.
    """
    signature = inspect.signature(build)
    kept: dict[tuple[str, str], Composed] = {}

    @wraps(build)
    def read(*args: P.args, **kwargs: P.kwargs) -> list[Row]:
        given = signature.bind(*args, **kwargs).arguments
        if not all(isinstance(value, int | str) for value in given.values()):
            raise TypeError(f"{build.__name__}: numbers and texts alone, not {given}")
        # SECURITY: what was composed where every structure is seen is never asked again within one.
        key = connections[DEFAULT_DB_ALIAS].vendor, scope_name()
        if key not in kept:
            with composing(Value(STRUCTURE)):
                kept[key] = Composed(build, tuple(signature.parameters))
        return kept[key].read(given)

    return read
