"""A client of WebDAV that does what it is told, right or wrong: one connection a request, the path sent as given."""

import base64
import http.client
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote
from xml.etree import ElementTree

DAV = "{DAV:}"


@dataclass
class Answer:
    status: int
    headers: Any
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()

    @property
    def xml(self) -> ElementTree.Element:
        return ElementTree.fromstring(self.content)

    @property
    def paths(self) -> list[str]:
        """The decoded paths of a multistatus, in its order."""
        return [unquote(one.text or "") for one in self.xml.iter(f"{DAV}href") if one.text]

    def statuses(self) -> dict[str, int]:
        """Of each response of a multistatus, by decoded path: its own status, else that of its first propstat."""
        found = {}
        for response in self.xml.findall(f"{DAV}response"):
            line = response.findtext(f"{DAV}status") or response.findtext(f"{DAV}propstat/{DAV}status") or ""
            found[unquote(response.findtext(f"{DAV}href") or "")] = int(line.split()[1])
        return found


@dataclass
class Client:
    """Somebody's program: `base` is put before every path that does not begin with a slash."""

    port: int
    email: str
    password: str
    base: str = ""
    timeout_s: float = 30

    @property
    def authorization(self) -> str:
        return "Basic " + base64.b64encode(f"{self.email}:{self.password}".encode()).decode()

    def line(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout_s)

    def path(self, path: str) -> str:
        return path if path.startswith("/") else self.base + path

    def ask(self, method: str, path: str = "", body: bytes | str | Iterable[bytes] = b"", **headers: str) -> Answer:
        """`If_Match="x"` is the header If-Match. The path is percent-encoded already."""
        line = self.line()
        named = {"Authorization": self.authorization}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            line.request(method, self.path(path), body.encode() if isinstance(body, str) else body, named)
            answer = line.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            line.close()

    def put(self, name: str, content: bytes | str, **headers: str) -> Answer:
        """PUT at a name that is not encoded yet."""
        return self.ask("PUT", quote(name), content, **headers)

    def get(self, name: str, **headers: str) -> Answer:
        return self.ask("GET", quote(name), **headers)

    def listing(self, folder: str = "") -> set[str]:
        """The names of what a folder shows, collections with a slash."""
        answer = self.ask("PROPFIND", quote(folder), Depth="1")
        assert answer.status == 207, answer.status
        top = unquote(self.path(quote(folder)))
        return {path.removeprefix(top) for path in answer.paths if path != top and path.startswith(top)}

    def sync(self, folder: str, token: str = "", *, deep: bool = False, limit: int | None = None) -> Answer:
        """REPORT sync-collection (RFC 6578)."""
        limited = f"<D:limit><D:nresults>{limit}</D:nresults></D:limit>" if limit else ""
        body = (
            f'<D:sync-collection xmlns:D="DAV:"><D:sync-token>{token}</D:sync-token>'
            f"<D:sync-level>{'infinite' if deep else '1'}</D:sync-level>{limited}"
            "<D:prop><D:getetag/></D:prop></D:sync-collection>"
        )
        return self.ask("REPORT", quote(folder), body, Depth="0")
