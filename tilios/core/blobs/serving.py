"""Give bytes over HTTP, so that nothing in them can act in the name of our site."""

import re
import unicodedata
from collections.abc import AsyncIterator, Iterator
from typing import BinaryIO
from urllib.parse import quote

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from tilios.core.blobs.errors import Damaged
from tilios.core.blobs.models import Blob, State
from tilios.core.blobs.storage import DiskStorage, blob_storage
from tilios.kit.names import safe_filename

CHUNK = 256 * 1024
# What a browser shows without running anything of it.
PASSIVE = {
    "image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp", "image/x-icon",
    "audio/mpeg", "audio/ogg", "audio/flac", "audio/wav", "audio/mp4", "audio/aac", "audio/webm",
    "video/mp4", "video/webm", "video/ogg", "video/quicktime",
    "application/pdf",
}  # fmt: skip
# Texts that are shown as plain text.
PLAIN = {"text/plain", "text/csv", "text/tab-separated-values", "text/markdown", "text/calendar", "text/vcard"}
MEDIA = ("audio/", "video/")
SANDBOX = "sandbox; default-src 'none'"
# Opened by itself, sound or film is played in a page that the browser makes, which loads it from the same address. In a
# full sandbox it may not (seen in Chromium 156); no script runs in this one either.
MEDIA_SANDBOX = "sandbox allow-same-origin; default-src 'none'; media-src 'self'"


def blob_response(
    blob: Blob,
    *,
    name: str,
    inline: bool = False,
    request: HttpRequest | None = None,
    immutable: bool = False,
    etag: str = "",
) -> HttpResponseBase:
    """The bytes of `blob` as a file called `name`, streamed.

    With `inline` they are shown in the browser if they are passive (images, sound, film, PDF, plain text); HTML, SVG,
    XML and what is unknown are always saved. With `request`, ranges and If-None-Match are answered: 206, 304, 416.
    `immutable` is for addresses that name the content: browsers then keep it for a year. `etag` (without quotes)
    stands for the SHA-256 where an address has entity tags of its own.

    Rights are the caller's to check. Raises Damaged if the bytes are known to be gone or altered.
    """
    # SECURITY: what was altered on the disk is not what somebody stored: better nothing.
    if blob.state != State.WHOLE:
        raise Damaged
    headers = _headers(blob, name, inline, immutable) | ({"ETag": f'"{etag}"'} if etag else {})
    if request is not None and _matches(request.headers.get("If-None-Match", ""), headers["ETag"]):
        return HttpResponse(status=304, headers=_without_body(headers))
    span = _span(request, blob.size, headers["ETag"])
    if span is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{blob.size}", "Accept-Ranges": "bytes"})
    if front := _front_server(blob):
        return HttpResponse(headers=headers | front)
    first, length = span
    headers["Content-Length"] = str(length)
    if length != blob.size:
        headers["Content-Range"] = f"bytes {first}-{first + length - 1}/{blob.size}"
    status = 200 if length == blob.size else 206
    file = blob.open()
    if request is not None and request.method == "HEAD":
        file.close()
        return HttpResponse(status=status, headers=headers)
    body = _Body(file, first, length)
    # Under an ASGI handler Django would first read a plain iterator to its end, in memory.
    content = body.as_async() if isinstance(request, ASGIRequest) else body
    response = StreamingHttpResponse(content, status=status, headers=headers)
    response._resource_closers.append(body.close)  # type: ignore[attr-defined]  # read to its end or not
    return response


def _front_server(blob: Blob) -> dict[str, str]:
    """The header by which the server in front is asked to send the file itself, ranges included; empty where none is.

    TILIOS_SENDFILE is the address of a location that only nginx itself may ask ("/blobs/", internal), or "X-Sendfile".
    """
    how, storage = settings.TILIOS_SENDFILE, blob_storage()
    if not how or not isinstance(storage, DiskStorage):
        return {}
    # SECURITY: the path is made of a SHA-256 and of nothing that anybody typed.
    if how.startswith("/"):
        return {"X-Accel-Redirect": f"{how.rstrip('/')}/{blob.path}"}
    return {how: storage.path(blob.path)}


