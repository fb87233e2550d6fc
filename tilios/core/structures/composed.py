"""Queries composed once: Django takes ten times as long to write a statement as SQLite to answer it.

    @composed
    def by_digest(digest: str) -> QuerySet[AppPassword]:
        return AppPassword.objects.select_related("account").filter(digest=digest)

    by_digest("5e88…")  # a list of rows, always read again

For the few statements that every request makes. The function runs once, with a hole in the place of each argument and
of the structure in scope; then the holes are filled in. So it builds the same query whatever it is given: it looks at
no argument. What is given is a number or a text, or a tuple of them: one statement is kept for each length, so whoever
gives tuples makes them of few lengths (`padded`).
"""

import copy
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet, Value
from django.db.models.query import FlatValuesListIterable, ValuesListIterable

from tilios.core.structures.scope import composing, current_structure_id, scope_name

P = ParamSpec("P")
Row = TypeVar("Row")


@dataclass(frozen=True)
class Hole:
    """Stands among the parameters of a statement for what each call gives."""

    name: str
    place: int = -1  # in a tuple


STRUCTURE = Hole("the structure in scope")


class Composed:
    """One query, written for one database and one kind of scope."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], given: dict[str, Any]) -> None:
        self.rows: Any = build(**{name: _holes(name, value) for name, value in given.items()})
        self.compiler: Any = self.rows.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, self.parameters = self.compiler.as_sql()
        converters = self.compiler.get_converters([one[0] for one in self.compiler.select])
        self.compiler.get_converters = lambda _expressions: converters
        self.converters = converters
        #: Rows of plain values are read from the cursor: half of what they cost was on the way through a query set.
        self.is_plain = self.rows._iterable_class in (ValuesListIterable, FlatValuesListIterable)
        self.is_flat = self.rows._iterable_class is FlatValuesListIterable

    def read(self, given: dict[str, Any]) -> list[Any]:
        filled = tuple(self._filled(one, given) if isinstance(one, Hole) else one for one in self.parameters)
        if self.is_plain:
            return self._plain(filled)
        compiler, query = self._compiler(), copy.copy(self.rows.query)
        compiler.as_sql = lambda *_args, **_kwargs: (self.sql, filled)
        query.get_compiler = lambda *_args, **_kwargs: compiler
        rows: Any = QuerySet(self.rows.model, query)
        rows._iterable_class, rows._fields = self.rows._iterable_class, self.rows._fields
        return list(rows)

    def _compiler(self) -> Any:
        """The compiler, on the connection of this thread."""
        compiler = copy.copy(self.compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        return compiler

    def _plain(self, filled: tuple[Any, ...]) -> list[Any]:
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(self.sql, filled)
            found: Any = cursor.fetchall()
        if self.converters:
            found = map(tuple, self._compiler().apply_converters(found, self.converters))
        return [row[0] for row in found] if self.is_flat else list(found)

    def _filled(self, hole: Hole, given: dict[str, Any]) -> Any:
        # SECURITY: the structure is that of the scope at each call, and there is no answer outside one.
        if hole == STRUCTURE:
            return current_structure_id()
        value = given[hole.name]
        return value if hole.place < 0 else value[hole.place]


def _holes(name: str, value: Any) -> Any:
    if isinstance(value, tuple):
        return [Value(Hole(name, place)) for place in range(len(value))]
    return Value(Hole(name))


def padded(values: Sequence[str], lengths: Sequence[int]) -> tuple[str, ...]:
    """`values`, the last one said again until they are one of `lengths`: for "one of these", which it does not change.

    `values` is not empty, and no longer than the last of `lengths`.
    """
    length = next(one for one in lengths if one >= len(values))
    return tuple(values) + (values[-1],) * (length - len(values))


def composed(build: Callable[P, QuerySet[Any, Row]]) -> Callable[P, list[Row]]:
    """Make of `build` a function that gives the rows of its query, which is composed at the first call.

    Raises OutOfScope as the query itself would; TypeError where something else than numbers and texts is given.
    """
    signature = inspect.signature(build)
    names = tuple(signature.parameters)
    kept: dict[tuple[Any, ...], Composed] = {}

    @wraps(build)
    def read(*args: P.args, **kwargs: P.kwargs) -> list[Row]:
        is_usual = not kwargs and len(args) == len(names)
        given = dict(zip(names, args, strict=True)) if is_usual else signature.bind(*args, **kwargs).arguments
        lengths = tuple(_length(value, build) for value in given.values())
        # SECURITY: what was composed where every structure is seen is never asked again within one.
        key = connections[DEFAULT_DB_ALIAS].vendor, scope_name(), lengths
        if key not in kept:
            with composing(Value(STRUCTURE)):
                kept[key] = Composed(build, given)
        return kept[key].read(given)

    return read


def _length(value: Any, build: Callable[..., Any]) -> int:
    """How many holes a value fills; -1 for one that is no tuple."""
    if isinstance(value, int | str):
        return -1
    if isinstance(value, tuple) and all(isinstance(one, int | str) for one in value):
        return len(value)
    raise TypeError(f"{build.__name__}: numbers and texts alone, not {value!r}")
