"""What goes from the loop to the threads and back, over a real line."""

import http.client
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.harness.inside import listening
from tilios.config.passage import SMALL, Passage

WITHIN_S = 10


class Answer:
    """What Django's answers have that a server looks at."""

    def __init__(self, parts: Any, *, streaming: bool = False) -> None:
        self.parts, self.streaming, self.closed = parts, streaming, threading.Event()

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.parts)

    def close(self) -> None:
        self.closed.set()


@contextmanager
def application(view: Callable[[dict[str, Any]], Answer], *, threads: int = 2) -> Iterator[http.client.HTTPConnection]:
    def answer(environ: dict[str, Any], start: Any) -> Answer:
        made = view(environ)
        start("200 OK", [("Content-Type", "text/plain"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
        return made

    with listening(Passage(answer, threads)) as port:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=WITHIN_S)
        yield line
        line.close()


def echo(environ: dict[str, Any]) -> Answer:
    return Answer([environ["REQUEST_METHOD"].encode(), b" ", environ["wsgi.input"].read()])


def test_a_form_and_its_answer() -> None:
    with application(echo) as line:
        line.request("POST", "/page?a=1", b"nom=Camille")
        answer = line.getresponse()
        assert (answer.status, answer.read()) == (200, b"POST nom=Camille")
        assert answer.headers.get_all("set-cookie") == ["a=1", "b=2"]
        line.request("GET", "/")
        assert line.getresponse().read() == b"GET "


def test_a_long_body_and_one_of_no_said_length_are_read_by_whoever_answers() -> None:
    long = b"x" * (3 * SMALL)
    with application(echo) as line:
        line.request("PUT", "/", long)
        assert line.getresponse().read() == b"PUT " + long
        line.request("PUT", "/", iter([b"un", b"deux"]), encode_chunked=True)
        assert line.getresponse().read() == b"PUT undeux"


def test_whoever_sends_slowly_holds_no_thread() -> None:
    with application(echo, threads=1) as line, socket.create_connection((line.host, line.port), WITHIN_S) as slow:
        slow.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nle")
        line.request("GET", "/")
        assert line.getresponse().read() == b"GET "
        slow.sendall(b"nt")
        assert b"POST lent" in slow.recv(4096)


def test_whoever_asks_first_is_not_told_to_go_on_before_somebody_reads() -> None:
    with application(lambda environ: Answer([b"non"])) as line:
        asking = socket.create_connection((line.host, line.port), WITHIN_S)
        asking.sendall(b"PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
        assert asking.recv(4096).startswith(b"HTTP/1.1 200 ")
        asking.close()


def test_what_streams_comes_as_it_is_made() -> None:
    seen, made = threading.Event(), []

    def parts() -> Iterator[bytes]:
        yield b"premier"
        assert seen.wait(WITHIN_S)
        yield b"second"

    def view(environ: dict[str, Any]) -> Answer:
        made.append(Answer(parts(), streaming=True))
        return made[0]

    with application(view) as line:
        line.request("GET", "/")
        answer = line.getresponse()
        assert answer.read(7) == b"premier"
        assert not made[0].closed.is_set()
        seen.set()
        assert answer.read() == b"second"
        assert made[0].closed.wait(WITHIN_S)


def test_what_breaks_half_way_is_closed_and_its_reader_knows() -> None:
    made = []

    def parts() -> Iterator[bytes]:
        yield b"premier"
        raise RuntimeError("half-way")

    def view(environ: dict[str, Any]) -> Answer:
        made.append(Answer(parts(), streaming=True))
        return made[0]

    with application(view) as line:
        line.request("GET", "/")
        with pytest.raises(http.client.IncompleteRead) as cut:
            line.getresponse().read()
        assert cut.value.partial == b"premier"
        assert made[0].closed.wait(WITHIN_S)
