"""What goes wrong on a real server: lines cut, two senders at once, the process killed at any moment."""

import hashlib
import http.client
import os
import random
import re
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.harness import reception
from tests.harness import server as servers
from tilios.core.uploads.tests.conftest import described

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/s/{structure}/reception/"
TUS = {"Tus-Resumable": "1.0.0"}
BODY = TUS | {"Content-Type": "application/offset+octet-stream"}


class Sender:
    """Somebody signed in to a real server, who sends by hand."""

    def __init__(self, server: servers.Server) -> None:
        self.account = server.account("member")
        self.host = server.url.removeprefix("http://")
        self.cookies: dict[str, str] = {}
        form = {"login": self.account.email, "password": self.account.password}
        token = self.token("/compte/login/")
        body = "&".join(f"{key}={value.replace(' ', '+').replace('@', '%40')}" for key, value in form.items())
        headers = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": token}
        assert self.ask("POST", "/compte/login/", body.encode(), headers).status == 302
        page = self.ask("GET", PAGE.format(structure=self.account.structure)).content.decode()
        self.csrf = found(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        self.target = found(r'data-target="([^"]+)"', page)

    def token(self, url: str) -> str:
        return found(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.ask("GET", url).content.decode())

    def headers(self, more: dict[str, str] | None = None) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        token = {"X-CSRFToken": self.csrf} if hasattr(self, "csrf") else {}
        return {"Cookie": cookies, "Origin": f"http://{self.host}"} | token | (more or {})

    def ask(self, method: str, url: str, body: Any = b"", more: dict[str, str] | None = None) -> Any:
        line = http.client.HTTPConnection(self.host, timeout=60)
        line.request(method, url, body, self.headers(more))
        answer: Any = line.getresponse()
        answer.content = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _equals, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        line.close()
        return answer

    def create(self, length: int, name: str = "film.bin") -> str:
        said = described(filename=name, tool="polls", target=self.target)
        more = TUS | {"Upload-Length": str(length), "Upload-Metadata": said}
        answer = self.ask("POST", f"/s/{self.account.structure}/envois/", b"", more)
        assert answer.status == 201, answer.content
        return str(answer.headers["Location"])

    def offset(self, url: str) -> int:
        return int(self.ask("HEAD", url, more=TUS).headers["Upload-Offset"])

    def patch(self, url: str, offset: int, body: bytes) -> Any:
        return self.ask("PATCH", url, body, BODY | {"Upload-Offset": str(offset)})

    def start(self, url: str, offset: int, length: int) -> socket.socket:
        """A line on which a piece of `length` bytes is announced, and none sent yet."""
        host, _colon, port = self.host.partition(":")
        line = socket.create_connection((host, int(port)))
        headers = self.headers(BODY | {"Upload-Offset": str(offset), "Content-Length": str(length), "Host": self.host})
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        line.sendall(f"PATCH {url} HTTP/1.1\r\n{head}\r\n".encode())
        return line


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match, text[:2000]
    return match[1]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Server]:
    data = tmp_path_factory.mktemp("faults") / "data"
    with servers.running(data, DJANGO_SETTINGS_MODULE=reception.SETTINGS) as running:
        yield running


def until(condition: Any, within_s: float = 20) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_line_that_is_cut_keeps_what_arrived(server: servers.Server) -> None:
    sender = Sender(server)
    content = random.Random(1).randbytes(3_000_000)
    url = sender.create(len(content))
    line = sender.start(url, 0, len(content))
    line.sendall(content[:1_700_000])
    line.shutdown(socket.SHUT_WR)
    line.close()
    # uvicorn drops what it holds and has not handed over yet when a line goes: 64 KB, and what was on its way.
    until(lambda: 1_400_000 < sender.offset(url) <= 1_700_000)
    [partial] = (server.data / "blobs/tmp/partial").iterdir()
    until(lambda: partial.stat().st_mtime < time.time() - 1)
    offset = sender.offset(url)
    assert partial.read_bytes() == content[:offset]
    answer = sender.patch(url, offset, content[offset:])
    assert (answer.status, answer.headers["Upload-Offset"]) == (204, "3000000")
    sha256 = hashlib.sha256(content).hexdigest()
    assert (server.data / "blobs" / sha256[:2] / sha256[2:4] / sha256).read_bytes() == content


