"""Each test has a storage of blobs of its own, and makes a structure whose logo can point at one.

Every test runs twice, on a disk and on a real S3 server, but for those marked `disk`, which look at its files.
"""

import io
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import connection

from tests.harness import s3
from tilios.core.blobs import actions
from tilios.core.blobs.models import Blob
from tilios.core.blobs.storage import blob_storage
from tilios.core.structures.models import Structure

_number = count(1)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    on_disk_alone = metafunc.definition.get_closest_marker("disk") is not None
    # Bytes know nothing of the database: they go to the S3 server in one of the two runs.
    on_disk_alone = on_disk_alone or connection.vendor == "postgresql"
    metafunc.parametrize("place", ["disk"] if on_disk_alone else ["disk", "s3"], indirect=True)


@pytest.fixture(scope="session")
def s3_server() -> Iterator[s3.Server]:
    with s3.running() as server:
        yield server


@pytest.fixture(autouse=True)
def place(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> str:
    """Where blobs are in this test: "disk" or "s3"; empty."""
    if request.param == "s3":
        storage: dict[str, Any] = request.getfixturevalue("s3_server").storage()
    else:
        options = {"location": tmp_path / "blobs", "reserve": 0}
        storage = {"BACKEND": "tilios.core.blobs.storage.DiskStorage", "OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"blobs": storage}
    settings.TILIOS_DATA = tmp_path
    return str(request.param)


@pytest.fixture
def disk(place: str) -> Storage:
    """The storage of blobs."""
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
def files(place, disk):
    """`files()` gives the names of all files there, those being received included."""
    if place == "s3":
        return lambda: sorted(one.key.rpartition("/")[2] for one in disk.bucket.objects.all())
    return lambda: sorted(path.name for path in disk.root.rglob("*") if path.is_file())


class Placed:
    """The file of a blob in a bucket, altered as one on the disk would be."""

    def __init__(self, disk: Storage, name: str) -> None:
        self.disk, self.name = disk, name

    def write_bytes(self, content: bytes) -> None:
        self.disk.save(self.name, ContentFile(content))

    def unlink(self) -> None:
        self.disk.delete(self.name)


@pytest.fixture
def on_disk(place, disk):
    """`on_disk(blob)` is its file, to be altered or removed."""
    if place == "s3":
        return lambda blob: Placed(disk, blob.path)
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
