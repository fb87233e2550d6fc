"""Bytes on their way in: written aside while their name is not known yet, then put in place at once, or dropped."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EDQUOT, ENOSPC
from pathlib import Path
from typing import IO, Protocol

from django.core.files import File
from django.core.files.storage import Storage
from django.db import OperationalError

from tilios.core.blobs.errors import DiskFull
from tilios.core.blobs.storage import MIB, DiskStorage, make_folder, sync_folder

ROOM_CHECKED_EVERY = 16 * MIB


class Staging(Protocol):
    """`file` may be read again once written."""

    file: IO[bytes]

    def write(self, chunk: bytes) -> None: ...

    def settle(self) -> None:
        """Have the bytes on the disk, still aside."""

    def publish(self, name: str) -> None:
        """Put the bytes at `name`, over what was there. From then on they survive a power cut."""

    def discard(self) -> None:
        """Leave nothing behind; does nothing after `publish`."""


class DiskStaging:
    """A temporary file of the same file system, renamed into place."""

    def __init__(self, storage: DiskStorage) -> None:
        self.storage = storage
        self.received = 0
        self._check_room()
        handle, path = tempfile.mkstemp(prefix="in-", dir=storage.staging_folder)
        self.path: Path | None = Path(path)
        self.file: IO[bytes] = os.fdopen(handle, "w+b")

    def write(self, chunk: bytes) -> None:
        if self.received // ROOM_CHECKED_EVERY != (self.received + len(chunk)) // ROOM_CHECKED_EVERY:
            self._check_room()
        self.file.write(chunk)
        self.received += len(chunk)

    def settle(self) -> None:
        self.file.flush()
        os.fsync(self.file.fileno())

    def publish(self, name: str) -> None:
        assert self.path is not None
        target = Path(self.storage.path(name))
        make_folder(target.parent)
        self.path.replace(target)
        self.path = None
        sync_folder(target.parent)

    def discard(self) -> None:
        self.file.close()
        if self.path is not None:
            self.path.unlink(missing_ok=True)
            self.path = None

    def _check_room(self) -> None:
        if not self.storage.has_room():
            raise DiskFull


class ObjectStaging:
    """For a storage that takes whole objects: received in a local temporary file, then handed over."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self.file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=MIB)  # noqa: SIM115  # closed by discard

    def write(self, chunk: bytes) -> None:
        self.file.write(chunk)

    def settle(self) -> None:
        self.file.flush()

    def publish(self, name: str) -> None:
        self.file.seek(0)
        if self.storage.exists(name):
            self.storage.delete(name)  # else Django's storages save beside it, under another name
        saved = self.storage.save(name, File(self.file))
        if saved != name:
            self.storage.delete(saved)
            raise OSError(f"{name} could not be written: the storage called it {saved}")

    def discard(self) -> None:
        self.file.close()


@contextmanager
def staged(storage: Storage) -> Iterator[Staging]:
    """A place to write to, that leaves nothing behind unless published. A full disk raises DiskFull."""
    try:
        staging: Staging = DiskStaging(storage) if isinstance(storage, DiskStorage) else ObjectStaging(storage)
        try:
            yield staging
        finally:
            staging.discard()
    except OSError as error:
        if error.errno in (ENOSPC, EDQUOT):
            raise DiskFull from error
        raise
    except OperationalError as error:
        if "full" in str(error).lower() or getattr(error.__cause__, "sqlstate", "") == "53100":
            raise DiskFull from error
        raise
