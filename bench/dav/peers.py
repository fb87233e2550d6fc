"""The servers compared, each on a free port of this machine and a folder of its own: Apache mod_dav, wsgidav, Tilios.

Apache (Debian's apache2-bin) and wsgidav (with cheroot) ask for no password and write no log; Tilios checks its app
password at each request, journals what is written and syncs it to the disk: that is the product.
"""

import base64
import os
import pwd
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.harness import programs
from tests.harness import server as servers

START_WITHIN_S = 20
APACHE = """
ServerRoot {folder}
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
PidFile {folder}/pid
ErrorLog {folder}/error.log
LogLevel crit
DocumentRoot {folder}/files
{modules}
DavLockDB {folder}/locks
EnableSendfile On
Timeout 600
KeepAlive On
MaxKeepAliveRequests 0
KeepAliveTimeout 600
TypesConfig /etc/mime.types
<Directory {folder}/files>
  Dav On
  DavDepthInfinity On
  Require all granted
</Directory>
"""
MODULES = ("mpm_event", "authz_core", "mime", "dav", "dav_fs")
FILL = """
from tilios.core.access import app_passwords
from tilios.core.people.models import Person
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.tools.files.actions.spaces import open_spaces
fabrique = Structure.objects.get(slug="la-fabrique")
if "files" not in fabrique.enabled_tools:
    fabrique.enabled_tools = [*fabrique.enabled_tools, "files"]
    fabrique.save()
with scope(fabrique):
    alice = Person.objects.get(email__startswith="alice@")
    alice.structure = fabrique
    open_spaces(alice)
password = app_passwords.create(account=alice.account, scope="files", label="bench")[1]
print("LOGIN", alice.account.email, password)
"""
#: Puts {count} files in a folder of everybody's space, straight in the tables.
ENTRIES = """
import io
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from tilios.core.blobs import actions as blobs
from tilios.core.people.models import Person
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.tools.files.actions import writing
from tilios.tools.files.actions.spaces import open_spaces
from tilios.tools.files.models import Item, Space
fabrique = Structure.objects.get(slug="la-fabrique")
with scope(fabrique):
    alice = Person.objects.get(email__startswith="alice@")
    alice.structure = fabrique
    rights = open_spaces(alice)
    root = Item.objects.get(space=Space.COMMON)
    folder = writing.make_folder(by=alice, rights=rights, parent=root, name="{name}")
    blob = blobs.store(io.BytesIO(b"x" * 100), name="a.txt")
    rows = [
        Item(parent=folder, ruler_id=folder.ruler_id, name=f"document {{number:05}}.txt", blob=blob, size=100 + number,
             media_type="text/plain", author=alice, editor=alice, modified_ms=1_700_000_000_000 + 61_000 * number)
        for number in range({count})
    ]
    Item.objects.bulk_create(rows, 1000)
    path = Concat(Value(folder.path), Cast("pk", CharField()), Value("/"))
    Item.objects.filter(parent=folder).update(path=path)
"""


@dataclass
class Peer:
    """A server to talk to: where, as whom, and the process whose memory is read."""

    name: str
    port: int
    path: str  # of the collection to work in, with its slash
    pid: int
    headers: dict[str, str] = field(default_factory=dict)
    files: Path | None = None  # the folder served, of servers that serve one
    tilios: servers.Server | None = None

    def fill(self, name: str, count: int) -> None:
        """A folder called `name` with `count` small files."""
        if self.tilios is not None:
            self.tilios.tilios("manage", "shell", "-v0", "-c", ENTRIES.format(name=name, count=count))
            return
        assert self.files is not None
        folder = self.files / name
        folder.mkdir()
        for number in range(count):
            path = folder / f"document {number:05}.txt"
            path.write_bytes(b"x" * 100)
            moment = 1_700_000_000 + 61 * number
            os.utime(path, (moment, moment))
        _give(folder)


def runs_as_root() -> bool:
    return os.geteuid() == 0


def _nobody() -> pwd.struct_passwd | None:
    return pwd.getpwnam("nobody") if runs_as_root() else None


def _give(folder: Path) -> None:
    """Apache does not run as root, so what it serves is not root's."""
    if user := _nobody():
        for path in (folder, *folder.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def process(command: list[str], port: int, *, user: pwd.struct_passwd | None = None, cwd: Path) -> Iterator[int]:
    """Run `command` until the end of the block, once it answers on `port`; its process number."""
    identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    quiet = subprocess.DEVNULL
    running = subprocess.Popen(command, cwd=cwd, stdin=quiet, stdout=quiet, stderr=quiet, **identity)  # type: ignore[call-overload]
    try:
        deadline = time.monotonic() + START_WITHIN_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                if running.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"{command[0]} did not start") from None
                time.sleep(0.05)
        yield running.pid
    finally:
        running.terminate()
        running.wait()


@contextmanager
def apache(folder: Path) -> Iterator[Peer]:
    """mod_dav on a folder, with its own configuration; nothing of /etc/apache2 is read."""
    binary = programs.find("apache2", package="apache2-bin", folders=("/usr/sbin",))
    port = free_port()
    (folder / "files").mkdir(parents=True)
    modules = "\n".join(f"LoadModule {one}_module /usr/lib/apache2/modules/mod_{one}.so" for one in MODULES)
    configuration = folder / "apache.conf"
    configuration.write_text(APACHE.format(folder=folder, port=port, modules=modules), "ascii")
    _give(folder)
    command = [str(binary), "-f", str(configuration), "-DFOREGROUND"]
    with process(command, port, user=_nobody(), cwd=folder) as pid:
        yield Peer("Apache mod_dav", port, "/", pid, files=folder / "files")


@contextmanager
def wsgidav(folder: Path) -> Iterator[Peer]:
    """wsgidav as its own command serves it, by cheroot."""
    port = free_port()
    (folder / "files").mkdir(parents=True)
    command = [shutil.which("wsgidav", path=str(Path(sys.executable).parent)) or "wsgidav", "--no-config", "-q",
               "--host", "127.0.0.1", "--port", str(port), "--root", str(folder / "files"),
               "--auth", "anonymous", "--server", "cheroot"]  # fmt: skip
    with process(command, port, cwd=folder) as pid:
        yield Peer("wsgidav", port, "/", pid, files=folder / "files")


@contextmanager
def tilios(folder: Path, name: str = "Tilios", **settings: str) -> Iterator[Peer]:
    """The whole server, as `tilios run` starts it, on SQLite unless `settings` say otherwise."""
    with servers.running(folder / "data", TILIOS_LOG_LEVEL="WARNING", **settings) as server:
        printed = server.tilios("manage", "shell", "-v0", "-c", FILL)
        email, password = printed.split("LOGIN ")[1].split()[:2]
        login = base64.b64encode(f"{email}:{password}".encode()).decode()
        port = int(server.url.rpartition(":")[2])
        yield Peer(name, port, "/dav/files/la-fabrique/Commun/", server.process.pid,
                   headers={"Authorization": f"Basic {login}"}, tilios=server)  # fmt: skip
