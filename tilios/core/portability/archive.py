"""The archive as a file: written in one pass with the checksum of each member, read with none of them believed.

Its content is described in docs/archive-format.md.
"""

import hashlib
import io
import json
import math
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from tilios.core.portability.columns import Damaged
from tilios.kit.sheets import Cell, write_csv

FORMAT = "tilios.structure"
VERSION = 1
MANIFEST = "manifest.json"
PIECE = 2**20

# SECURITY: bounds on what a hostile archive may cost.
LONGEST_LINE = 32 * 2**20
LONGEST_MANIFEST = 64 * 2**20
MOST_MEMBERS = 2_000_000
MOST_BYTES = 2**40
MOST_RATIO = 500
RATIO_MATTERS_ABOVE = 2**20
NAMES = re.compile(
    r"manifest\.json"
    r"|data/[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\.jsonl"
    r"|journal/(entries|seals)\.jsonl"
    r"|blobs/[0-9a-f]{64}"
    r"|open/[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*(/[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*)*"
)


class Writer:
    """Write an archive into a file. Members one after the other; `close` adds the manifest."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True, compresslevel=6)
        self.members: dict[str, dict[str, Any]] = {}

    @contextmanager
    def member(self, name: str, *, compressed: bool = True) -> Iterator["_Measured"]:
        """A new member to write bytes into. Raises ValueError for a name no reader would take."""
        if not NAMES.fullmatch(name) or name in self.members or name == MANIFEST:
            raise ValueError(f"{name!r} cannot be the name of a member")
        info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
        info.external_attr = 0o600 << 16
        with self._zip.open(info, "w", force_zip64=True) as file:
            measured = _Measured(file)
            yield measured
        self.members[name] = {"sha256": measured.sha256.hexdigest(), "size": measured.size}

    def lines(self, name: str, rows: Iterable[dict[str, Any]]) -> int:
        """JSON lines; how many."""
        count = 0
        with self.member(name) as file:
            for row in rows:
                file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
                count += 1
        return count

    def text(self, name: str, pieces: str | Iterable[str]) -> None:
        """A text member, UTF-8."""
        with self.member(name) as file:
            for piece in [pieces] if isinstance(pieces, str) else pieces:
                file.write(piece.encode("utf-8", "replace"))

    def csv(self, name: str, rows: Iterable[Iterable[Cell]]) -> None:
        """A sheet that French spreadsheets open with two clicks; the first row is its header."""
        with self.member(name) as file:
            for piece in write_csv(rows):
                file.write(piece)

    def close(self, manifest: dict[str, Any]) -> None:
        """Write the manifest, with the members, and end the file."""
        content = json.dumps({**manifest, "members": self.members}, ensure_ascii=False, indent=1)
        info = zipfile.ZipInfo(MANIFEST, date_time=(1980, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        self._zip.writestr(info, content.encode())
        self._zip.close()

    def abandon(self) -> None:
        """Let go of the file after an error: what is in it is no archive."""
        with suppress(OSError, ValueError):
            self._zip.close()


class _Measured(io.RawIOBase):
    """A stream that knows the length and the SHA-256 of what went through."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.sha256 = hashlib.sha256()
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.sha256.update(data)
        self.size += len(data)
        return self._file.write(data)


# Reading -------------------------------------------------------------------------------------------------------------


