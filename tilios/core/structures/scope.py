"""The scope: which structure the code now running works for.

Every row of a structure derives from `Owned`. Outside `with scope(structure):` a query on such a row raises
`OutOfScope`; inside, it sees that structure's rows alone. Doors set the scope (web middleware, DAV, websocket, job,
command); nothing else does. The scope is a context variable: threads and tasks each have their own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from tilios.core.structures.models import Structure


class OutOfScope(Exception):
    """A row of a structure was asked for where no structure is in scope, or another one is."""


class _Everything:
    """Stands in the scope while `unscoped()` holds."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


class _Unknown:
    """Stands in the scope while a query is composed for whichever structure will be in scope when it is asked."""

    slug = "?"

    def __init__(self, pk: Any) -> None:
        self.pk = pk


_scope: ContextVar["Structure | _Everything | None"] = ContextVar("tilios_scope", default=None)


@contextmanager
def scope(structure: "Structure") -> Iterator["Structure"]:
    """Work for `structure` inside the block. A block for another structure may not be nested in it."""
    held = _scope.get()
    if held is not None and not isinstance(held, _Everything) and held.pk != structure.pk:
        raise OutOfScope(f"Already working for {held.slug}: leave its scope before entering {structure.slug}'s.")
    token = _scope.set(structure)
    try:
        yield structure
    finally:
        _scope.reset(token)


@contextmanager
def unscoped(reason: str) -> Iterator[None]:
    """See the rows of every structure: for the host's own work (sizes, verification, somebody's list of structures).

    `reason` is a sentence for whoever reads the code; tests/architecture/test_scope.py lists the modules allowed.
    """
    # SECURITY: the one way round the walls between structures. Never call it with what a request asked for.
    token = _scope.set(_Everything(reason))
    try:
        yield
    finally:
        _scope.reset(token)


@contextmanager
def no_scope() -> Iterator[None]:
    """Forget the scope inside the block: a job or a nested door starts from nothing."""
    token = _scope.set(None)
    try:
        yield
    finally:
        _scope.reset(token)


@contextmanager
def composing(pk: Any) -> Iterator[None]:
    """Compose queries with `pk`, an expression, in the place of the number of the structure in scope, if one is."""
    if scope_name() != "one":
        yield
        return
    token = _scope.set(cast("Structure", _Unknown(pk)))
    try:
        yield
    finally:
        _scope.reset(token)


def scope_name() -> str:
    """ "one", "everything" or "none": what a query made now would see."""
    held = _scope.get()
    return "none" if held is None else "everything" if isinstance(held, _Everything) else "one"


def current_structure() -> "Structure":
    """The structure in scope; raises OutOfScope outside any."""
    held = _scope.get()
    if held is None or isinstance(held, _Everything):
        raise OutOfScope("No structure is in scope here: wrap the call in `with scope(structure):`.")
    return held


def current_structure_or_none() -> "Structure | None":
    held = _scope.get()
    return None if isinstance(held, _Everything) else held


def current_structure_id() -> int:
    """Default of `Owned.structure`."""
    return current_structure().pk


def sees_everything() -> bool:
    return isinstance(_scope.get(), _Everything)
