"""Who follows what, in this process; and, on PostgreSQL, the ear that hears the other processes."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from tilios.core.live.listening import listen

CHANNEL = "tilios_live"


class Listener:
    """One stream: an event of its own loop, set from any thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.changed = asyncio.Event()
        self._loop = loop

    def wake(self) -> None:
        try:
            self._loop.call_soon_threadsafe(self.changed.set)
        except RuntimeError:  # the loop has closed: nobody is there any more
            return


class Hub:
    """Streams by topic. `tell` may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: dict[str, set[Listener]] = {}
        self._ear: threading.Thread | None = None
        self.closed = False

    @contextmanager
    def listening(self, topic: str) -> Iterator[Listener]:
        """A listener to `topic` for as long as the block lasts. To be called inside a running loop."""
        listener = Listener(asyncio.get_running_loop())
        with self._lock:
            self._listeners.setdefault(topic, set()).add(listener)
            self._open_ear()
        try:
            yield listener
        finally:
            with self._lock:
                listeners = self._listeners[topic]
                listeners.discard(listener)
                if not listeners:
                    del self._listeners[topic]

    @property
    def streams(self) -> int:
        with self._lock:
            return sum(map(len, self._listeners.values()))

    def tell(self, topic: str) -> None:
        with self._lock:
            found = list(self._listeners.get(topic, ()))
        for listener in found:
            listener.wake()

    def tell_everybody(self) -> None:
        with self._lock:
            found = [listener for listeners in self._listeners.values() for listener in listeners]
        for listener in found:
            listener.wake()

    def close(self) -> None:
        """End every stream: the server stops."""
        self.closed = True
        self.tell_everybody()

    def _open_ear(self) -> None:
        if self._ear is None and connection.vendor == "postgresql":
            self._ear = threading.Thread(target=self._hear, name="tilios-live", daemon=True)
            self._ear.start()

    def _hear(self) -> None:
        listen(CHANNEL, heard=self.tell, missed=self.tell_everybody, closed=lambda: self.closed)


hub = Hub()
