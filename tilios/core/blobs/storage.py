"""Where the bytes of blobs are: any Django storage, called "blobs" in STORAGES.

`DiskStorage` is the default. Another storage (S3 by django-storages) is only a setting: `staging.py` writes to any.
"""

import ctypes
import os
import shutil
import time
from pathlib import Path
from typing import IO, Any

from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils.deconstruct import deconstructible

MIB = 2**20


def blob_storage() -> Storage:
    """The storage of blobs."""
    return storages["blobs"]


def path_of(sha256: str) -> str:
    """The place of a blob in its storage: two levels of 256 folders, so that none grows large."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


@deconstructible(path="tilios.core.blobs.storage.DiskStorage")
class DiskStorage(FileSystemStorage):
    """A folder that only its owner reads. What is being received is in `tmp/`, on the same disk as what is kept.

    `reserve` bytes are left free on the disk, so that a full one does not stop the database beside it.
    """

    def __init__(self, location: Any = None, *, reserve: int = 64 * MIB, **options: Any) -> None:
        options.setdefault("file_permissions_mode", 0o600)
        options.setdefault("directory_permissions_mode", 0o700)
        super().__init__(location, **options)
        self.reserve = reserve

    @property
    def root(self) -> Path:
        return Path(self.location)

    @property
    def staging_folder(self) -> Path:
        """The folder of what is being received; made if need be."""
        folder = self.root / "tmp"
        make_folder(folder)
        return folder

    def has_room(self, size: int = 0) -> bool:
        """Whether `size` more bytes leave the reserve untouched."""
        return shutil.disk_usage(self.staging_folder).free - size >= self.reserve

    def clear_staging(self, older_than_s: float) -> int:
        """Remove what uploads that died have left. How many."""
        count = 0
        for path in self.staging_folder.iterdir():
            if path.is_dir():
                continue  # what comes in several goes (partial.py) has a delay of its own
            try:
                if path.stat().st_mtime < time.time() - older_than_s:
                    path.unlink()
                    count += 1
            except FileNotFoundError:
                continue  # published or discarded meanwhile
        return count


SYNC_FILE_RANGE_WRITE = 2
_write_range = getattr(ctypes.CDLL(None), "sync_file_range", None)


def make_folder(folder: Path) -> None:
    """Make `folder` and those above it, each written to the disk before what it will hold."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the names in `folder` are on the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def start_writing(file: IO[bytes]) -> None:
    """Have the system write to the disk what it holds of `file`, while more comes in: the sync at the end is short.

    A hint and no promise (sync_file_range(2), Linux): where it cannot be given, nothing is lost but time.
    """
    file.flush()
    if _write_range is not None:
        _write_range(file.fileno(), ctypes.c_int64(0), ctypes.c_int64(0), SYNC_FILE_RANGE_WRITE)