class Reader:
    """Read an archive somebody gives. Raises Damaged, with the reason, for whatever is not as it must be.

    Opening it looks at the list of members and at the manifest; `check` reads every byte against its checksum.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError, UnicodeError) as error:
            raise Damaged(_("This file is not a zip archive, or its end is missing.")) from error
        try:
            self._infos = self._members()
            self.manifest = self._manifest()
        except BaseException:
            self._zip.close()
            raise

    def close(self) -> None:
        self._zip.close()

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    # The list of members

    def _members(self) -> dict[str, zipfile.ZipInfo]:
        infos = self._zip.infolist()
        if len(infos) > MOST_MEMBERS:
            raise Damaged(_("The archive holds too many files."))
        found: dict[str, zipfile.ZipInfo] = {}
        total = 0
        for info in infos:
            self._check_member(info)
            if info.filename in found:
                raise Damaged(_("The archive holds “%(name)s” twice.") % {"name": info.filename})
            found[info.filename] = info
            total += info.file_size
        # SECURITY: a few kilobytes must not become a full disk.
        if total > MOST_BYTES or total > max(RATIO_MATTERS_ABOVE, MOST_RATIO * self.path.stat().st_size):
            raise Damaged(_("Unpacked, the archive would be far too big: it is refused."))
        self._refuse_overlaps(infos)
        if MANIFEST not in found:
            raise Damaged(_("The archive has no manifest: Tilios did not make it, or its end is missing."))
        return found

    def _check_member(self, info: zipfile.ZipInfo) -> None:
        shown = {"name": info.filename[:80].encode("ascii", "backslashreplace").decode()}
        # SECURITY: no path that leaves the archive, no link, nothing but the names of the format.
        if not NAMES.fullmatch(info.filename) or info.orig_filename != info.filename:
            raise Damaged(_("The archive holds a file whose name is not allowed: “%(name)s”.") % shown)
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in {0, stat.S_IFREG} or info.is_dir():
            raise Damaged(_("“%(name)s” is not an ordinary file.") % shown)
        if info.flag_bits & 0x1:
            raise Damaged(_("“%(name)s” is encrypted: an archive of Tilios is not.") % shown)
        if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise Damaged(_("“%(name)s” is compressed in a way that is not allowed.") % shown)
        if info.file_size > RATIO_MATTERS_ABOVE and info.file_size > MOST_RATIO * max(info.compress_size, 1):
            raise Damaged(_("Unpacked, “%(name)s” would be far too big: it is refused.") % shown)

    def _refuse_overlaps(self, infos: list[zipfile.ZipInfo]) -> None:
        """SECURITY: members laid one over the other unpack the same bytes many times."""
        end = 0
        for info in sorted(infos, key=lambda info: info.header_offset):
            if info.header_offset < end:
                raise Damaged(_("The files of the archive lie one over the other: it is refused."))
            end = info.header_offset + 30 + len(info.filename) + info.compress_size
        if end > self.path.stat().st_size:
            raise Damaged(_("This file is not a zip archive, or its end is missing."))

    # The manifest

    def _manifest(self) -> dict[str, Any]:
        info = self._infos[MANIFEST]
        if info.file_size > LONGEST_MANIFEST:
            raise Damaged(_("The manifest is too long."))
        found = parse(b"".join(self._bytes(MANIFEST, info.file_size)), MANIFEST)
        if not isinstance(found, dict) or found.get("format") != FORMAT:
            raise Damaged(_("This is not the archive of a structure."))
        version = found.get("version")
        if version != VERSION or isinstance(version, bool):
            raise Damaged(
                _("The archive is of version %(version)s; this Tilios reads version %(known)s. Update it first.")
                % {"version": str(version)[:20], "known": VERSION}
            )
        self._check_list(found.get("members"))
        return found

    def _check_list(self, members: Any) -> None:
        """The manifest and the archive name the same files, of the same sizes."""
        if not isinstance(members, dict):
            raise Damaged(_("The manifest does not list the files of the archive."))
        for name in members.keys() - self._infos.keys():
            raise Damaged(_("“%(name)s” is missing from the archive.") % {"name": name[:80]})
        for name in self._infos.keys() - members.keys() - {MANIFEST}:
            raise Damaged(_("The archive holds “%(name)s”, which its manifest does not know.") % {"name": name[:80]})
        for name, said in members.items():
            if not isinstance(said, dict) or not isinstance(said.get("sha256"), str):
                raise Damaged(_("The manifest says nothing of “%(name)s”.") % {"name": name[:80]})
            if name.startswith("blobs/") and said["sha256"] != name.removeprefix("blobs/"):
                raise Damaged(_("“%(name)s” does not have its own checksum for a name.") % {"name": name[:80]})
            if said.get("size") != self._infos[name].file_size or isinstance(said.get("size"), bool):
                raise Damaged(_("“%(name)s” does not have the size that the manifest says.") % {"name": name[:80]})

    # Content

    def names(self, folder: str) -> list[str]:
        """The members of one folder, in order."""
        return sorted(name for name in self._infos if name.startswith(f"{folder}/"))

    def check(self, report: Any = None) -> None:
        """Read every member to its end against its checksum. `report(bytes read, bytes in all)` follows."""
        total = sum(info.file_size for info in self._infos.values())
        done = 0
        for name, said in self.manifest["members"].items():
            sha256 = hashlib.sha256()
            for piece in self._bytes(name, self._infos[name].file_size):
                sha256.update(piece)
                done += len(piece)
                if report:
                    report(done, total)
            if sha256.hexdigest() != said["sha256"]:
                raise Damaged(_("“%(name)s” has been altered or damaged: its checksum is wrong.") % {"name": name})

    def lines(self, name: str) -> Iterator[dict[str, Any]]:
        """The JSON lines of a member, each an object."""
        left = b""
        number = 0
        for piece in self._bytes(name, self._infos[name].file_size):
            *whole, left = (left + piece).split(b"\n")
            if len(left) > LONGEST_LINE:
                raise Damaged(_("Line %(line)s of “%(name)s” is too long.") % {"line": number + 1, "name": name})
            for line in whole:
                number += 1
                yield self._row(line, name, number)
        if left:
            raise Damaged(_("“%(name)s” stops in the middle of a line.") % {"name": name})

    def _row(self, line: bytes, name: str, number: int) -> dict[str, Any]:
        place = f"{name}:{number}"
        if len(line) > LONGEST_LINE:
            raise Damaged(_("Line %(line)s of “%(name)s” is too long.") % {"line": number, "name": name})
        row = parse(line, place)
        if not isinstance(row, dict):
            raise Damaged(_("%(place)s: this is not a row.") % {"place": place})
        return row

    @contextmanager
    def blob(self, sha256: str) -> Iterator[IO[bytes]]:
        """The bytes of a blob as a stream."""
        with self._zip.open(self._infos[f"blobs/{sha256}"]) as file:
            yield file

    def size(self, name: str) -> int:
        return self._infos[name].file_size if name in self._infos else 0

    def _bytes(self, name: str, size: int) -> Iterator[bytes]:
        """The bytes of a member, never more than its size says."""
        read = 0
        try:
            with self._zip.open(self._infos[name]) as file:
                while piece := file.read(PIECE):
                    read += len(piece)
                    if read > size:
                        break
                    yield piece
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, struct.error, NotImplementedError,
                UnicodeError, RuntimeError) as error:  # fmt: skip
            raise Damaged(_("“%(name)s” cannot be unpacked: the archive is damaged.") % {"name": name}) from error
        if read != size:
            raise Damaged(_("“%(name)s” does not have the size that the manifest says.") % {"name": name})


def parse(content: bytes, place: str) -> Any:
    """JSON without what it should not hold: NaN, numbers of thousands of digits, bottomless nesting, a key twice."""

    def refuse_constant(_name: str) -> Any:
        raise ValueError

    def finite(text: str) -> float:
        found = float(text)
        if not math.isfinite(found):
            raise ValueError
        return found

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise ValueError
        return found

    try:
        return json.loads(
            content.decode("utf-8"), parse_constant=refuse_constant, parse_float=finite, object_pairs_hook=once
        )
    except (ValueError, RecursionError) as error:
        raise Damaged(_("%(place)s cannot be read: it is not proper JSON.") % {"place": place}) from error
