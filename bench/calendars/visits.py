"""What a program of calendars does, timed: one connection that stays open, bodies read whole and counted."""

import http.client
import re
import time
from collections.abc import Callable
from itertools import count
from typing import ClassVar

from bench.calendars import events
from bench.calendars.peers import FILL, Peer

SPACES = 'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"'
ETAGS = f"<D:propfind {SPACES}><D:prop><D:getetag/></D:prop></D:propfind>"
WEEK = (
    f"<C:calendar-query {SPACES}><D:prop><D:getetag/><C:calendar-data/></D:prop>"
    '<C:filter><C:comp-filter name="VCALENDAR">'
    '<C:comp-filter name="VEVENT"><C:time-range start="20260601T000000Z" end="20260608T000000Z"/></C:comp-filter>'
    "</C:comp-filter></C:filter></C:calendar-query>"
)
_numbers = count(100_000)


class Client:
    """One calendar of one server."""

    def __init__(self, peer: Peer) -> None:
        self.peer, self.size, self.in_week = peer, 0, 0
        self.line = http.client.HTTPConnection("127.0.0.1", peer.port, timeout=900)

    def ask(self, expected: set[int], method: str, name: str = "", body: bytes | str = b"", **headers: str) -> bytes:
        self.line.request(method, self.peer.path + name, body, {**self.peer.headers, **headers})
        answer = self.line.getresponse()
        content = answer.read()
        if answer.status not in expected:
            raise RuntimeError(f"{self.peer.name}: {method} {name} answered {answer.status}: {content[:500]!r}")
        return content

    def ready(self) -> None:
        """A new connection, opened: servers close one that waited for its turn."""
        self.line.close()
        self.line.connect()

    def make(self) -> None:
        self.ready()
        self.ask({201}, "MKCALENDAR")

    def fill(self, size: int) -> None:
        """`size` events, straight in the tables of Tilios or in the folder of Radicale: its PUTs would take minutes."""
        self.size = size
        if self.peer.tilios is not None:
            if self.peer.address == "calendar":
                self.make()
            self.peer.tilios.tilios("manage", "shell", "-v0", "-c", FILL.format(address=self.peer.address, count=size))
            return
        self.make()
        assert self.peer.files is not None
        for number in range(size):
            (self.peer.files / self.peer.address / events.name(number)).write_bytes(events.event(number))
        self.ready()
        self._sync("")  # it reads and keeps what it found

    def timed(self, method: str, body: bytes | str, expected: int | None, **headers: str) -> float:
        """Milliseconds of one request; raises unless it tells of `expected` things."""
        self.ready()
        start = time.perf_counter()
        content = self.ask({207}, method, "", body, **headers)
        taken = (time.perf_counter() - start) * 1000
        told = len(re.findall(rb"<(?:[A-Za-z0-9]+:)?response[ >]", content))
        if expected is not None and told != expected:
            raise RuntimeError(f"{self.peer.name} told of {told}, not of {expected}")
        return taken

    def etags_ms(self) -> float:
        return self.timed("PROPFIND", ETAGS, None, Depth="1")

    def week_ms(self) -> float:
        return self.timed("REPORT", WEEK, None, Depth="1")

    def multiget_ms(self, numbers: range) -> float:
        hrefs = "".join(f"<D:href>{self.peer.path}{events.name(number)}</D:href>" for number in numbers)
        body = (
            f"<C:calendar-multiget {SPACES}><D:prop><D:getetag/><C:calendar-data/></D:prop>{hrefs}"
            "</C:calendar-multiget>"
        )
        return self.timed("REPORT", body, len(numbers), Depth="1")

    def few_ms(self) -> float:
        return self.multiget_ms(range(1000, 1050))

    def all_ms(self) -> float:
        return self.multiget_ms(range(self.size))

    def _sync(self, token: str) -> bytes:
        body = (
            f"<D:sync-collection {SPACES}><D:sync-token>{token}</D:sync-token><D:sync-level>1</D:sync-level>"
            "<D:prop><D:getetag/></D:prop></D:sync-collection>"
        )
        return self.ask({207}, "REPORT", "", body)

    def first_sync_ms(self) -> float:
        self.ready()
        start = time.perf_counter()
        self._sync("")
        return (time.perf_counter() - start) * 1000

    def sync_ms(self) -> float:
        """One event changes; then the time to be told."""
        self.ready()
        found = re.search(rb"sync-token>([^<]+)<", self._sync(""))
        assert found is not None
        self._put(17)
        start = time.perf_counter()
        content = self._sync(found[1].decode())
        taken = (time.perf_counter() - start) * 1000
        if content.count(b"getetag>") != 2:
            raise RuntimeError(f"{self.peer.name}: not one change: {content[:1000]!r}")
        return taken

    def _put(self, number: int, name: str = "") -> float:
        body = events.event(number, f"Changé {next(_numbers)}")
        start = time.perf_counter()
        self.ask({201, 204}, "PUT", name or events.name(number), body, **{"Content-Type": "text/calendar"})
        return (time.perf_counter() - start) * 1000

    def put_ms(self) -> float:
        """An event that was not there, into the full calendar."""
        self.ready()
        number = next(_numbers)
        return self._put(number, events.name(number))

    def get_ms(self) -> float:
        self.ready()
        start = time.perf_counter()
        self.ask({200}, "GET", events.name(42))
        return (time.perf_counter() - start) * 1000

    VISITS: ClassVar[dict[str, Callable[["Client"], float]]] = {
        "PROPFIND of etags": etags_ms,
        "calendar-query of a week": week_ms,
        "multiget of 50": few_ms,
        "multiget of all": all_ms,
        "first synchronisation": first_sync_ms,
        "synchronisation after one change": sync_ms,
        "PUT into it": put_ms,
        "GET": get_ms,
    }
