"""A server killed while files come in: what was answered is there, nothing half there, and `tilios verify` agrees."""

import hashlib
import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.doors.test_crowd import database as database  # a database of this test's own, on either kind
from tests.harness import programs
from tests.harness import server as servers
from tests.harness.webdav import Client

UPLOADS = 20
ROUNDS = 2
WRITES = "fsync,fdatasync,rename,renameat2,mkdir,unlink,pwrite64,write"
CUTS = 30

#: Prints the name and password of Alice's program.
LOGIN = """
from tilios.core.access import app_passwords
from tilios.core.people.models import Person
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
fabrique = Structure.objects.get(slug="la-fabrique")
if "files" not in fabrique.enabled_tools:
    fabrique.enabled_tools = [*fabrique.enabled_tools, "files"]
    fabrique.save()
with scope(fabrique):
    account = Person.objects.get(email__startswith="alice@").account
print("LOGIN", account.email, app_passwords.create(account=account, scope="files", label="test")[1])
"""
#: Prints the files of the common space with the SHA-256 of what can be read of each, after the collection of all that
#: nothing points at; then how many files are left on the disk beside those.
STATE = """
import hashlib, json, sys
from datetime import timedelta
from tilios.core.blobs import actions
from tilios.core.blobs.models import Blob
from tilios.core.blobs.storage import blob_storage
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.tools.files.models import Item, Usage, Version

def look():
    actions.collect(timedelta(0))
    actions.collect(timedelta(0))
    found = {}
    for item in Item.objects.filter(is_folder=False, in_trash=False).select_related("blob"):
        with item.blob.open() as file:
            content = file.read()
        assert len(content) == item.size == item.blob.size, item.name
        assert hashlib.sha256(content).hexdigest() == item.blob.sha256, item.name
        found[item.name] = item.blob.sha256
    sizes = [*Item.objects.values_list("size", flat=True), *Version.objects.values_list("size", flat=True)]
    assert sum(sizes) == sum(Usage.objects.filter(person=None).values_list("used", flat=True))
    kept = {path.name for path in blob_storage().root.glob("??/??/*")}
    assert kept == set(Blob.objects.values_list("sha256", flat=True)), kept
    return found

for line in sys.stdin:
    with scope(Structure.objects.get(slug="la-fabrique")):
        print("STATE", json.dumps(look()), flush=True)
"""
#: Has the whole application at hand; for each line, a copy of this process that waits for another line, then makes one
#: PUT. Prints the number of the copy, the status that it answers, and its end.
PUT = """
import io, os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tilios.config.settings")
from tilios.config.wsgi import application
from tilios.portal.checks import load_all
load_all()

def put(name, content):
    environ = {
        "REQUEST_METHOD": "PUT", "SCRIPT_NAME": "", "PATH_INFO": f"/dav/files/la-fabrique/Commun/{name}",
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "HTTP_HOST": "127.0.0.1", "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1", "HTTP_AUTHORIZATION": sys.argv[1], "CONTENT_LENGTH": str(len(content)),
        "wsgi.input": io.BytesIO(content), "wsgi.url_scheme": "http", "wsgi.errors": sys.stderr,
    }
    status = []
    body = application(environ, lambda line, headers, error=None: status.append(line))
    answered = b"".join(body)
    body.close()
    os.write(1, f"STATUS {status[0][:3]}\\n".encode())

for line in sys.stdin:
    wait, go = os.pipe()
    copy = os.fork()
    if not copy:
        os.read(wait, 1)
        put("old.txt", line.strip().encode())
        os._exit(0)
    print("COPY", copy, flush=True)
    sys.stdin.readline()
    os.write(go, b"!")
    print("END", os.waitpid(copy, 0)[1], flush=True)
    os.close(wait), os.close(go)
"""


def client_of(server: servers.Server) -> Client:
    email, password = server.tilios("manage", "shell", "-v0", "-c", LOGIN).split("LOGIN ")[1].split()[:2]
    return Client(int(server.url.rpartition(":")[2]), email, password, "/dav/files/la-fabrique/Commun/", timeout_s=60)


