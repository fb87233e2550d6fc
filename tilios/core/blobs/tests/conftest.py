"""Each test has a folder of blobs of its own, and makes a structure whose logo can point at one."""

import io
from itertools import count
from pathlib import Path

import pytest

from tilios.core.blobs import actions
from tilios.core.blobs.models import Blob
from tilios.core.blobs.storage import DiskStorage, blob_storage
from tilios.core.structures.models import Structure

_number = count(1)


@pytest.fixture(autouse=True)
def disk(settings, tmp_path) -> DiskStorage:
    """The storage of blobs, empty."""
    backend = "tilios.core.blobs.storage.DiskStorage"
    settings.STORAGES = settings.STORAGES | {
        "blobs": {"BACKEND": backend, "OPTIONS": {"location": tmp_path / "blobs", "reserve": 0}}
    }
    return blob_storage()


@pytest.fixture
def put():
    """`put(b"...")` stores bytes and gives their blob."""
    return lambda content, **options: actions.store(io.BytesIO(content), **options)


@pytest.fixture
def point_at():
    """`point_at(blob)` makes a row that keeps it."""

    def make(blob):
        number = next(_number)
        return Structure.objects.create(name=f"Lieu {number}", slug=f"lieu-{number}", logo=blob)

    return make


@pytest.fixture
def files(disk):
    """`files()` gives the names of all files on the disk, those being received included."""
    return lambda: sorted(path.name for path in disk.root.rglob("*") if path.is_file())


@pytest.fixture
def on_disk(disk):
    """`on_disk(blob)` is the path of its file, to be altered or removed."""
    return lambda blob: Path(disk.path(blob.path))


@pytest.fixture
def let_go():
    """`let_go(row)`: it keeps its blob no more."""
    return lambda row: Structure.objects.filter(pk=row.pk).update(logo=None)


@pytest.fixture
def forget():
    """`forget(blob)` removes its row behind the back of everybody, and leaves its file."""

    def remove(blob):
        rows = Blob.objects.filter(pk=blob.pk)
        rows._raw_delete(rows.db)

    return remove
