"""A folder as a zip file, written as it is sent: memory does not grow with what is in it.

Python's own zipfile writes it, to a stream that cannot go back: sizes and checksums follow each file (data
descriptors), with Zip64 where something passes 4 GB. zipstream-ng and stream-zip were looked at: the first cannot date
what is given as bytes, the second cannot tell the length of the whole.
"""

import struct
import zipfile
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, cast

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.blobs.errors import Damaged
from tilios.core.blobs.models import Blob, State
from tilios.core.blobs.serving import content_disposition
from tilios.kit.names import safe_filename
from tilios.kit.text import fold

CHUNK = 256 * 1024
# Made of compressed bytes already: to compress them again takes time and gains nothing.
COMPRESSED = (
    "image/",
    "video/",
    "audio/",
    "application/zip",
    "application/vnd.o",
    "application/epub",
    "application/gzip",
)
COMPRESSED_TYPES = {
    "application/pdf", "application/x-7z-compressed", "application/x-xz", "application/x-bzip2", "application/zstd",
    "application/vnd.rar", "font/woff", "font/woff2",
}  # fmt: skip
LOOSE = {"image/bmp", "image/tiff", "image/svg+xml", "image/x-icon", "audio/wav", "audio/midi"}
FIRST_YEAR, LAST_YEAR = 1980, 2107
FILE_MODE, FOLDER_MODE = 0o100644 << 16, (0o040755 << 16) | 0x10
EXTENDED_TIME, ZIP64_HEADER, ZIP64_DESCRIPTOR, DESCRIPTOR = 9, 20, 24, 16


@dataclass(frozen=True)
class Entry:
    """A file, or a folder where `blob` is None, at `path` ("Photos/2026/plage.jpg"), changed at `modified_ms` (UTC)."""

    path: str
    blob: Blob | None
    modified_ms: int


@dataclass(frozen=True)
class _Member:
    info: zipfile.ZipInfo
    blob: Blob | None = None
    text: bytes = b""

    @property
    def size(self) -> int:
        return self.blob.size if self.blob is not None else len(self.text)


