"""The servers compared, each on a free port and a folder of its own: Hocuspocus, y-websocket, Tilios.

Hocuspocus and y-websocket ask who comes nothing. Tilios checks a ticket, a session and rights when somebody comes, and
again while they stay; it keeps who wrote what, and syncs each change to the disk before it is told.
"""

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.dav.peers import free_port, process
from bench.documents import filling
from bench.documents.wire import NOTHING_KNOWN, UPDATE, Line, Place
from tests.harness import programs
from tests.harness import server as harness

NODE = Path(__file__).parent / "node"


@dataclass
class Served:
    """A server, the process whose work is read, and how one comes to a text of its."""

    name: str
    pid: int
    begin: Callable[[bytes, int], list[str]]  # so many new texts that begin as an update says; their names
    places: Callable[..., list[Place]]  # so many people at each of the texts named, one after the other
    database: Path | None = None
    stored: str = ""  # the statement that gives what is stored
    tilios: harness.Server | None = None

    def has_stored(self, written: bytes) -> bool:
        """Whether `written` is committed, as another process sees it now."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=30)) as database:
            return any(written in row[0] for row in database.execute(self.stored))


def install() -> None:
    """The peers, from npm, by the lock file beside them (without addresses of a registry)."""
    programs.find("npm", package="npm")
    stamp, lock = NODE / "node_modules" / ".installed", (NODE / "package-lock.json").read_text("utf-8")
    if stamp.exists() and stamp.read_text("utf-8") == lock:
        return
    subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=NODE, check=True, stdout=subprocess.DEVNULL)
    stamp.write_text(lock, "utf-8")


def _peer(name: str, port: int, pid: int, *, named: bool, database: Path | None = None) -> Served:
    """A peer makes a text when somebody asks for its name."""
    names: list[str] = []

    def places(*texts: str, people: int) -> list[Place]:
        return [Place(port, f"/{text}", name=text if named else "") for _one in range(people) for text in texts]

    def begin(state: bytes, count: int) -> list[str]:
        texts = [f"text-{len(names) + index}" for index in range(count)]
        names.extend(texts)
        for text in texts if state else ():
            line = Line(places(text, people=1)[0])
            line.open()
            line.sync(UPDATE, state)
            line.sync(0, NOTHING_KNOWN)  # answered once what came before is in the text
            line.until(lambda message: len(message) > len(state) // 2)
            line.close()
        return texts

    return Served(name, pid, begin, places, database, 'SELECT data FROM "documents"')


@contextmanager
def hocuspocus(folder: Path, *, stores: bool) -> Iterator[Served]:
    """As its manual starts it; with its SQLite extension if it `stores`."""
    folder.mkdir()
    port, database = free_port(), folder / "texts.sqlite"
    command = [str(shutil.which("node")), "hocuspocus.mjs", str(port), *([str(database)] if stores else [])]
    name = "Hocuspocus, SQLite" if stores else "Hocuspocus, memory"
    with process(command, port, cwd=NODE) as pid:
        yield _peer(name, port, pid, named=True, database=database if stores else None)


@contextmanager
def y_websocket(folder: Path) -> Iterator[Served]:
    """The server that comes with y-websocket 2; it keeps texts in memory while somebody is there."""
    folder.mkdir()
    port = free_port()
    command = ["/usr/bin/env", f"PORT={port}", "HOST=127.0.0.1", str(shutil.which("node")),
               "node_modules/y-websocket/bin/server.cjs"]  # fmt: skip
    with process(command, port, cwd=NODE) as pid:
        yield _peer("y-websocket, memory", port, pid, named=False)


@contextmanager
def tilios(folder: Path) -> Iterator[Served]:
    """The whole server, as `tilios run` starts it, on SQLite: everybody at a text is a different member."""
    with harness.running(folder / "data", TILIOS_LOG_LEVEL="WARNING") as server:
        shell(server, filling.PEOPLE)
        port = int(server.url.rpartition(":")[2])

        def begin(state: bytes, count: int) -> list[str]:
            return shell(server, filling.TEXTS, STATE=state.hex(), COUNT=str(count)).split()

        def places(*texts: str, people: int) -> list[Place]:
            given = json.loads(shell(server, filling.TICKETS, TEXTS=" ".join(texts), COUNT=str(people)))
            return [Place(port, path, cookie=f"tilios_session={session}") for path, session in given]

        yield Served(
            "Tilios",
            server.process.pid,
            begin,
            places,
            server.data / "tilios.sqlite3",
            "SELECT data FROM documents_update",
            server,
        )


def shell(server: harness.Server, script: str, **given: str) -> str:
    """What `script` prints after "GIVES ", run in the shell of the server's data with `given` in its environment."""
    command = ["manage", "shell", "-v0", "-c", filling.FIRST + script]
    printed = harness.tilios(*command, environment={**server.environment, **given})
    return printed.rpartition("GIVES ")[2].strip()


def processor_s(pid: int) -> float:
    """Seconds of processor that the process has taken (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
