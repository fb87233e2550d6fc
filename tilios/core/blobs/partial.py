"""Bytes that come in several goes: a file of the disk that grows, then becomes a blob.

What is in the file is what was received: its length is the one truth about how far the sender is, whatever died
meanwhile. Nothing is ever written but at the end, and only by who knows where the end is: of two who send the same
bytes at once, the one that falls behind is stopped, and nothing is interleaved.
"""

import fcntl
import hashlib
import os
import re
import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from errno import EDQUOT, ENOSPC
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.storage import Storage

from tilios.core.blobs.errors import DiskFull
from tilios.core.blobs.storage import MIB, DiskStorage, blob_storage, make_folder, sync_folder

ROOM_CHECKED_EVERY = 16 * MIB
CHUNK = MIB


class Overtaken(Exception):
    """The file does not end where the writer thought: somebody else has written. `size` is where it ends."""

    def __init__(self, size: int) -> None:
        super().__init__(f"the file has {size} bytes")
        self.size = size


class Gone(Exception):
    """There is no such file: it was discarded, or became a blob."""


class Partial:
    """The partial file called `key` (letters, digits, `-` and `_`), on the local disk whatever the storage of blobs."""

    def __init__(self, key: str) -> None:
        # SECURITY: a key is a name within the folder, never a path.
        if not re.fullmatch(r"[A-Za-z0-9_-]{8,64}", key):
            raise ValueError(f"not a key: {key!r}")
        self.path = folder() / key

    def make(self) -> None:
        """An empty file, on the disk before this returns. Raises FileExistsError."""
        os.close(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        sync_folder(self.path.parent)

    @property
    def exists(self) -> bool:
        return self.path.exists()

    @property
    def size(self) -> int:
        """Bytes received; 0 when there is no file. Disks note a new length once the bytes are there, never before."""
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0

    @contextmanager
    def writing(self, at: int) -> Iterator[Callable[[bytes], None]]:
        """A function that adds bytes after the first `at`; on the way out, whatever happened, they are on the disk.

        The function raises Overtaken when the file ends elsewhere, DiskFull when there is no room; what was written
        before stays. Raises Gone when there is no file.
        """
        try:
            handle = os.open(self.path, os.O_WRONLY | os.O_APPEND)
        except FileNotFoundError as error:
            raise Gone from error
        pen = _Pen(handle, at, _digests.take(self.path, at))
        try:
            yield pen.write
            _digests.put(self.path, pen.position, pen.digest)
        finally:
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def sha256(self) -> str:
        """Of the whole file: what was hashed while it came, and the rest, or all of it, read again.

        Raises Gone when there is no file.
        """
        try:
            with self.path.open("rb") as file:
                position, digest = _digests.latest(self.path)
                file.seek(position)
                while chunk := file.read(CHUNK):
                    digest.update(chunk)
                return digest.hexdigest()
        except FileNotFoundError as error:
            raise Gone from error

    def discard(self) -> None:
        """Remove the file, if it is there."""
        _digests.forget(self.path)
        self.path.unlink(missing_ok=True)


def folder() -> Path:
    """Where partial files are, made if need be: on the disk of the blobs, else in the data folder."""
    storage = blob_storage()
    above = storage.staging_folder if isinstance(storage, DiskStorage) else Path(settings.TILIOS_DATA) / "tmp"
    place = above / "partial"
    make_folder(place)
    return place


def has_room(size: int) -> bool:
    """Whether `size` more bytes leave the disk of the partial files its reserve."""
    storage = blob_storage()
    reserve = storage.reserve if isinstance(storage, DiskStorage) else 64 * MIB
    return shutil.disk_usage(folder()).free - size >= reserve


def clear(older_than_s: float) -> int:
    """Remove the partial files to which nothing was added for so long. How many."""
    count = 0
    for path in folder().iterdir():
        try:
            if path.stat().st_mtime < time.time() - older_than_s:
                _digests.forget(path)
                path.unlink()
                count += 1
        except FileNotFoundError:
            continue  # became a blob meanwhile
    return count


class PartialStaging:
    """A partial file about to become a blob. It stays where it is, under a second name, until its owner discards it:
    whatever dies between the two, the bytes are still there to be asked for.
    """

    def __init__(self, storage: Storage, partial: Partial) -> None:
        self.storage = storage
        try:
            self.file: IO[bytes] = partial.path.open("rb")
        except FileNotFoundError as error:
            raise Gone from error
        self.path = partial.path

    def write(self, chunk: bytes) -> None:
        raise NotImplementedError("a partial file is written by `Partial.writing`")

    def settle(self) -> None:
        os.fsync(self.file.fileno())

    def publish(self, name: str) -> None:
        assert isinstance(self.storage, DiskStorage)
        target = Path(self.storage.path(name))
        make_folder(target.parent)
        beside = self.storage.staging_folder / f"in-{self.path.name}"
        beside.unlink(missing_ok=True)
        try:
            os.link(self.path, beside)
        except OSError as error:
            if error.errno in (ENOSPC, EDQUOT):
                raise
            _copy(self.path, beside)  # a file system without second names
        beside.replace(target)
        sync_folder(target.parent)

    def discard(self) -> None:
        self.file.close()


def _copy(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    with target.open("rb") as file:
        os.fsync(file.fileno())


class _Pen:
    """Writes at the end of a file, and hashes what it wrote when it knows all that stands before."""

    def __init__(self, handle: int, position: int, digest: Any) -> None:
        self.handle, self.position, self.digest = handle, position, digest
        self.room_checked_at = -ROOM_CHECKED_EVERY

    def write(self, chunk: bytes) -> None:
        if self.position - self.room_checked_at >= ROOM_CHECKED_EVERY:
            if not has_room(len(chunk)):
                raise DiskFull
            self.room_checked_at = self.position
        left = memoryview(chunk)
        # SECURITY: length and write belong together; the lock is of the system and goes with the process.
        fcntl.flock(self.handle, fcntl.LOCK_EX)
        try:
            if (size := os.fstat(self.handle).st_size) != self.position:
                raise Overtaken(size)
            while left:
                written = os.write(self.handle, left)
                if self.digest is not None:
                    self.digest.update(left[:written])
                self.position += written
                left = left[written:]
        except OSError as error:
            if error.errno in (ENOSPC, EDQUOT):
                raise DiskFull from error
            raise
        finally:
            fcntl.flock(self.handle, fcntl.LOCK_UN)


class _Digests:
    """Hashes of files that are growing, as far as this process has seen them. One forgotten is only made again."""

    MOST = 256

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.known: OrderedDict[Path, tuple[int, Any]] = OrderedDict()

    def take(self, path: Path, position: int) -> Any:
        """A hash of the first `position` bytes to go on with; None when it is not known."""
        if position == 0:
            return hashlib.sha256()
        with self.lock:
            known, digest = self.known.get(path, (-1, None))
            return digest.copy() if known == position else None

    def put(self, path: Path, position: int, digest: Any) -> None:
        if digest is None:
            return
        with self.lock:
            self.known[path] = (position, digest)
            self.known.move_to_end(path)
            while len(self.known) > self.MOST:
                self.known.popitem(last=False)

    def latest(self, path: Path) -> tuple[int, Any]:
        with self.lock:
            position, digest = self.known.get(path, (0, hashlib.sha256()))
            return position, digest.copy()

    def forget(self, path: Path) -> None:
        with self.lock:
            self.known.pop(path, None)


_digests = _Digests()