def zip_response(entries: Iterable[Entry], *, name: str, request: HttpRequest | None = None) -> StreamingHttpResponse:
    """The zip of `entries`, saved as `name`.zip, streamed. Entries are read at once, bytes when their turn comes.

    Names are made fit for Windows, each once whatever its capitals. What is compressed already is stored as it is, and
    when everything is, Content-Length is given. In the place of a file known to be damaged, a note says so. Bytes that
    turn out to be missing break the answer off: the browser says that it failed. Rights are the caller's to check.
    """
    members = _members(entries)
    pieces = _pieces(members)
    content = _as_async(pieces) if isinstance(request, ASGIRequest) else pieces
    headers = {
        "Content-Disposition": content_disposition(f"{safe_filename(name, max_bytes=200)}.zip"),
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    if all(member.info.compress_type == zipfile.ZIP_STORED for member in members):
        headers["Content-Length"] = str(_length(members))
    response = StreamingHttpResponse(content, content_type="application/zip", headers=headers)
    response._resource_closers.append(pieces.close)  # type: ignore[attr-defined]  # read to its end or not
    return response


def is_compressed(media_type: str) -> bool:
    """Whether bytes of this type gain nothing by being compressed."""
    return media_type not in LOOSE and (media_type in COMPRESSED_TYPES or media_type.startswith(COMPRESSED))


# What goes in ---------------------------------------------------------------------------------------------------------


def _members(entries: Iterable[Entry]) -> list[_Member]:
    names, members = _Names(), []
    for entry in entries:
        blob = entry.blob
        if blob is None:
            info = _info(names.of(entry.path, is_folder=True), entry.modified_ms)
            info.external_attr = FOLDER_MODE
            members.append(_Member(info))
        elif blob.state != State.WHOLE:
            note = _("%(name)s (damaged)") % {"name": entry.path} + ".txt"
            text = str(Damaged().message).encode() + b"\r\n"
            members.append(_Member(_info(names.of(note), entry.modified_ms), text=text))
        else:
            info = _info(names.of(entry.path), entry.modified_ms)
            loose = blob.size and not is_compressed(blob.media_type)
            info.compress_type = zipfile.ZIP_DEFLATED if loose else zipfile.ZIP_STORED
            members.append(_Member(info, blob))
    for member in members:
        member.info.file_size = member.size
    return members


def _info(name: str, modified_ms: int) -> zipfile.ZipInfo:
    moment = datetime.fromtimestamp(modified_ms / 1000, UTC)
    local = timezone.localtime(moment)
    year = min(max(local.year, FIRST_YEAR), LAST_YEAR)
    date = (year, local.month, local.day, local.hour, local.minute, local.second)
    info = zipfile.ZipInfo(name, date)
    info.external_attr = FILE_MODE
    seconds = min(max(modified_ms // 1000, -(2**31)), 2**31 - 1)
    # The time of the zip itself knows no zone; this one, which unzip, 7z and file managers read, is UTC.
    info.extra = struct.pack("<HHBl", 0x5455, 5, 1, seconds)
    return info


class _Names:
    """Paths made fit for any disk. A folder has the same name for all that is in it; no two names differ by capitals
    or accents alone, since some disks take them for one.
    """

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], str] = {}
        self.taken: set[str] = set()

    def of(self, path: str, *, is_folder: bool = False) -> str:
        parts = [part for part in path.split("/") if part]
        folder = ""
        for part in parts if is_folder else parts[:-1]:
            folder = self._folder(folder, part)
        return folder if is_folder else self._free(folder, parts[-1] if parts else "")

    def _folder(self, above: str, part: str) -> str:
        if (above, part) not in self.known:
            self.known[above, part] = self._free(above, part) + "/"
        return self.known[above, part]

    def _free(self, above: str, part: str) -> str:
        name = found = safe_filename(part)
        stem, dot, suffix = name.rpartition(".")
        stem, suffix = (stem, dot + suffix) if stem else (name, "")
        number = 1
        while fold(above + found) in self.taken:
            number += 1
            found = safe_filename(f"{stem} ({number}){suffix}")
        self.taken.add(fold(above + found))
        return above + found


# What comes out -------------------------------------------------------------------------------------------------------


class _Sink:
    """Takes what zipfile writes, gives it away."""

    def __init__(self) -> None:
        self.held: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.held.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits here."""

    def take(self) -> bytes:
        taken = b"".join(self.held)
        self.held.clear()
        return taken


def _pieces(members: Sequence[_Member]) -> Iterator[bytes]:
    sink = _Sink()
    archive = zipfile.ZipFile(cast(IO[bytes], sink), "w", allowZip64=True)  # closed below, once all is in
    for member in members:
        with archive.open(member.info, "w", force_zip64=_is_large(member)) as target:
            for piece in _bytes_of(member):
                target.write(piece)
                if given := sink.take():
                    yield given
    archive.close()
    yield sink.take()


def _bytes_of(member: _Member) -> Iterator[bytes]:
    if member.blob is None:
        yield member.text  # of a folder, nothing
        return
    with member.blob.open() as file:
        left = member.size
        while left and (piece := file.read(min(CHUNK, left))):
            left -= len(piece)
            yield piece
    if left:
        raise Damaged


def _is_large(member: _Member) -> bool:
    return member.size * 1.05 > zipfile.ZIP64_LIMIT


def _length(members: Sequence[_Member]) -> int:
    """Bytes of the whole when all is stored (APPNOTE.TXT 6.3.10: headers, descriptors, directory, end)."""
    position = directory = 0
    for member in members:
        name = len(member.info.filename.encode())
        large = _is_large(member)
        beyond = 8 * (2 * (member.size > zipfile.ZIP64_LIMIT) + (position > zipfile.ZIP64_LIMIT))
        directory += 46 + name + EXTENDED_TIME + (4 + beyond if beyond else 0)
        position += 30 + name + EXTENDED_TIME + (ZIP64_HEADER if large else 0) + member.size
        position += ZIP64_DESCRIPTOR if large else DESCRIPTOR
    end = 22
    if len(members) > zipfile.ZIP_FILECOUNT_LIMIT or max(position, directory) > zipfile.ZIP64_LIMIT:
        end += 56 + 20
    return position + directory + end


async def _as_async(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """The same, written in a thread so that the loop goes on."""
    step = sync_to_async(lambda: next(pieces, b""), thread_sensitive=False)
    while piece := await step():
        yield piece
