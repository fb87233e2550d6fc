"""One light client, the same for all servers: websocket frames over a bare socket, and the messages of y-websocket.

It keeps no text. It looks for the marks that authors write in what comes, so that two cores can hold 300 clients and
the server measured. It never asks for compression, and servers frame without a mask: a mark is found as it was written.
"""

import base64
import contextlib
import os
import re
import select
import socket
import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

MARK = re.compile(rb"~(\d+)\.(\d+);")
SYNC, STEP_1, STEP_2, UPDATE = 0, 0, 1, 2
AUTH, TOKEN = 2, 0  # Hocuspocus: its first message
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
NOTHING_KNOWN = b"\x00"  # an empty state vector
WITHIN_S = 30


def mark(author: int, number: int) -> str:
    """What an author writes at its `number`th edit."""
    return f"~{author}.{number};"


@dataclass(frozen=True)
class Place:
    """Where a text is: `name` is put before each message for Hocuspocus, which asks for it."""

    port: int
    path: str
    cookie: str = ""
    name: str = ""


def number(value: int) -> bytes:
    """An unsigned integer of variable length (lib0)."""
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(written) + bytes((value,))


def sized(data: bytes) -> bytes:
    return number(len(data)) + data


class Line:
    """A websocket that is open. `fileno` lets `select` wait for it."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.prefix = sized(place.name.encode()) if place.name else b""
        self.socket = socket.create_connection(("127.0.0.1", place.port), WITHIN_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._came = bytearray()
        self._shake_hands()
        if self.prefix:
            self.send(bytes((AUTH, TOKEN)) + sized(b""))

    def fileno(self) -> int:
        return self.socket.fileno()

    def _shake_hands(self) -> None:
        host = f"127.0.0.1:{self.place.port}"
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {self.place.path} HTTP/1.1", f"Host: {host}", "Upgrade: websocket", "Connection: Upgrade",
                 f"Origin: http://{host}", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]  # fmt: skip
        if self.place.cookie:
            lines.append(f"Cookie: {self.place.cookie}")
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())
        while b"\r\n\r\n" not in self._came:
            got = self.socket.recv(65536)
            if not got:
                raise RuntimeError(f"{self.place} closed while it opened")
            self._came += got
        answer, _blank, rest = bytes(self._came).partition(b"\r\n\r\n")
        if b" 101 " not in answer.split(b"\r\n")[0]:
            raise RuntimeError(f"{self.place} answered {answer[:200]!r}")
        self._came = bytearray(rest)

    def _frame(self, kind: int, data: bytes) -> None:
        size = len(data)
        if size < 126:
            head = struct.pack("!BB", 0x80 | kind, 0x80 | size)
        elif size < 65536:
            head = struct.pack("!BBH", 0x80 | kind, 0x80 | 126, size)
        else:
            head = struct.pack("!BBQ", 0x80 | kind, 0x80 | 127, size)
        self.socket.sendall(head + bytes(4) + data)  # the mask of zeros leaves the bytes as they are

    def send(self, message: bytes) -> None:
        self._frame(BINARY, self.prefix + message)

    def sync(self, step: int, body: bytes) -> None:
        self.send(bytes((SYNC, step)) + sized(body))

    def take(self) -> Iterator[bytes]:
        """The messages that came whole, once `select` says that something came. Raises when the server closed."""
        got = self.socket.recv(1 << 18)
        if not got:
            raise RuntimeError(f"{self.place} closed")
        self._came += got
        came, at = self._came, 0
        while len(came) - at >= 2:
            size, start = came[at + 1], at + 2
            if size == 126:
                size, start = int.from_bytes(came[start : start + 2], "big"), start + 2
            elif size == 127:
                size, start = int.from_bytes(came[start : start + 8], "big"), start + 8
            if len(came) < start + size:
                break
            kind, data = came[at] & 0x0F, bytes(came[start : start + size])
            at = start + size
            if kind == PING:
                self._frame(PONG, data)
            elif kind == CLOSE:
                raise RuntimeError(f"{self.place} closed with {int.from_bytes(data[:2], 'big')}")
            else:
                yield data
        del came[:at]

    def open(self) -> None:
        """Ask for the text, and wait until it came."""
        self.sync(STEP_1, NOTHING_KNOWN)
        answer = self.prefix + bytes((SYNC, STEP_2))
        self.until(lambda message: message.startswith(answer))

    def until(self, is_it: Callable[[bytes], bool]) -> bytes:
        """The first message of which `is_it` is true. Raises TimeoutError."""
        deadline = time.monotonic() + WITHIN_S
        while time.monotonic() < deadline:
            if select.select([self], [], [], 0.5)[0]:
                for message in self.take():
                    if is_it(message):
                        return message
        raise TimeoutError(f"{self.place} said nothing")

    def close(self) -> None:
        with contextlib.suppress(OSError):  # it may have closed before
            self._frame(CLOSE, b"\x03\xe8")
        self.socket.close()
