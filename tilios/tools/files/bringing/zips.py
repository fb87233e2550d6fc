"""Zip files from anywhere, none of which is believed: listed, judged, read as streams, never unpacked by name."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import IO, Any, cast
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from tilios.core.blobs.errors import Damaged
from tilios.tools.files import names
from tilios.tools.files.bringing import reasons
from tilios.tools.files.bringing.entries import Entry, Unreadable
from tilios.tools.files.bringing.mending import DEEPEST, parts_of
from tilios.tools.files.models import BringingPart

# SECURITY: bounds on what a hostile zip may cost before a byte of it is unpacked.
MOST_MEMBERS = 100_000
LONGEST_READ = 64 * 2**20  # the list of members is read at once
MOST_BYTES = 2**40
MOST_RATIO = 500
RATIO_MATTERS_ABOVE = 2**20
# Deflate gives what is asked for and no more; bzip2 and LZMA unpack all they hold at once, whatever its size.
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
BROKEN = (
    zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, struct.error, NotImplementedError, UnicodeError,
    RuntimeError, IndexError, KeyError,
)  # fmt: skip
UTF8, ENCRYPTED = 0x800, 0x1
LINES = frozenset("─│┌┐└┘├┤┬┴┼═║╒╓╔╕╖╗╘╙╚╛╜╝╞╟╠╡╢╣╤╥╦╧╨╩╪╫╬")
EXTENDED_TIME, UNICODE_PATH = 0x5455, 0x7075


class _Bounded:
    """A file of which nobody reads a great deal at once, whatever the zip says of itself."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.seek, self.tell, self.close = file.seek, file.tell, file.close

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if size > LONGEST_READ:
            raise zipfile.BadZipFile("a list of members beyond all measure")
        return self._file.read(size)


@contextmanager
def opened(part: BringingPart) -> Iterator[zipfile.ZipFile]:
    """The zip of a part. Raises Unreadable."""
    try:
        file = part.blob.open()
    except Damaged as error:
        raise Unreadable(_("“%(name)s” cannot be read any more.") % {"name": part.name}) from error
    with file:
        try:
            archive = zipfile.ZipFile(cast(Any, _Bounded(file)))
        except BROKEN as error:
            raise Unreadable(_("“%(name)s” is not a zip file, or its end is missing.") % {"name": part.name}) from error
        with archive:
            yield archive


def entries(part: BringingPart, archive: zipfile.ZipFile, zone: ZoneInfo) -> Iterator[Entry]:
    """Everything the zip holds, each judged. Raises Unreadable for a zip that is a trap as a whole."""
    infos = archive.infolist()
    if len(infos) > MOST_MEMBERS:
        raise Unreadable(_("There are too many files at once: bring them in in several goes."))
    total = sum(info.file_size for info in infos if not _is_bomb(info))
    if total > MOST_BYTES or total > max(RATIO_MATTERS_ABOVE, MOST_RATIO * part.blob.size):
        raise Unreadable(_("Unpacked, “%(name)s” would be far too big: it is refused.") % {"name": part.name})
    _refuse_overlaps(part, infos)
    for place, info in enumerate(infos):
        path = _name(info)
        parts = parts_of(path)
        is_folder = path.endswith(("/", "\\"))
        if parts == ():
            continue  # the top itself, which some zips name
        yield Entry(
            path=path.rstrip("/\\"),
            parts=parts or (),
            is_folder=is_folder,
            size=0 if is_folder else info.file_size,
            modified_ms=_modified_ms(info, zone),
            part=part.pk,
            place=place,
            refusal=reasons.OUTSIDE if parts is None else _refusal(info, parts, is_folder=is_folder),
            is_left_out=parts is not None and _is_of_a_system(parts),
        )


@contextmanager
def member(archive: zipfile.ZipFile, place: int) -> Iterator["Member"]:
    """The bytes of one member, as a stream that raises Broken."""
    try:
        file = archive.open(archive.infolist()[place])
    except BROKEN as error:
        raise Broken from error
    with file:
        yield Member(file)


class Broken(Exception):
    """The bytes of a member cannot be had."""


class Member:
    """What `blobs.store` reads."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int = 2**20) -> bytes:
        try:
            return self._file.read(size)
        except BROKEN as error:
            raise Broken from error


# Judging --------------------------------------------------------------------------------------------------------------


def _refusal(info: zipfile.ZipInfo, parts: tuple[str, ...], *, is_folder: bool) -> str:
    kind = stat.S_IFMT(info.external_attr >> 16) if info.create_system == 3 else 0
    if kind == stat.S_IFLNK:
        return reasons.LINK
    if kind not in {0, stat.S_IFDIR if is_folder else stat.S_IFREG}:
        return reasons.SPECIAL
    if len(parts) > DEEPEST:
        return reasons.DEEP
    if _is_of_a_system(parts):
        return reasons.SYSTEM
    if is_folder:
        return ""
    if info.flag_bits & ENCRYPTED:
        return reasons.ENCRYPTED
    if info.compress_type not in METHODS:
        return reasons.METHOD
    return reasons.BOMB if _is_bomb(info) else ""


def _is_bomb(info: zipfile.ZipInfo) -> bool:
    return info.file_size > RATIO_MATTERS_ABOVE and info.file_size > MOST_RATIO * max(info.compress_size, 1)


def _is_of_a_system(parts: tuple[str, ...]) -> bool:
    return parts[0] == "__MACOSX" or names.is_of_a_system(parts[-1])


def _refuse_overlaps(part: BringingPart, infos: list[zipfile.ZipInfo]) -> None:
    """SECURITY: members laid one over the other unpack the same bytes many times."""
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise Unreadable(_("The files of “%(name)s” lie one over the other: it is refused.") % {"name": part.name})
        end = info.header_offset + 30 + info.compress_size


# Names and dates ------------------------------------------------------------------------------------------------------


def _name(info: zipfile.ZipInfo) -> str:
    """The name as its maker meant it: many write UTF-8 without saying so, others the letters of old DOS."""
    given = info.orig_filename
    if info.flag_bits & UTF8 or given.isascii():
        return given
    raw = given.encode("cp437")
    if (said := _fields(info).get(UNICODE_PATH)) and said[1:5] == struct.pack("<L", zlib.crc32(raw)):
        raw = said[5:]
    try:
        return raw.decode()
    except UnicodeDecodeError:
        # Nobody draws boxes in names: western Europe's DOS has capitals with accents in their place.
        return raw.decode("cp850") if LINES & set(given) else given


def _modified_ms(info: zipfile.ZipInfo, zone: ZoneInfo) -> int | None:
    """In UTC: the exact moment when the zip holds it, else its clock, which is local."""
    said = _fields(info).get(EXTENDED_TIME, b"")
    if len(said) >= 5 and said[0] & 1:
        return int(struct.unpack("<l", said[1:5])[0]) * 1000
    try:
        local = datetime(*info.date_time, tzinfo=zone)
    except ValueError:
        return None
    return None if info.date_time[:3] == (1980, 1, 1) else int(local.astimezone(UTC).timestamp() * 1000)


def _fields(info: zipfile.ZipInfo) -> dict[int, bytes]:
    """The extra fields (APPNOTE.TXT 4.5), as far as they make sense."""
    found: dict[int, Any] = {}
    left = info.extra
    while len(left) >= 4:
        kind, size = struct.unpack("<HH", left[:4])
        found.setdefault(kind, left[4 : 4 + size])
        left = left[4 + size :]
    return found
