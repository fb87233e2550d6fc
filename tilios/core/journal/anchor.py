"""The newest seal of every chain, kept in a file of the data folder.

The chain proves that nothing was changed or taken out in its midst; only a witness outside the database shows that
its end was cut off, or that the whole of it was written anew.
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import transaction

from tilios.core.journal.models import Seal
from tilios.core.structures.models import Structure

Anchors = dict[str, dict[str, int | str]]


def path() -> Path:
    return settings.TILIOS_DATA / "journal" / "anchors.json"


def read() -> Anchors | None:
    """What the file remembers, by chain; None when there is no file. Raises ValueError when it is not readable."""
    try:
        found = json.loads(path().read_text("utf-8"))
    except FileNotFoundError:
        return None
    if not isinstance(found, dict):
        raise ValueError("not a list of anchors")
    return found


def name_of(structure: Structure | int | None) -> str:
    """The name of a chain in the file: the structure's number, or "instance"."""
    if structure is None:
        return "instance"
    return str(structure.pk if isinstance(structure, Structure) else structure)


def is_ahead(structure: Structure | None, last: Seal | None) -> bool:
    """Whether the file remembers a seal that the chain has lost: adding to such a chain would hide the loss."""
    try:
        kept = (read() or {}).get(name_of(structure))
    except ValueError:
        return True
    return kept is not None and int(kept["number"]) > (last.number if last else 0)


def keep_on_commit(seal: Seal) -> None:
    """Remember `seal` as the newest of its chain once its transaction is committed."""
    chain, number, value = name_of(seal.structure_id), seal.number, seal.hash

    def keep() -> None:
        def change(anchors: Anchors) -> None:
            if number >= int(anchors.get(chain, {}).get("number", 0)):
                anchors[chain] = {"number": number, "hash": value}

        _change(change)

    transaction.on_commit(keep)


def forget_on_commit(structure: Structure | int) -> None:
    """Forget the chain of a structure erased for good."""
    chain = name_of(structure)
    transaction.on_commit(lambda: _change(lambda anchors: anchors.pop(chain, None)))


def accept_present_ends() -> dict[str, dict[str, int | str]]:
    """Take every chain as it now ends, after the database was restored from a copy. What it forgot."""
    with _locked():
        try:
            before = read() or {}
        except ValueError:
            before = {}
        anchors: Anchors = {}
        for seal in Seal.objects.order_by("number").iterator():
            anchors[name_of(seal.structure_id)] = {"number": seal.number, "hash": seal.hash}
        _write(anchors)
    return {chain: kept for chain, kept in before.items() if anchors.get(chain) != kept}


def _change(change: Callable[[Anchors], object]) -> None:
    with _locked():
        anchors = read() or {}
        change(anchors)
        _write(anchors)


@contextmanager
def _locked() -> Iterator[None]:
    """One process at a time reads and writes the file."""
    folder = path().parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder / "lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _write(anchors: Anchors) -> None:
    """Whole or not at all: temporary file, fsync, rename."""
    target = path()
    fresh = target.with_suffix(".new")
    handle = os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(anchors, file, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
