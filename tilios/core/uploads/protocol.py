"""Headers of tus 1.0 (https://tus.io/protocols/resumable-upload), hostile until they have passed here. No table."""

import base64
import binascii
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from tilios.core.errors import Invalid
from tilios.core.uploads.errors import Malformed

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,expiration,checksum"
BODY = "application/offset+octet-stream"
LONGEST_METADATA = 16_384
LONGEST_NAME = 255  # bytes of UTF-8, as on disks
LONGEST_PATH = 2000
DEEPEST = 50
LAST_MOMENT_MS = 253_402_300_799_000  # the end of the year 9999


def method_of(request: HttpRequest) -> str:
    """The method, or the one that a browser who cannot send it has put in a header."""
    method = request.method or ""
    if method == "POST":
        method = request.headers.get("X-HTTP-Method-Override", method).strip().upper()
    return method


def require_version(request: HttpRequest) -> None:
    """Raises Malformed(412) for a sender of another protocol."""
    if request.headers.get("Tus-Resumable") != VERSION:
        raise Malformed(412, {"Tus-Version": VERSION})


def number(request: HttpRequest, header: str) -> int:
    """A whole number, zero or more. Raises Malformed."""
    value = request.headers.get(header, "")
    if not re.fullmatch(r"[0-9]{1,18}", value):
        raise Malformed
    return int(value)


def require_body(request: HttpRequest) -> None:
    """Raises Malformed(415) for a body that is no piece of a file."""
    if request.content_type != BODY:
        raise Malformed(415)


def checksum(request: HttpRequest) -> bytes | None:
    """The SHA-256 announced for the body, None without one. Raises Malformed for another algorithm."""
    header = request.headers.get("Upload-Checksum", "")
    if not header:
        return None
    algorithm, _space, value = header.partition(" ")
    if algorithm != "sha256":
        raise Malformed
    found = _decoded(value)
    if len(found) != 32:
        raise Malformed
    return found


@dataclass(frozen=True)
class Metadata:
    """What is said of a file before it comes. `target` is sealed."""

    name: str = ""
    path: str = ""
    media_type: str = ""
    modified_ms: int | None = None
    tool: str = ""
    target: str = ""
    others: dict[str, str] = field(default_factory=dict)


def metadata(header: str) -> Metadata:
    """Read Upload-Metadata. Raises Malformed, Invalid("name") for a name that cannot be one."""
    said = pairs(header)
    names = {"filename", "filetype", "modified", "path", "tool", "target"}
    modified = said.get("modified", "")
    return Metadata(
        name=clean_name(said.get("filename", "")),
        path=clean_path(said.get("path", "")),
        media_type=re.sub(r"[^\x21-\x7e]", "", said.get("filetype", ""))[:120],
        modified_ms=moment_ms(modified),
        tool=said.get("tool", ""),
        target=said.get("target", ""),
        others={key: value for key, value in said.items() if key not in names},
    )


def pairs(header: str) -> dict[str, str]:
    """`key base64, key base64, key`: the values in UTF-8. Raises Malformed."""
    if len(header) > LONGEST_METADATA:
        raise Malformed
    found: dict[str, str] = {}
    for part in header.split(",") if header.strip() else ():
        key, _space, value = part.strip().partition(" ")
        if not re.fullmatch(r"[\x21-\x7e]+", key) or key in found:
            raise Malformed
        try:
            found[key] = _decoded(value.strip()).decode("utf-8")
        except UnicodeDecodeError as error:
            raise Malformed from error
    return found


def clean_name(name: str) -> str:
    """The name of a file, in NFC. Raises Invalid("name") when it is none; a tool may be stricter."""
    name = unicodedata.normalize("NFC", name).strip()
    # SECURITY: a name is never a path, and holds nothing that hides the rest of it.
    if not name or name in {".", ".."} or "/" in name or any(unicodedata.category(one) in {"Cc", "Cs"} for one in name):
        raise Invalid("name", _("“%(name)s” cannot be the name of a file.") % {"name": _printable(name)})
    if len(name.encode()) > LONGEST_NAME or len(name) > LONGEST_NAME:
        raise Invalid("name", _("This name is too long: “%(name)s…”.") % {"name": name[:60]})
    return name


def clean_path(path: str) -> str:
    """Folders one in the other, "Photos/2026", "" for none. Raises Invalid("name")."""
    names = [clean_name(name) for name in path.split("/") if name.strip()]
    whole = "/".join(names)
    if len(names) > DEEPEST or len(whole) > LONGEST_PATH:
        raise Invalid("name", _("These folders are too deep."))
    return whole


def moment_ms(value: str) -> int | None:
    """Milliseconds since 1970, None for what is no moment: a wrong clock stops no file."""
    if not re.fullmatch(r"-?[0-9]{1,15}", value):
        return None
    moment = int(value)
    return moment if -LAST_MOMENT_MS <= moment <= LAST_MOMENT_MS else None


def _printable(name: str) -> str:
    return "".join(one if one.isprintable() else "�" for one in name[:60])


def _decoded(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed from error


class Incoming:
    """The body as it arrives, whether its length was announced or it comes in chunks.

    `read` gives b"" at the end, and also when the sender goes away: what came is good to keep, since each byte of an
    upload has its place. `cut` tells the two apart.
    """

    def __init__(self, request: HttpRequest) -> None:
        self.environ: dict[str, Any] = request.META
        length = self.environ.get("CONTENT_LENGTH") or ""
        if length and not re.fullmatch(r"[0-9]{1,18}", length):
            raise Malformed
        chunked = "chunked" in self.environ.get("HTTP_TRANSFER_ENCODING", "").lower()
        self.length: int | None = int(length) if length else None if chunked else 0
        self.left = self.length

    def read(self, size: int) -> bytes:
        if self.left is not None:
            size = min(size, self.left)
        if size == 0:
            return b""
        piece: bytes = self.environ["wsgi.input"].read(size)
        if self.left is not None:
            self.left -= len(piece)
        return piece

    @property
    def cut(self) -> bool:
        """Whether the sender went away half-way (config/asgi.py)."""
        return bool(self.left or self.environ.get("asgi.scope", {}).get("tilios.cut"))
