"""Ask servers outside for something: HTTP/1.1, one connection kept for each server."""

import base64
import http.client
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from urllib.parse import urljoin, urlsplit

from django.utils.translation import gettext as _

import tilios
from tilios.core.outside.connecting import Deadline, Plain, Secure
from tilios.core.outside.errors import CutShort, Forbidden, OutsideError, TooMuch, Unreachable
from tilios.core.outside.networks import may_reach, opened

MOST_REDIRECTS = 5
HEAD_WITHIN_S = 60.0  # from the question to the last header
PIECE = 256 * 1024
PIECE_WITHIN_S = 60.0  # 4 KB/s: slower than that is not served
REDIRECTS = {301, 302, 303, 307, 308}
SAFE_METHODS = {"GET", "HEAD", "PROPFIND"}  # they change nothing over there, so they may be asked again
Origin = tuple[str, str, int]


@dataclass(frozen=True)
class Login:
    """Whom to be over there (Basic, the one way that WebDAV servers and app passwords share)."""

    name: str
    password: str

    @property
    def header(self) -> str:
        return "Basic " + base64.b64encode(f"{self.name}:{self.password}".encode()).decode()


class Answer:
    """What a server answered: `status`, `headers`, and the body, to be read in pieces. `url` is where it came from."""

    def __init__(self, response: http.client.HTTPResponse, url: str, deadline: Deadline) -> None:
        self._response, self._deadline = response, deadline
        self.status, self.headers, self.url = response.status, response.headers, url
        self._left = response.length  # None when the server does not say

    def read(self, size: int = PIECE) -> bytes:
        """The next bytes, b"" at the end. Raises CutShort when the body ends before what was announced."""
        self._deadline.within(PIECE_WITHIN_S)
        try:
            piece = self._response.read(min(size, PIECE) if size >= 0 else PIECE)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise CutShort from error
        if self._left is not None:
            self._left -= len(piece)
            # SECURITY: http.client says nothing of a body that is cut; half a file must not pass for the file.
            if not piece and self._left > 0:
                raise CutShort
        return piece

    def whole(self, most: int) -> bytes:
        """The body at once. Raises TooMuch above `most` bytes, CutShort."""
        held, size = [], 0
        while piece := self.read():
            size += len(piece)
            if size > most:
                raise TooMuch
            held.append(piece)
        return b"".join(held)

    @property
    def is_read(self) -> bool:
        return self._response.isclosed()


class Client:
    """Asks servers, on behalf of `login` where it is given, each answering within `within_s`. Close it, or use it with
    `with`.
    """

    def __init__(self, login: Login | None = None, *, within_s: float | None = None) -> None:
        self.login = login
        self._within_s = HEAD_WITHIN_S if within_s is None else within_s
        self._deadline = Deadline()
        self._kept: dict[Origin, Plain] = {}

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, _type: type | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        for connection in self._kept.values():
            connection.close()
        self._kept.clear()

    @contextmanager
    def ask(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Iterator[Answer]:
        """The answer of the server at `url`, redirects followed. Raises Forbidden, Unreachable."""
        first = origin_of(url)
        for _turn in range(MOST_REDIRECTS + 1):
            origin = origin_of(url)
            sent = {"User-Agent": f"Tilios/{tilios.__version__}", "Accept-Encoding": "identity", **(headers or {})}
            # SECURITY: where a redirect leads is somebody else, who is not told the password.
            if self.login is not None and origin == first:
                sent["Authorization"] = self.login.header
            response = self._asked(origin, method, url, sent, body)
            if response.status not in REDIRECTS or "Location" not in response.headers:
                break
            url = urljoin(url, response.headers["Location"])  # judged anew by origin_of and by the connection
            self._drop(origin)
            if origin[0] == "https" and origin_of(url)[0] == "http":
                raise Forbidden(_("This server leads from a safe address to one that is not."))
        else:
            raise Unreachable(_("This address leads from one to another without end."))
        answer = Answer(response, url, self._deadline)
        try:
            yield answer
        finally:
            if not answer.is_read or response.will_close:
                self._drop(origin)

    def _asked(
        self, origin: Origin, method: str, url: str, headers: dict[str, str], body: bytes | None
    ) -> http.client.HTTPResponse:
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._refuse_open_password(origin, headers)
        is_kept = origin in self._kept
        connection = self._connection(origin)
        self._deadline.within(self._within_s)
        try:
            connection.request(method, target, body=body, headers=headers)
            return connection.getresponse()
        except OutsideError:
            self._drop(origin)
            raise
        except (OSError, http.client.HTTPException, ValueError, UnicodeError) as error:
            self._drop(origin)
            if is_kept and method in SAFE_METHODS and isinstance(error, ConnectionError | http.client.BadStatusLine):
                return self._asked(origin, method, url, headers, body)  # it had closed meanwhile
            message = _("The server “%(host)s” does not answer as a web server does.") % {"host": origin[1]}
            raise Unreachable(message) from error

    def _refuse_open_password(self, origin: Origin, headers: dict[str, str]) -> None:
        # SECURITY: without TLS everybody on the way reads the password; a network the host opened is its own affair.
        if "Authorization" in headers and origin[0] != "https" and not _is_opened(origin[1]):
            raise Forbidden(_("A password is only given to an address that begins with https://."))

    def _connection(self, origin: Origin) -> Plain:
        if origin not in self._kept:
            scheme, host, port = origin
            self._kept[origin] = (Secure if scheme == "https" else Plain)(host, port, self._deadline)
        return self._kept[origin]

    def _drop(self, origin: Origin) -> None:
        connection = self._kept.pop(origin, None)
        if connection is not None:
            connection.close()


def origin_of(url: str) -> Origin:
    """Scheme, host and port. Raises Forbidden for what is no plain web address."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        host = (parts.hostname or "").encode("idna").decode("ascii") if parts.hostname else ""
    except (ValueError, UnicodeError) as error:
        raise Forbidden(_("This is not the address of a web server.")) from error
    # SECURITY: no other scheme (file:, gopher:…), no name and password hidden in the address, no line break.
    strange = any(ord(sign) <= 32 or ord(sign) == 127 for sign in url)
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc or strange:
        raise Forbidden(_("This is not the address of a web server."))
    return parts.scheme, host, port


def _is_opened(host: str) -> bool:
    """Whether `host`, written as an address, is in a network that the host of Tilios has opened."""
    return bool(opened()) and not may_reach(host, ()) and may_reach(host, opened())
