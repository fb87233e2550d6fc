"""Bytes on their way in: written aside while their name is not known yet, then put in place at once, or dropped."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EDQUOT, ENOSPC
from pathlib import Path
from typing import IO, Protocol

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage
from django.db import OperationalError

from tilios.core.blobs.errors import DiskFull
from tilios.core.blobs.partial import Partial, PartialStaging
from tilios.core.blobs.s3 import S3Blobs
from tilios.core.blobs.storage import MIB, DiskStorage, make_folder, start_writing, sync_folder

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
        self.file.write(chunk)
        self.received += len(chunk)
        if self.received // ROOM_CHECKED_EVERY != (self.received - len(chunk)) // ROOM_CHECKED_EVERY:
            self._check_room()
            start_writing(self.file)

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
        # Not in /tmp, which is often memory.
        place = str(settings.FILE_UPLOAD_TEMP_DIR)
        file = tempfile.SpooledTemporaryFile(max_size=MIB, dir=place)  # noqa: SIM115  # closed by discard
        self.file: IO[bytes] = file
        self.handover = _Handover(storage, file)

    def write(self, chunk: bytes) -> None:
        self.file.write(chunk)

    def settle(self) -> None:
        self.file.flush()
        self.handover.prepare()

    def publish(self, name: str) -> None:
        self.handover.publish(name)

    def discard(self) -> None:
        self.handover.discard()
        self.file.close()


class PartialObjectStaging(PartialStaging):
    """A partial file of the local disk, handed over to a storage that takes whole objects."""

    def __init__(self, storage: Storage, partial: Partial) -> None:
        super().__init__(storage, partial)
        self.handover = _Handover(storage, self.file)

    def settle(self) -> None:
        self.handover.prepare()

    def publish(self, name: str) -> None:
        self.handover.publish(name)

    def discard(self) -> None:
        self.handover.discard()
        super().discard()


class _Handover:
    """Sends a file to a storage: aside first where it can be (S3), so that putting it in place takes no time."""

    def __init__(self, storage: Storage, file: IO[bytes]) -> None:
        self.storage, self.file = storage, file
        self.aside = ""

    def prepare(self) -> None:
        if isinstance(self.storage, S3Blobs):
            self.aside = self.storage.put_aside(self.file)

    def publish(self, name: str) -> None:
        if self.aside and isinstance(self.storage, S3Blobs):
            self.storage.bring(self.aside, name)
            self.aside = ""
            return
        self.file.seek(0)
        if self.storage.exists(name):
            self.storage.delete(name)  # else Django's storages save beside it, under another name
        saved = self.storage.save(name, File(self.file))
        if saved != name:
            self.storage.delete(saved)
            raise OSError(f"{name} could not be written: the storage called it {saved}")

    def discard(self) -> None:
        if self.aside:
            self.storage.delete(self.aside)
            self.aside = ""


@contextmanager
def staged(storage: Storage) -> Iterator[Staging]:
    """A place to write to, that leaves nothing behind unless published. A full disk raises DiskFull."""
    with _naming_a_full_disk():
        staging: Staging = DiskStaging(storage) if isinstance(storage, DiskStorage) else ObjectStaging(storage)
        try:
            yield staging
        finally:
            staging.discard()


@contextmanager
def staged_partial(storage: Storage, partial: Partial) -> Iterator[Staging]:
    """A partial file, ready to be published; the file itself stays. Raises Gone, DiskFull."""
    with _naming_a_full_disk():
        on_disk = isinstance(storage, DiskStorage)
        staging: Staging = PartialStaging(storage, partial) if on_disk else PartialObjectStaging(storage, partial)
        try:
            yield staging
        finally:
            staging.discard()


@contextmanager
def _naming_a_full_disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (ENOSPC, EDQUOT):
            raise DiskFull from error
        raise
    except OperationalError as error:
        if "full" in str(error).lower() or getattr(error.__cause__, "sqlstate", "") == "53100":
            raise DiskFull from error
        raise
