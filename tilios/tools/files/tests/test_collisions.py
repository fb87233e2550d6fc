"""Many at once, slow ones, those who leave half-way: one wins, and nobody ever reads half a file."""

import os
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from tests.harness.webdav import Client
from tilios.core.blobs.models import Blob
from tilios.core.dav.models import Lock
from tilios.core.structures.scope import scope
from tilios.tools.files.models import Item, Version

MANY = 12
ROUNDS = int(os.environ.get("TILIOS_TEST_ROUNDS", "8"))  # a thousand by hand: docs/performance.md
LOCK = (
    '<D:lockinfo xmlns:D="DAV:"><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype>'
    "</D:lockinfo>"
)


@pytest.fixture
def bob(dav: SimpleNamespace) -> Client:
    return dav.client("bob", "Commun/")


def test_of_twelve_at_once_exactly_one_wins_every_round(dav: SimpleNamespace, bob: Client) -> None:
    with ThreadPoolExecutor(MANY) as crowd:
        for number in range(ROUNDS):
            name = f"{number}.txt"
            made = list(
                crowd.map(lambda one, name=name: bob.put(name, f"{one}", If_None_Match="*").status, range(MANY))
            )
            assert sorted(made) == [201, *[412] * (MANY - 1)]
            winner = made.index(201)
            answer = bob.get(name)
            assert answer.content == f"{winner}".encode()
            etag = answer.headers["ETag"]
            written = list(
                crowd.map(lambda one, n=name, e=etag: bob.put(n, f"again {one}", If_Match=e).status, range(MANY))
            )
            assert sorted(written) == [204, *[412] * (MANY - 1)]
            assert bob.get(name).content == f"again {written.index(204)}".encode()
    with scope(dav.cast.fabrique):
        assert Version.objects.count() == ROUNDS


def test_of_twelve_who_make_a_folder_or_move_to_one_name_one_wins(bob: Client) -> None:
    with ThreadPoolExecutor(MANY) as crowd:
        made = list(crowd.map(lambda _one: bob.ask("MKCOL", "a").status, range(MANY)))
        assert sorted(made) == [201, *[405] * (MANY - 1)]
        for number in range(MANY):
            bob.put(f"{number}.txt", f"{number}")
        to = bob.base + "b.txt"
        moved = list(
            crowd.map(lambda one: bob.ask("MOVE", f"{one}.txt", Destination=to, Overwrite="F").status, range(MANY))
        )
        assert sorted(moved) == [201, *[412] * (MANY - 1)]


def test_an_overwrite_cut_half_way_leaves_the_old_file_whole(dav: SimpleNamespace, bob: Client) -> None:
    bob.put("a.bin", b"old" * 1000)
    before = Blob.objects.count()
    for head, part in (
        ("Content-Length: 3000000\r\n", b"new" * 100_000),
        ("Transfer-Encoding: chunked\r\n", b"3\r\nnew\r\n"),
    ):
        with socket.create_connection(("127.0.0.1", dav.port)) as line:
            start = f"PUT {bob.path('a.bin')} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            start += f"Authorization: {bob.authorization}\r\n{head}\r\n"
            line.sendall(start.encode() + part)
            line.shutdown(socket.SHUT_WR)
            line.settimeout(10)
            try:
                while line.recv(4096):
                    pass
            except OSError:
                pass
        assert bob.get("a.bin").content == b"old" * 1000
    assert Blob.objects.count() == before


def test_a_reader_during_a_slow_overwrite_has_the_old_file_whole(dav: SimpleNamespace, bob: Client) -> None:
    old, new = os.urandom(300_000), os.urandom(300_000)
    bob.put("a.bin", old)
    half_sent, go_on = threading.Event(), threading.Event()

    def slowly():
        yield new[:150_000]
        half_sent.set()
        go_on.wait(20)
        yield new[150_000:]

    with ThreadPoolExecutor(1) as aside:
        writing = aside.submit(bob.ask, "PUT", "a.bin", slowly(), Content_Length=str(len(new)))
        try:
            assert half_sent.wait(20)
            during = bob.get("a.bin")
        finally:
            go_on.set()
        assert during.content == old
        assert writing.result().status == 204
    assert bob.get("a.bin").content == new


def test_what_is_being_read_stays_whole_when_it_is_overwritten_and_collected(dav: SimpleNamespace, bob: Client) -> None:
    old = os.urandom(8_000_000)
    bob.put("a.bin", old)
    line = bob.line()
    line.request("GET", bob.path("a.bin"), headers={"Authorization": bob.authorization})
    answer = line.getresponse()
    start = answer.read(1000)
    bob.put("a.bin", b"new")
    assert start + answer.read() == old
    line.close()


def test_a_lock_left_behind_expires(dav: SimpleNamespace, bob: Client) -> None:
    alice = dav.client("alice", "Commun/")
    bob.put("a.txt", b"a")
    assert bob.ask("LOCK", "a.txt", LOCK, Timeout="Second-600").status == 200
    for method in ("PUT", "DELETE"):
        assert alice.ask(method, "a.txt").status == 423
    with scope(dav.cast.fabrique):
        Lock.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert alice.put("a.txt", b"b").status == 204
    assert alice.ask("LOCK", "a.txt", LOCK).status == 200
    with scope(dav.cast.fabrique):
        assert Lock.objects.count() == 1


def test_a_lock_taken_while_bytes_come_in_keeps_them_out(dav: SimpleNamespace, bob: Client) -> None:
    alice = dav.client("alice", "Commun/")
    bob.put("a.txt", b"old")
    half_sent, go_on = threading.Event(), threading.Event()

    def slowly():
        yield b"ne"
        half_sent.set()
        go_on.wait(20)
        yield b"w"

    with ThreadPoolExecutor(1) as aside:
        writing = aside.submit(bob.ask, "PUT", "a.txt", slowly(), Content_Length="3")
        try:
            assert half_sent.wait(20)
            assert alice.ask("LOCK", "a.txt", LOCK).status == 200
        finally:
            go_on.set()
        assert writing.result().status == 423
    assert alice.get("a.txt").content == b"old"
    with scope(dav.cast.fabrique):
        assert not Item.objects.get(name="a.txt").versions.exists()
