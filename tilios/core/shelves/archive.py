"""What a tool's archive needs of its shelf: for `AFTER_IMPORT` in its portability module."""

from typing import Any

from tilios.core.shelves import names
from tilios.core.shelves.shelf import Shelf


def make_paths(shelf: Shelf) -> None:
    """Paths are made of numbers, which are others here; they and what sorts names are not in the archive."""
    known: dict[int | None, str] = {None: "/"}
    rows = dict(shelf.items.values_list("pk", "parent"))
    called = dict(shelf.items.values_list("pk", "name"))
    changed: list[Any] = []
    item: Any = shelf.model("Item")
    for pk in rows:
        chain: list[int] = []
        at: int | None = pk
        while at not in known and at is not None and at not in chain:
            chain.append(at)
            at = rows.get(at)
        path = known.get(at, "/")
        for one in reversed(chain):
            path = known[one] = f"{path}{one}/"
        changed.append(item(pk=pk, path=known[pk], sort_name=names.sort_key(called[pk])))
    shelf.items.bulk_update(changed, ["path", "sort_name"], 300)
