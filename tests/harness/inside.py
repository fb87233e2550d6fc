"""Tilios served inside the process of the tests, on a free port: its threads see what the test changed."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any

import uvicorn
from django.db import connections

WITHIN_S = 10


@contextmanager
def serving() -> Iterator[int]:
    """The port of the whole application, for the length of the block. The database must be a transactional one."""
    from tilios.config import asgi

    try:
        with listening(asgi.application) as port:
            yield port
    finally:
        _let_go(asgi.http.threads, asgi.THREADS)


def _let_go(threads: Executor, count: int) -> None:
    """Close the connections that `count` threads keep from one request to the next: they outlive the block."""
    together = threading.Barrier(count)  # each thread takes one

    def close() -> None:
        together.wait(WITHIN_S)
        connections.close_all()

    for one in [threads.submit(close) for _thread in range(count)]:
        one.result()


@contextmanager
def listening(application: Any) -> Iterator[int]:
    """The port of an ASGI application, for the length of the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = uvicorn.Server(uvicorn.Config(application, port=port, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        deadline = time.monotonic() + WITHIN_S
        while not server.started:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield port
    finally:
        server.should_exit = True
        thread.join(WITHIN_S)
        assert not thread.is_alive()
