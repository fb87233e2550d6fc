"""Read what a request carries: headers and XML, hostile until they have passed here."""

import re
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, ParseError, register_namespace, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.http import HttpRequest

from tilios.core.dav.errors import Refusal

DAV = "{DAV:}"
LONGEST_BODY = 1024 * 1024
MTIME = re.compile(r"(\d{1,11})(\.\d+)?", re.ASCII)
register_namespace("D", "DAV:")


def xml_of(request: HttpRequest) -> Element | None:
    """The document in the body, None for an empty one. Raises Refusal(400, 413, 415)."""
    body = read_whole(request)
    if not body.strip():
        return None
    try:
        # SECURITY: no DTD at all, so neither a billion laughs nor a file of the server.
        return fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as error:
        raise Refusal(400) from error


def read_whole(request: HttpRequest) -> bytes:
    """A small body, whether its length was announced or it came in chunks."""
    stream = Incoming(request)
    body = stream.read(LONGEST_BODY + 1)
    if len(body) > LONGEST_BODY:
        raise Refusal(413)
    stream.refuse_cut(len(body))
    return body


class Incoming:
    """The body as it arrives. Django gives none to a request that announces no length; programs send chunks."""

    def __init__(self, request: HttpRequest) -> None:
        self.environ: dict[str, Any] = request.META
        length = self.environ.get("CONTENT_LENGTH") or ""
        if length and not length.isdecimal():
            raise Refusal(400)
        chunked = "chunked" in self.environ.get("HTTP_TRANSFER_ENCODING", "").lower()
        self.length: int | None = int(length) if length else None if chunked else 0
        self.left = self.length
        self._source = self.environ["wsgi.input"]

    def read(self, size: int = -1) -> bytes:
        if self.left is not None:
            size = self.left if size < 0 else min(size, self.left)
        if size == 0:
            return b""
        piece: bytes = self._source.read(size)
        if self.left is not None:
            self.left -= len(piece)
        if not piece or (self.left is not None and len(piece) < size):
            self.refuse_cut(None)
        return piece

    def refuse_cut(self, _received: int | None) -> None:
        """SECURITY: a client that went away half-way has sent no file: nothing of it is kept. Raises Refusal(400)."""
        if self.left or self.environ.get("asgi.scope", {}).get("tilios.cut"):
            raise Refusal(400)


# Headers ------------------------------------------------------------------------------------------------------------


def depth_of(request: HttpRequest, default: str = "infinity") -> str:
    """ "0", "1" or "infinity"; Refusal(400) for anything else."""
    depth = request.headers.get("Depth", default).strip().lower()
    if depth not in {"0", "1", "infinity"}:
        raise Refusal(400)
    return depth


def overwrites(request: HttpRequest) -> bool:
    return request.headers.get("Overwrite", "T").strip().upper() != "F"


def mtime_of(request: HttpRequest) -> int | None:
    """When the bytes were last changed, as the sync programs of ownCloud and Nextcloud, and rclone, say it: seconds
    since 1970 in X-OC-Mtime. In milliseconds; None where it is not said, or makes no sense.
    """
    found = MTIME.fullmatch(request.headers.get("X-OC-Mtime", "").strip())
    return int(found[1]) * 1000 + int(found[2][1:4].ljust(3, "0") if found[2] else 0) if found else None


@dataclass(frozen=True)
class Timeout:
    """How long a lock is asked for (RFC 4918, 10.7), never longer than `MOST_S`."""

    DEFAULT_S = 600
    MOST_S = 3600

    @classmethod
    def of(cls, request: HttpRequest) -> int:
        for wanted in request.headers.get("Timeout", "").split(","):
            kind, _dash, number = wanted.strip().lower().partition("-")
            if kind == "infinite":
                return cls.MOST_S
            if kind == "second" and number.isascii() and number.isdecimal():
                return max(1, min(int(number[:9]), cls.MOST_S))
        return cls.DEFAULT_S


# XML ----------------------------------------------------------------------------------------------------------------


def as_text(element: Element) -> str:
    """An element as it is stored, its namespaces written within."""
    element.tail = None
    return tostring(element, encoding="unicode", xml_declaration=False)
