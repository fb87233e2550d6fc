"""Tilios served inside the process of the tests, on a free port: its threads see what the test changed."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from django.db import connection

WITHIN_S = 10


@contextmanager
def serving() -> Iterator[int]:
    """The port of the whole application, for the length of the block. The database must be a transactional one."""
    from tilios.config.asgi import application

    kept, connection.settings_dict["CONN_MAX_AGE"] = connection.settings_dict["CONN_MAX_AGE"], 0
    try:
        with listening(application) as port:
            yield port
    finally:
        connection.settings_dict["CONN_MAX_AGE"] = kept  # the threads of the server outlive the block


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
