"""The servers compared, each on a free port of this machine: Radicale as its own command serves it, Tilios.

Radicale asks for no password; Tilios checks its app password, keeps the journal and the search, and syncs to the disk.
"""

import base64
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from bench.dav.peers import free_port, process
from tests.harness import server as servers

LOGIN = """
from tilios.core.access import app_passwords
from tilios.core.people.models import Person
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
fabrique = Structure.objects.get(slug="la-fabrique")
if "agenda" not in fabrique.enabled_tools:
    fabrique.enabled_tools = [*fabrique.enabled_tools, "agenda"]
    fabrique.save()
with scope(fabrique):
    alice = Person.objects.get(email__startswith="alice@")
print("LOGIN", alice.account.email, app_passwords.create(account=alice.account, scope="phone", label="bench")[1])
"""
#: Puts the events straight in the tables, as many PUTs would.
FILL = """
from bench.calendars.events import event, name
from tilios.core.people.models import Person
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.kit import ical
from tilios.tools.agenda.actions.entries import fill
from tilios.tools.agenda.zones import zone_of
from tilios.tools.agenda.models import Entry, Item
fabrique = Structure.objects.get(slug="la-fabrique")
with scope(fabrique):
    alice = Person.objects.get(email__startswith="alice@")
    calendar = Item.objects.get(address="{address}", nature="calendar")
    rows = []
    for number in range({count}):
        entry = Entry(calendar=calendar, name=name(number), author=alice, number=number + 2)
        fill(entry, ical.facts(event(number), zone=zone_of(calendar)), event(number).decode())
        rows.append(entry)
    Entry.objects.bulk_create(rows, 1000)
    Item.objects.filter(pk=calendar.pk).update(number={count} + 2)
"""


@dataclass(frozen=True)
class Peer:
    """A server to talk to: where its calendar is, and as whom one comes."""

    name: str
    port: int
    home: str  # the collection in which calendars are made
    address: str  # the calendar worked in
    pid: int
    headers: dict[str, str] = field(default_factory=dict)
    tilios: servers.Server | None = None
    files: Path | None = None  # where Radicale keeps its calendars

    @property
    def path(self) -> str:
        return f"{self.home}{self.address}/"

    def calendar(self, address: str) -> "Peer":
        return replace(self, address=address)


@contextmanager
def radicale(folder: Path) -> Iterator[Peer]:
    """Radicale with its files on the disk, without login."""
    port = free_port()
    folder.mkdir(parents=True)
    command = [sys.executable, "-m", "radicale", "--config", "", "--server-hosts", f"127.0.0.1:{port}",
               "--storage-filesystem-folder", str(folder), "--auth-type", "none"]  # fmt: skip
    with process(command, port, cwd=folder) as pid:
        yield Peer("Radicale", port, "/bench/", "calendar", pid, {"Authorization": "Basic YmVuY2g6"},
                   files=folder / "collection-root" / "bench")  # fmt: skip


@contextmanager
def tilios(folder: Path) -> Iterator[Peer]:
    """The whole server, as `tilios run` starts it, on SQLite."""
    with servers.running(folder / "data", TILIOS_LOG_LEVEL="WARNING") as server:
        email, password = server.tilios("manage", "shell", "-v0", "-c", LOGIN).split("LOGIN ")[1].split()[:2]
        login = base64.b64encode(f"{email}:{password}".encode()).decode()
        port = int(server.url.rpartition(":")[2])
        yield Peer("Tilios", port, "/dav/calendars/la-fabrique/", "calendar", server.process.pid,
                   {"Authorization": f"Basic {login}"}, server)  # fmt: skip
