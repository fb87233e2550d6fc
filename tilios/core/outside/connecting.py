"""Connections to judged addresses only, in bounded time."""

import http.client
import io
import socket
import ssl
import time
from typing import Any

from django.utils.translation import gettext as _

from tilios.core.outside.errors import Forbidden, Unreachable
from tilios.core.outside.networks import may_knock, may_reach, opened

CONNECT_S = 10.0
IDLE_S = 30.0  # without a byte


class Deadline:
    """The moment by which what is under way must have ended; whoever reads a long file puts it off as bytes come."""

    def __init__(self) -> None:
        self.until = 0.0

    def within(self, seconds: float) -> None:
        self.until = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds that the next wait may last. Raises TimeoutError when there are none."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer takes too long")
        return min(left, IDLE_S)


def connected(host: str, port: int, *, also: frozenset[int] = frozenset()) -> socket.socket:
    """A connection to the first address of `host` that may be reached and answers; `also` are ports of what is no web
    server, where that is what is looked for.

    Raises Forbidden when none may be, Unreachable.
    """
    if port not in also and not may_knock(port):
        raise Forbidden(_("No web server answers at the port %(port)s: check the address.") % {"port": port})
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(_("There is no server called “%(host)s”: check the address.") % {"host": host}) from error
    # SECURITY: what is judged is the address that is then connected to, not the name, which may resolve to something
    # else a moment later (DNS rebinding). Never resolve again below this line.
    reachable = [(family, place) for family, _type, _proto, _name, place in found if may_reach(str(place[0]), opened())]
    if not reachable:
        raise Forbidden
    refused: OSError | None = None
    for family, place in reachable[:4]:
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.settimeout(CONNECT_S)
            sock.connect(place)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            sock.close()
            refused = error
        else:
            return sock
    raise Unreachable(_("The server “%(host)s” does not answer.") % {"host": host}) from refused


class Plain(http.client.HTTPConnection):
    """A connection without TLS, to a judged address."""

    def __init__(self, host: str, port: int, deadline: Deadline) -> None:
        super().__init__(host, port, timeout=CONNECT_S)
        self.deadline = deadline

    def connect(self) -> None:
        self.sock: Any = Timed(connected(self.host, self.port), self.deadline)


class Secure(Plain):
    """The same with TLS; the certificate must be valid, and the server's own."""

    default_port = http.client.HTTPS_PORT

    def connect(self) -> None:
        sock = connected(self.host, self.port)
        # SECURITY: the default context verifies the certificate and the name; nothing turns that off.
        context = ssl.create_default_context()
        try:
            secured = context.wrap_socket(sock, server_hostname=self.host)
        except ssl.SSLError as error:
            sock.close()
            message = _("The certificate of “%(host)s” is not valid: the connection would not be safe.")
            raise Unreachable(message % {"host": self.host}) from error
        except (OSError, ValueError) as error:
            sock.close()
            raise Unreachable(_("The server “%(host)s” does not answer.") % {"host": self.host}) from error
        self.sock = Timed(secured, self.deadline)


class Timed:
    """A socket each of whose waits ends by the deadline: a server that gives a byte a minute holds nobody up."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock, self._deadline = sock, deadline

    def sendall(self, data: Any) -> None:
        self._sock.settimeout(self._deadline.left())
        self._sock.sendall(data)

    def makefile(self, *_arguments: Any, **_options: Any) -> io.BufferedReader:
        return io.BufferedReader(_Reading(self._sock, self._deadline), 64 * 1024)

    def close(self) -> None:
        self._sock.close()


class _Reading(io.RawIOBase):
    """What comes in. It keeps the socket open after `http.client` has let go of it, which it does before the body of an
    answer that is the last on its connection.
    """

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock, self._deadline = sock, deadline
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._deadline.left())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()
