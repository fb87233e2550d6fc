"""What only a bucket does."""

import io
import os
import random
from contextlib import suppress
from typing import Any

import pytest
from django.db import transaction
from django.test import RequestFactory

from tilios.core.blobs import actions
from tilios.core.blobs.s3 import INCOMING, Ranged, S3Blobs
from tilios.core.blobs.serving import blob_response

pytestmark = pytest.mark.django_db(transaction=True)
MIB = 2**20


@pytest.fixture
def bucket(s3_server: Any, settings: Any, place: str) -> S3Blobs:
    settings.STORAGES = settings.STORAGES | {"blobs": s3_server.storage()}
    from tilios.core.blobs.storage import blob_storage

    storage = blob_storage()
    assert isinstance(storage, S3Blobs)
    return storage


def keys(bucket: S3Blobs) -> list[str]:
    return [one.key for one in bucket.bucket.objects.all()]


@pytest.fixture
def asked(bucket: S3Blobs, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The ranges asked of the server."""
    ranges: list[tuple[int, int]] = []
    read = S3Blobs.read_range

    def noting(storage: S3Blobs, name: str, first: int, last: int) -> Any:
        ranges.append((first, last))
        return read(storage, name, first, last)

    monkeypatch.setattr(S3Blobs, "read_range", noting)
    return ranges


@pytest.mark.disk
def test_a_range_is_asked_for_alone(bucket: S3Blobs, asked: list[tuple[int, int]]) -> None:
    content = random.Random(1).randbytes(20 * MIB)
    blob = actions.store(io.BytesIO(content))
    asked.clear()
    request = RequestFactory().get("/", headers={"Range": "bytes=15000000-15000099"})
    response: Any = blob_response(blob, name="x", request=request)
    assert response.status_code == 206
    assert b"".join(response) == content[15_000_000:15_000_100]
    [(first, last)] = asked
    assert first == 15_000_000
    assert last - first < MIB


@pytest.mark.disk
def test_reading_on_takes_larger_and_larger_windows(bucket: S3Blobs, asked: list[tuple[int, int]]) -> None:
    content = random.Random(2).randbytes(40 * MIB)
    blob = actions.store(io.BytesIO(content))
    asked.clear()
    with blob.open() as file:
        assert file.read() == content
    assert len(asked) < 8
    assert sum(last - first + 1 for first, last in asked) == len(content)


@pytest.mark.disk
def test_it_reads_as_a_file_does(bucket: S3Blobs) -> None:
    content = random.Random(3).randbytes(3 * MIB)
    blob = actions.store(io.BytesIO(content))
    chance, plain = random.Random(os.urandom(4)), io.BytesIO(content)
    with io.BufferedReader(Ranged(bucket, blob.path, blob.size)) as file:
        for _turn in range(60):
            place, whence = chance.choice([(chance.randrange(4 * MIB), 0), (chance.randrange(-MIB, 0), 2)])
            assert file.seek(place, whence) == plain.seek(place, whence)
            size = chance.choice([0, 1, 100, 300_000])
            assert file.read(size) == plain.read(size)
            assert file.tell() == plain.tell()


@pytest.mark.disk
def test_nothing_waits_aside_once_stored_nor_once_undone(bucket: S3Blobs) -> None:
    blob = actions.store(io.BytesIO(b"bonjour"))
    assert keys(bucket) == [blob.path]
    with suppress(ZeroDivisionError), transaction.atomic():
        actions.store(io.BytesIO(b"autre"))
        raise ZeroDivisionError
    assert not [key for key in keys(bucket) if key.startswith(INCOMING)]


@pytest.mark.disk
def test_what_a_transfer_that_died_has_left_goes(bucket: S3Blobs) -> None:
    bucket.put_aside(io.BytesIO(b"abandon"))
    assert bucket.clear_staging(3600) == 0
    assert bucket.clear_staging(-60) == 1
    assert keys(bucket) == []


@pytest.mark.disk
def test_a_large_file_is_copied_into_place_by_the_server(bucket: S3Blobs) -> None:
    content = random.Random(4).randbytes(30 * MIB)  # several parts
    blob = actions.store(io.BytesIO(content))
    assert keys(bucket) == [blob.path]
    assert actions.scrub() == []