def _headers(blob: Blob, name: str, inline: bool, immutable: bool) -> dict[str, str]:
    shown = inline and (blob.media_type in PASSIVE or blob.media_type in PLAIN)
    media_type = blob.media_type or "application/octet-stream"
    if shown and media_type in PLAIN:
        media_type = f"text/plain; charset={_charset(blob)}"
    return {
        "Content-Type": media_type,
        "Content-Disposition": content_disposition(name, inline=shown),
        "X-Content-Type-Options": "nosniff",
        # SECURITY: opened as a page, it has no origin, no script, nothing to load.
        "Content-Security-Policy": MEDIA_SANDBOX if shown and media_type.startswith(MEDIA) else SANDBOX,
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, max-age=31536000, immutable" if immutable else "private, no-cache",
        "ETag": f'"{blob.sha256}"',
        "Accept-Ranges": "bytes",
    }


def content_disposition(name: str, *, inline: bool = False) -> str:
    """The header that names a file (RFC 6266): in ASCII for old programs, and as it is (RFC 5987) for the others."""
    name = safe_filename(name)
    plain = unicodedata.normalize("NFKD", name.replace("’", "'"))
    plain = re.sub(r'[^\x20-\x7e]|["\\%]', "_", re.sub("[\u0300-\u036f]", "", plain))
    how = "inline" if inline else "attachment"
    if plain == name:
        return f'{how}; filename="{name}"'
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _without_body(headers: dict[str, str]) -> dict[str, str]:
    """What a 304 repeats."""
    return {name: headers[name] for name in ("ETag", "Cache-Control", "Accept-Ranges")}


def _charset(blob: Blob) -> str:
    """The encoding to announce for a text."""
    with blob.open() as file:
        head = file.read(65536)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        head[: head.rfind(b"\n") + 1 or None].decode("utf-8")
    except UnicodeDecodeError as error:
        # A character cut by the end of what was read is no fault.
        return "utf-8" if error.start > len(head) - 4 else "windows-1252"
    return "utf-8"


def _matches(header: str, etag: str) -> bool:
    return header.strip() == "*" or etag in (part.strip().removeprefix("W/") for part in header.split(","))


def _span(request: HttpRequest | None, size: int, etag: str) -> tuple[int, int] | None:
    """First byte and number of bytes to give; None if the range asked for does not exist.

    Several ranges at once are answered by the whole, as RFC 9110 allows: no program we know asks for them.
    """
    whole = (0, size)
    header = request.headers.get("Range", "") if request is not None and request.method in ("GET", "HEAD") else ""
    match = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", header.strip())
    if not match or match[0] == "bytes=-":
        return whole
    condition = request.headers.get("If-Range") if request is not None else None
    if condition is not None and condition.strip() != etag:
        return whole
    if not match[1]:
        length = min(int(match[2]), size)
        return (size - length, length) if length else None
    first = int(match[1])
    last = min(int(match[2]), size - 1) if match[2] else size - 1
    if match[2] and int(match[2]) < first:
        return whole  # not a range at all
    return (first, last - first + 1) if first < size else None


class _Body:
    """Some of the bytes of a file, a chunk at a time."""

    def __init__(self, file: BinaryIO, first: int, length: int) -> None:
        self.file = file
        self.left = length
        self.file.seek(first)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        chunk = self.file.read(min(CHUNK, self.left)) if self.left else b""
        if not chunk:
            self.close()
            raise StopIteration
        self.left -= len(chunk)
        return chunk

    async def as_async(self) -> AsyncIterator[bytes]:
        """The same, reading in a thread so that the loop goes on."""
        while chunk := await sync_to_async(self._read, thread_sensitive=False)():
            yield chunk

    def _read(self) -> bytes:
        return next(self, b"")

    def close(self) -> None:
        self.file.close()
