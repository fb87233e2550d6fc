"""Data folders made once for a whole run of the tests, then copied: static files gathered, demonstration loaded."""

import atexit
import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

Tilios = Callable[..., str]
STATIC = "static"
OWN = {"TILIOS_DATA", "TILIOS_URL", "TILIOS_DATABASE_URL"}  # of each server


def fill(data: Path, environment: Mapping[str, str], *, demo: bool, tilios: Tilios) -> dict[str, Any]:
    """Make `data` what a first start would make of it, if it is new; what `tilios demo --json` printed, if it ran."""
    if demo and not environment.get("TILIOS_DATABASE_URL") and not any(data.iterdir()):
        made = _made(environment, "demo", tilios)
        shutil.copytree(made / "data", data, dirs_exist_ok=True)
        return dict(json.loads((made / "printed").read_text("utf-8")))
    if not (data / STATIC).exists():
        shutil.copytree(_made(environment, "empty", tilios) / "data" / STATIC, data / STATIC)
    return dict(json.loads(tilios("demo", "--json", environment=environment))) if demo else {}


def _made(environment: Mapping[str, str], what: str, tilios: Tilios) -> Path:
    """The folder with `data` and `printed`, for the settings of `environment`; made by whoever comes first."""
    folder = _shared() / f"{what}-{_digest(environment)}"
    with _alone():
        if not (folder / "printed").exists():
            shutil.rmtree(folder, ignore_errors=True)
            # What the one before gathered is gathered again only where it is not the same.
            before = next(_shared().glob(f"*/data/{STATIC}"), None)
            (folder / "data").mkdir(parents=True)
            if before is not None:
                shutil.copytree(before, folder / "data" / STATIC)
            command = ("demo", "--json") if what == "demo" else ("init",)
            own = {**environment, "TILIOS_DATA": str(folder / "data"), "TILIOS_DATABASE_URL": ""}
            printed = tilios(*command, environment=own)
            (folder / "printed").write_text(printed, "utf-8")
    return folder


@lru_cache
def _shared() -> Path:
    """Of the runs that `make test` makes, or of one run of the tests, or of this process alone (`bench`)."""
    if runs := os.environ.get("TILIOS_TEST_PREPARED"):
        return Path(runs)
    if run := os.environ.get("TILIOS_TEST_FOLDER"):
        return Path(run) / "prepared"
    folder = Path(tempfile.mkdtemp(prefix="tilios-prepared-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@contextmanager
def _alone() -> Iterator[None]:
    _shared().mkdir(parents=True, exist_ok=True)
    with (_shared() / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _digest(environment: Mapping[str, str]) -> str:
    """Of the settings that may change what is made."""
    names = sorted(name for name in environment if name.startswith(("TILIOS_", "DJANGO_")) and name not in OWN)
    return hashlib.sha256(repr([(name, environment[name]) for name in names]).encode()).hexdigest()[:16]