def test_two_senders_at_once_never_mix_their_bytes(server: servers.Server) -> None:
    """The same upload sent twice at the same moment, slowly: one of the two goes on, the other is told to ask again."""
    sender = Sender(server)
    content = random.Random(2).randbytes(4_000_000)
    url = sender.create(len(content), "deux.bin")
    statuses: list[int] = []

    def send() -> None:
        line = sender.start(url, 0, len(content))
        line.settimeout(20)
        try:
            for place in range(0, len(content), 200_000):
                line.sendall(content[place : place + 200_000])
                time.sleep(0.01)
        except OSError:
            pass  # refused before the end
        try:
            statuses.append(int(line.recv(4096).split(b" ")[1]))
        except (OSError, IndexError):
            statuses.append(0)
        line.close()

    threads = [threading.Thread(target=send) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 204 in statuses
    assert set(statuses) <= {204, 409, 0}
    assert sender.offset(url) == len(content)
    sha256 = hashlib.sha256(content).hexdigest()
    assert (server.data / "blobs" / sha256[:2] / sha256[2:4] / sha256).read_bytes() == content


def restarted(before: servers.Server) -> Any:
    return servers.running(before.data, demo=False, DJANGO_SETTINGS_MODULE=reception.SETTINGS)


def test_a_server_killed_at_any_moment_tells_the_truth_afterwards(tmp_path: Path) -> None:
    """Killed five times during one file, at moments nobody chose: it goes on each time where it stopped, and the file
    that arrives is the one that was sent, taken once."""
    chance = random.Random(os.urandom(8))
    content = random.Random(3).randbytes(24_000_000)
    sha256 = hashlib.sha256(content).hexdigest()
    data = tmp_path / "data"
    settings = {"DJANGO_SETTINGS_MODULE": reception.SETTINGS}
    with servers.running(data, **settings) as first:
        sender = Sender(first)
        url = sender.create(len(content))
        _send_until_killed(first, sender, url, content, chance)
        accounts, structures = first.accounts, first.structures
    for round_number in range(5):
        with restarted(first) as server:
            server.accounts, server.structures = accounts, structures
            sender.host = server.url.removeprefix("http://")
            offset = sender.offset(url)
            partial = next((data / "blobs/tmp/partial").iterdir(), None)
            if partial is not None:
                assert partial.read_bytes() == content[:offset]
            if round_number < 4:
                _send_until_killed(server, sender, url, content, chance)
                continue
            if offset < len(content):
                assert sender.patch(url, offset, content[offset:]).status == 204
            answer = sender.ask("GET", url)
            assert b'"state": "done"' in answer.content
            assert (
                hashlib.sha256((data / "blobs" / sha256[:2] / sha256[2:4] / sha256).read_bytes()).hexdigest() == sha256
            )
            assert not list((data / "blobs/tmp/partial").iterdir())
            server.tilios("verify")  # fails when bytes or rows are wrong


def _send_until_killed(server: servers.Server, sender: Sender, url: str, content: bytes, chance: random.Random) -> None:
    offset = sender.offset(url)
    if offset == len(content):
        server.kill()
        return
    line = sender.start(url, offset, len(content) - offset)
    stop = min(len(content), offset + chance.randrange(1, 6_000_000))
    try:
        while offset < stop:
            sent = content[offset : min(stop, offset + 100_000)]
            line.sendall(sent)
            offset += len(sent)
        time.sleep(chance.random() * 0.05)
    finally:
        server.kill()
        line.close()
