"""What a client of WebDAV does, timed: one connection that stays open, bodies read whole."""

import http.client
import os
import re
import statistics
import subprocess
import time
from collections.abc import Iterator
from itertools import count

from bench.dav.peers import Peer

MIB = 2**20
FOUR = (
    '<?xml version="1.0"?><D:propfind xmlns:D="DAV:"><D:prop><D:getetag/><D:getlastmodified/><D:getcontentlength/>'
    "<D:resourcetype/></D:prop></D:propfind>"
)
ALL = '<?xml version="1.0"?><D:propfind xmlns:D="DAV:"><D:allprop/></D:propfind>'
_numbers = count(1)


class Client:
    """One peer, one connection."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.line = http.client.HTTPConnection("127.0.0.1", peer.port, timeout=600)

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, bytes]:
        """Status and body of one request."""
        self.line.request(method, self.peer.path + path, body, {**self.peer.headers, **headers})  # type: ignore[arg-type]
        answer = self.line.getresponse()
        return answer.status, answer.read()

    def expect(self, expected: set[int], method: str, path: str, body: object = None, **headers: str) -> bytes:
        status, content = self.ask(method, path, body, **headers)
        if status not in expected:
            raise RuntimeError(f"{self.peer.name}: {method} {path} answered {status}: {content[:500]!r}")
        return content

    def ready(self) -> None:
        """A new connection, opened: servers close one that waited for its turn."""
        self.line.close()
        self.ask("OPTIONS", "")

    def propfind_ms(self, folder: str, body: str, entries: int) -> float:
        """One PROPFIND of depth 1; raises unless it lists `entries` members."""
        self.ready()
        start = time.perf_counter()
        content = self.expect({207}, "PROPFIND", folder + "/", body, Depth="1")
        taken = (time.perf_counter() - start) * 1000
        listed = len(re.findall(rb"<(?:[A-Za-z0-9]+:)?response[ >]", content))
        if listed != entries + 1:
            raise RuntimeError(f"{self.peer.name} listed {listed} of {entries + 1}")
        return taken

    def put_s(self, name: str, size: int) -> float:
        """Seconds to send `size` bytes that were never sent before."""
        self.ready()
        start = time.perf_counter()
        self.expect({200, 201, 204}, "PUT", name, Bytes(size), **{"Content-Length": str(size)})
        return time.perf_counter() - start

    def get_s(self, name: str, size: int) -> float:
        """Seconds to read a file of `size` bytes, thrown away as it comes."""
        self.ready()
        start = time.perf_counter()
        self.line.request("GET", self.peer.path + name, headers=self.peer.headers)
        answer, buffer, read = self.line.getresponse(), bytearray(MIB), 0
        while got := answer.readinto(buffer):
            read += got
        if answer.status != 200 or read != size:
            raise RuntimeError(f"{self.peer.name}: GET {name} answered {answer.status}, {read} bytes")
        return time.perf_counter() - start

    def small_put_ms(self, folder: str, times: int) -> float:
        """Median of PUTs of 10 KB, all different, to names that are new."""
        self.ready()
        first = next(_numbers) * times
        return statistics.median(
            self._timed({201}, "PUT", f"{folder}/small%20{first + number}.bin", os.urandom(10_240))
            for number in range(times)
        )

    def small_get_ms(self, name: str, times: int) -> float:
        self.ready()
        return statistics.median(self._timed({200}, "GET", name) for _time in range(times))

    def delete_ms(self, folder: str, times: int) -> float:
        """Median of DELETEs of files made just before."""
        self.ready()
        names = [f"{folder}/doomed%20{next(_numbers)}.bin" for _time in range(times)]
        for name in names:
            self.expect({201}, "PUT", name, os.urandom(100))
        return statistics.median(self._timed({200, 204}, "DELETE", name) for name in names)

    def _timed(self, expected: set[int], method: str, path: str, body: object = None) -> float:
        start = time.perf_counter()
        self.expect(expected, method, path, body)
        return (time.perf_counter() - start) * 1000

    def many_gets(self, name: str, *, connections: int = 8, seconds: int = 3) -> float:
        """GETs answered each second to eight at once (wrk)."""
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s"]
        for header, value in self.peer.headers.items():
            command += ["-H", f"{header}: {value}"]
        url = f"http://127.0.0.1:{self.peer.port}{self.peer.path}{name}"
        output = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
        found = re.search(r"Requests/sec:\s+([\d.]+)", output)
        if found is None or "Non-2xx" in output:
            raise RuntimeError(output)
        return float(found.group(1))


class Bytes:
    """A body of `size` bytes, none like another's: read by http.client a piece at a time."""

    def __init__(self, size: int) -> None:
        self.left = size
        self.piece = os.urandom(MIB)

    def __iter__(self) -> Iterator[bytes]:
        mark = os.urandom(16)
        while self.left:
            piece = mark + self.piece[16:] if self.left >= MIB else self.piece[: self.left]
            self.left -= len(piece)
            yield piece