@contextmanager
def looking(environment: dict[str, str]) -> Iterator[Callable[[], dict[str, str]]]:
    """A process that tells names and SHA-256 of what is there when it is asked, or dies when anything is half there."""
    command = [sys.executable, "-m", "tilios.config.command", "manage", "shell", "-v0", "-c", STATE]
    with subprocess.Popen(
        command, cwd=servers.ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout

        def look() -> dict[str, str]:
            assert process.stdin
            assert process.stdout
            process.stdin.write("\n")
            process.stdin.flush()
            line = process.stdout.readline()
            assert line.startswith("STATE "), "something is half there: see the error printed"
            return json.loads(line.removeprefix("STATE "))

        yield look
        process.stdin.close()
        process.wait(20)


@contextmanager
def putting(environment: dict[str, str], client: Client) -> Iterator[Callable[[str, int | None], list[str]]]:
    """`put(content, cut)`: one PUT of old.txt, killed before write `cut` to the disk, or not; what its process said."""
    strace = programs.find("strace", package="strace")
    command = [sys.executable, "-B", "-c", PUT, client.authorization]
    with subprocess.Popen(
        command, cwd=servers.ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout

        def tell(line: str) -> None:
            assert process.stdin
            process.stdin.write(f"{line}\n")
            process.stdin.flush()

        def put(content: str, cut: int | None) -> list[str]:
            assert process.stdout
            tell(content)
            copy = process.stdout.readline().removeprefix("COPY ").strip()
            inject = ["-e", f"inject={WRITES}:signal=KILL:when={cut}"] if cut else []
            asked = [str(strace), "-f", "-o", "/dev/null", "-e", f"trace={WRITES}", *inject, "-p", copy]
            with subprocess.Popen(asked, stderr=subprocess.PIPE, text=True) as tracer:
                assert tracer.stderr
                assert "attached" in tracer.stderr.readline()
                tell("go")
                said = [process.stdout.readline().strip()]
                while not said[-1].startswith("END "):
                    said.append(process.stdout.readline().strip())
            return said

        yield put
        process.stdin.close()
        process.wait(20)


@pytest.mark.slow
def test_twenty_uploads_and_a_power_cut(tmp_path: Path, database: dict[str, str]) -> None:
    data = tmp_path / "data"
    with servers.running(data, **database) as server:
        login = client_of(server)
    answered: dict[str, bytes] = {}
    sent: dict[str, set[str]] = {}
    for cut in range(ROUNDS):
        with servers.running(data, demo=False, **database) as server:
            client = Client(int(server.url.rpartition(":")[2]), login.email, login.password, login.base)
            enough = threading.Event()

            def upload(number: int, client: Client = client, cut: int = cut, enough: threading.Event = enough) -> None:
                for turn in range(200):
                    if enough.is_set():
                        return
                    name = f"{number}.bin"
                    content = os.urandom(40_000) + f"{cut} {turn}".encode()
                    sent.setdefault(name, set()).add(hashlib.sha256(content).hexdigest())
                    try:
                        if client.put(name, content).status in {201, 204}:
                            answered[name] = content
                    except (OSError, http.client.HTTPException):
                        return

            with ThreadPoolExecutor(UPLOADS) as crowd:
                running = [crowd.submit(upload, number) for number in range(UPLOADS)]
                time.sleep(3 + cut)
                server.kill()
                enough.set()
                for one in running:
                    one.result()
        with looking(server.environment) as look:
            found = look()
        assert set(answered) <= set(found)
        for name in (name for name in found if name.endswith(".bin")):  # beside those of the demonstration
            assert found[name] in sent[name], f"{name} is nothing that was sent"
        server.tilios("verify")
    assert len(answered) > UPLOADS // 2, "too few were answered for the cut to show anything"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], Client]:
    """A data folder with one file, on SQLite whose writes are this process's own; its environment and a client."""
    with servers.running(tmp_path_factory.mktemp("cuts") / "data", TILIOS_DATABASE_URL="") as server:
        client = client_of(server)
        assert client.put("old.txt", b"old").status == 201
    return server.environment, client


@pytest.mark.slow
def test_a_power_cut_at_each_of_the_first_writes_of_an_upload(prepared: tuple[dict[str, str], Client]) -> None:
    """Killed before the first write to the disk, before the second…, then not at all: every time all or nothing."""
    environment, client = prepared
    killed = 0
    with looking(environment) as look, putting(environment, client) as put:
        start = before = look()
        for cut in [*range(1, CUTS + 1), None]:
            content = f"content {cut}"
            wanted = hashlib.sha256(content.encode()).hexdigest()
            said = put(content, cut)
            killed += "END 0" not in said
            found = look()
            assert found["old.txt"] in {before["old.txt"], wanted}
            if "STATUS 204" in said:
                assert found["old.txt"] == wanted, f"answered and lost, killed at write {cut}"
            before = found
    assert killed > CUTS // 2, "the upload was over before it was killed"
    assert found == start | {"old.txt": wanted}
    servers.tilios("verify", environment=environment)
