"""Zips, and the documents that are kept in one: what they hold, never more than a bound of it."""

import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any

from tilios.kit.documents.problems import Problem, Unreadable

#: Bytes that the parts of a document may unfold to, all together.
MOST_UNFOLDED = 256 * 2**20
MOST_PART = 64 * 2**20
MOST_PARTS = 20_000
LISTED = 500
MANIFEST = "META-INF/manifest.xml"
# What zipfile answers to broken archives.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError, LookupError)


def opened(file: IO[bytes]) -> zipfile.ZipFile:
    """The zip in `file`. Raises Unreadable when it is broken, or says that it unfolds to too much."""
    try:
        archive = zipfile.ZipFile(file)
    except BROKEN as error:
        raise Unreadable(Problem.DAMAGED) from error
    if len(archive.infolist()) > MOST_PARTS or sum(part.file_size for part in archive.infolist()) > MOST_UNFOLDED:
        raise Unreadable(Problem.TOO_HEAVY)
    # ODF keeps the list of names open, and says in it what the password closes.
    if MANIFEST in archive.namelist() and b"encryption-data" in part(archive, MANIFEST):
        raise Unreadable(Problem.PASSWORD)
    return archive


def part(archive: zipfile.ZipFile, name: str) -> bytes:
    """The bytes of one part. Raises Unreadable when it is missing, broken, has a password, or is too large."""
    try:
        info = archive.getinfo(name)
        if info.flag_bits & 1:
            raise Unreadable(Problem.PASSWORD)
        with archive.open(info) as source:
            # Counted as it unfolds: what the archive says of its size need not be true.
            found = source.read(MOST_PART + 1)
    except BROKEN as error:
        raise Unreadable(Problem.DAMAGED) from error
    if len(found) > MOST_PART:
        raise Unreadable(Problem.TOO_HEAVY)
    return found


def listing(file: IO[bytes]) -> dict[str, Any]:
    """What a zip holds, without unfolding anything: {"entries": [[name, bytes], …], "count", "unfolded"}.

    At most LISTED entries, in the order of the archive; `count` and `unfolded` are of all the files.
    """
    try:
        archive = zipfile.ZipFile(file)
    except BROKEN as error:
        raise Unreadable(Problem.DAMAGED) from error
    files = [info for info in archive.infolist() if not info.is_dir()]
    return {
        "entries": [[info.filename[:300], info.file_size] for info in files[:LISTED]],
        "count": len(files),
        "unfolded": sum(info.file_size for info in files),
    }


def names(file: IO[bytes]) -> Iterator[str]:
    """The names of the files in a zip: what is searched of it."""
    for name, _size in listing(file)["entries"]:
        yield name
