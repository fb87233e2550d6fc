"""What follows a thing hears of its changes, through a real server, and nothing else."""

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.db import connection, transaction

from tests.cast import Cast
from tests.harness.inside import serving
from tilios.core import live
from tilios.core.live import announcing
from tilios.core.live.hub import Hub
from tilios.core.structures.scope import OutOfScope, scope

WITHIN_S = 10


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """The ASGI application of Tilios, served by uvicorn in this process: `open(path)` gives an answer to read."""
    ours = Hub()
    for module in ("tilios.core.live.announcing.hub", "tilios.core.live.streaming.hub"):
        monkeypatch.setattr(module, ours)
    connections: list[http.client.HTTPConnection] = []
    with serving() as port:

        def open_(path: str, method: str = "GET") -> http.client.HTTPResponse:
            connections.append(http.client.HTTPConnection("127.0.0.1", port, timeout=WITHIN_S))
            connections[-1].request(method, path)
            return connections[-1].getresponse()

        yield SimpleNamespace(open=open_, hub=ours)
        ours.close()
        for one in connections:
            one.close()


def wait_for(true: object) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not true():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.02)


def next_event(answer: http.client.HTTPResponse) -> bytes:
    """The next line that names an event, beats passed over."""
    while line := answer.readline():
        if line.startswith(b"event:"):
            return line.strip()
    return b""


def settle(door: SimpleNamespace, answer: http.client.HTTPResponse) -> None:
    """Once the stream is open. On PostgreSQL the ear opens with it, and says so: what came before was not heard."""
    wait_for(lambda: door.hub.streams)
    if connection.vendor == "postgresql":
        assert next_event(answer)


@pytest.mark.django_db(transaction=True)
def test_a_change_is_heard_once_it_is_stored(cast: Cast, door: SimpleNamespace) -> None:
    with scope(cast.fabrique):
        answer = door.open(announcing.address("polls.poll", 7))
        assert answer.status == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        heard_at: list[float] = []
        listening = threading.Thread(target=lambda: heard_at.append(time.monotonic()) if next_event(answer) else None)
        settle(door, answer)
        listening.start()
        with transaction.atomic():
            live.announce("polls.poll", 7)
            time.sleep(0.5)
            assert not heard_at
            stored_at = time.monotonic()
        listening.join(WITHIN_S)
    assert heard_at
    assert heard_at[0] >= stored_at


@pytest.mark.django_db(transaction=True)
def test_what_is_undone_and_what_is_elsewhere_is_not_heard(cast: Cast, door: SimpleNamespace) -> None:
    with scope(cast.fabrique):
        answer = door.open(announcing.address("polls.poll", 7))
    settle(door, answer)
    with scope(cast.fabrique):
        with transaction.atomic():
            live.announce("polls.poll", 7)
            transaction.set_rollback(True)
        live.announce("polls.poll", 8)
        live.announce("other.poll", 7)
    with scope(cast.atelier):
        live.announce("polls.poll", 7)
    answer.fp.raw._sock.settimeout(1)  # type: ignore[union-attr]
    with pytest.raises(TimeoutError):
        next_event(answer)


@pytest.mark.django_db(transaction=True)
def test_what_belongs_to_no_structure_is_heard_from_outside_any(door: SimpleNamespace) -> None:
    answer = door.open(announcing.address("reading", 7, shared=True))
    settle(door, answer)
    live.announce("reading", 7, shared=True)
    assert next_event(answer) == b"event: changed"


def test_an_altered_or_old_address_opens_nothing(cast: Cast, door: SimpleNamespace, monkeypatch) -> None:
    with scope(cast.fabrique):
        good = announcing.address("polls.poll", 7)
    assert door.open(good[:-1] + ("A" if good[-1] != "A" else "B")).status == 404
    assert door.open("/direct/").status == 404
    assert door.open(good, "POST").status == 405
    monkeypatch.setattr(announcing, "AGE_S", -1)
    assert door.open(good).status == 404


def test_too_many_streams_are_refused_and_the_stop_ends_them(cast: Cast, door: SimpleNamespace, monkeypatch) -> None:
    monkeypatch.setattr("tilios.core.live.streaming.MOST_STREAMS", 1)
    with scope(cast.fabrique):
        address = announcing.address("polls.poll", 7)
    first = door.open(address)
    settle(door, first)
    assert door.open(address).status == 503
    door.hub.close()
    assert next_event(first) == b""


def test_whoever_leaves_is_forgotten(cast: Cast, door: SimpleNamespace) -> None:
    with scope(cast.fabrique):
        answer = door.open(announcing.address("polls.poll", 7))
    wait_for(lambda: door.hub.streams)
    answer.fp.raw._sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]
    wait_for(lambda: not door.hub.streams)


@pytest.mark.django_db
def test_nothing_is_announced_or_addressed_outside_a_structure() -> None:
    with pytest.raises(OutOfScope):
        live.announce("polls.poll", 7)
    with pytest.raises(OutOfScope):
        announcing.address("polls.poll", 7)
