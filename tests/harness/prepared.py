"""Data folders and databases made once for a whole run of the tests, then copied: static files, demonstration."""

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
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

Tilios = Callable[..., str]
STATIC = "static"
#: What changes nothing of what is made: where a server is, whom it talks to, the pages that tests add.
NO_MATTER = {
    "TILIOS_DATA", "TILIOS_URL", "TILIOS_DATABASE_URL", "TILIOS_SENDFILE", "TILIOS_LMTP", "TILIOS_MAIL_DOMAIN",
    "DJANGO_SETTINGS_MODULE",
}  # fmt: skip


def fill(data: Path, environment: Mapping[str, str], *, demo: bool, tilios: Tilios) -> dict[str, Any]:
    """Make `data`, and the database of `environment`, what a first start would make of them, if `data` is new; what
    `tilios demo --json` printed, if it ran.
    """
    database = environment.get("TILIOS_DATABASE_URL", "")
    if demo and not any(data.iterdir()):
        made = _made(environment, "demo", tilios)
        shutil.copytree(made / "data", data, dirs_exist_ok=True)
        if database:
            _replace(database, _template(database, environment))
        return dict(json.loads((made / "printed").read_text("utf-8")))
    if not (data / STATIC).exists():
        made = _made({**environment, "TILIOS_DATABASE_URL": ""}, "empty", tilios)
        shutil.copytree(made / "data" / STATIC, data / STATIC)
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
            database = environment.get("TILIOS_DATABASE_URL", "")
            if database:
                database = _template(database, environment)
                _replace(database, "")
            own = {**environment, "TILIOS_DATA": str(folder / "data"), "TILIOS_DATABASE_URL": database}
            printed = tilios(*command, environment=own)
            (folder / "printed").write_text(printed, "utf-8")
    return folder


def _template(database: str, environment: Mapping[str, str]) -> str:
    """The address of the database that those of servers are copies of, beside `database`."""
    return urlsplit(database)._replace(path=f"/prepared_{_digest(environment)}").geturl()


def _replace(database: str, template: str) -> None:
    """Make the PostgreSQL database at this address a copy of the one at `template`, or an empty one."""
    name, of = (sql.Identifier(urlsplit(one).path[1:] or "template1") for one in (database, template))
    with psycopg.connect(urlsplit(database)._replace(path="/postgres").geturl(), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, of))


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
    """Of the settings that may change what is made, and of the server of the database."""
    names = sorted(name for name in environment if name.startswith(("TILIOS_", "DJANGO_")) and name not in NO_MATTER)
    parts = urlsplit(environment.get("TILIOS_DATABASE_URL", ""))
    known = [(name, environment[name]) for name in names], parts.netloc, parts.query
    return hashlib.sha256(repr(known).encode()).hexdigest()[:16]
