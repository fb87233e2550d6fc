import errno
import hashlib
import io
import os
import stat
import time
import tracemalloc
from datetime import timedelta

import pytest
from django.core.files.storage import InMemoryStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, transaction

from tilios.core.blobs import actions
from tilios.core.blobs.errors import BlobError, Damaged, DiskFull, TooLarge
from tilios.core.blobs.models import Blob, State
from tilios.core.blobs.staging import DiskStaging
from tilios.core.blobs.storage import blob_storage

pytestmark = pytest.mark.django_db

MIB = 2**20


class Generated:
    """A stream of `size` bytes that are never held together."""

    def __init__(self, size):
        self.left = size
        self.piece = bytes(range(256)) * 4096

    def read(self, size=-1):
        taken = min(self.left, size if size >= 0 else self.left, len(self.piece))
        self.left -= taken
        return self.piece[:taken]


class Broken(io.RawIOBase):
    """A stream that fails after its first megabyte, as a connection that drops."""

    def __init__(self):
        self.first = True

    def read(self, size=-1):
        if not self.first:
            raise ConnectionResetError
        self.first = False
        return b"x" * MIB


def stored_then_rolled_back(put):
    with transaction.atomic():
        blob = put(b"bonjour")
        transaction.set_rollback(True)
    return blob


@pytest.mark.disk
def test_bytes_are_kept_under_their_name(put, disk):
    blob = put(b"bonjour", name="lettre.txt")
    assert blob.sha256 == hashlib.sha256(b"bonjour").hexdigest()
    assert (blob.size, blob.media_type, blob.state) == (7, "text/plain", State.WHOLE)
    with blob.open() as file:
        assert file.read() == b"bonjour"
    path = disk.root / blob.sha256[:2] / blob.sha256[2:4] / blob.sha256
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_same_bytes_are_kept_once(put, files):
    first, second = put(b"bonjour", name="a.txt"), put(b"bonjour", name="b.csv")
    assert first == second
    assert second.media_type == "text/plain"
    assert files() == [first.sha256]


def test_nothing_is_a_blob_too(put):
    blob = put(b"")
    assert (blob.size, blob.open().read()) == (0, b"")


def test_an_uploaded_file_is_taken():
    blob = actions.store(SimpleUploadedFile("été.csv", b"a;b\n", content_type="text/html"), name="été.csv")
    assert blob.media_type == "text/csv"


def test_memory_stays_constant_for_200_megabytes(on_disk, place):
    tracemalloc.start()
    blob = actions.store(Generated(200 * MIB))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert blob.size == 200 * MIB
    assert peak < (32 if place == "s3" else 8) * MIB  # a part of 8 MiB is held, signed and sent
    on_disk(blob).unlink()


def test_too_large_is_refused_as_soon_as_it_shows(files):
    stream = Generated(50 * MIB)
    with pytest.raises(TooLarge) as refused:
        actions.store(stream, max_size=3 * MIB)
    assert refused.value.limit == 3 * MIB
    assert stream.left > 40 * MIB
    assert (files(), Blob.objects.count()) == ([], 0)
    assert actions.store(Generated(3 * MIB), max_size=3 * MIB).size == 3 * MIB


def test_a_connection_that_drops_leaves_nothing(files):
    with pytest.raises(ConnectionResetError):
        actions.store(Broken())
    assert (files(), Blob.objects.count()) == ([], 0)


@pytest.mark.disk
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("step", ["write", "settle", "publish"])
def test_a_full_disk_has_a_name_and_leaves_nothing(step, code, files, monkeypatch):
    def full(*_arguments):
        raise OSError(code, "No space left on device")

    monkeypatch.setattr(DiskStaging, step, full)
    with pytest.raises(DiskFull):
        actions.store(io.BytesIO(b"bonjour"))
    assert (files(), Blob.objects.count()) == ([], 0)


@pytest.mark.disk
def test_a_disk_nearly_full_keeps_its_reserve(disk, files, monkeypatch):
    monkeypatch.setattr(disk, "reserve", 2**60)
    with pytest.raises(DiskFull):
        actions.store(io.BytesIO(b"bonjour"))
    assert files() == []


def test_a_full_database_is_a_full_disk(files, monkeypatch):
    def full(*_arguments, **_options):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(Blob, "save", full)
    with pytest.raises(DiskFull):
        actions.store(io.BytesIO(b"bonjour"))
    assert files() == []


@pytest.mark.disk
def test_a_crash_before_the_rename_leaves_nothing_referenced(put, disk, files, monkeypatch):
    class PowerCut(BaseException):
        pass

    def cut(*_arguments):
        raise PowerCut

    with monkeypatch.context() as patched:
        patched.setattr(DiskStaging, "publish", cut)
        patched.setattr(DiskStaging, "discard", lambda staging: staging.file.close())  # nobody is left to tidy up
        with pytest.raises(PowerCut):
            put(b"bonjour")
    assert Blob.objects.count() == 0
    (left,) = files()
    assert left.startswith("in-")
    actions.sweep()
    assert files() == [left]  # it may be an upload that is still going on
    os.utime(disk.staging_folder / left, (time.time() - 8 * 86400,) * 2)
    assert actions.sweep() == 1
    assert files() == []
    assert put(b"bonjour").open().read() == b"bonjour"


@pytest.mark.disk
def test_a_crash_after_the_rename_leaves_a_file_that_is_swept_or_taken_again(forget, put, on_disk, files):
    blob = stored_then_rolled_back(put)
    assert Blob.objects.count() == 0
    assert files() == [blob.sha256]
    assert actions.sweep() == 0  # too young
    os.utime(on_disk(blob), (time.time() - 8 * 86400,) * 2)
    again = put(b"bonjour")
    assert actions.sweep() == 0
    assert again.open().read() == b"bonjour"
    forget(again)
    os.utime(on_disk(blob), (time.time() - 8 * 86400,) * 2)
    assert actions.sweep() == 1
    assert files() == []


def test_a_file_without_row_is_not_trusted(put, on_disk):
    blob = stored_then_rolled_back(put)
    on_disk(blob).write_bytes(b"bonsoir")
    assert put(b"bonjour").open().read() == b"bonjour"


@pytest.mark.disk
def test_sweeping_leaves_alone_what_is_no_blob(disk):
    for name in ("lisez-moi.txt", "ab/notes.txt", "ab/cd/notes.txt"):
        path = disk.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("à moi")
        os.utime(path, (0, 0))
    assert actions.sweep() == 0
    assert (disk.root / "ab/cd/notes.txt").exists()


@pytest.mark.parametrize("state", [State.DAMAGED, State.MISSING])
def test_a_new_upload_heals_damaged_bytes(state, put, on_disk):
    blob = put(b"bonjour")
    on_disk(blob).write_bytes(b"bonsoir")
    Blob.objects.update(state=state)
    healed = put(b"bonjour")
    assert (healed.pk, healed.state, healed.open().read()) == (blob.pk, State.WHOLE, b"bonjour")


def test_a_file_removed_by_hand_is_written_again_by_an_upload(put, on_disk):
    blob = put(b"bonjour")
    on_disk(blob).unlink()
    with pytest.raises(Damaged):
        blob.open()
    assert put(b"bonjour").open().read() == b"bonjour"


@pytest.mark.disk
def test_another_storage_is_only_a_setting(forget, settings, put, files):
    settings.STORAGES = settings.STORAGES | {"blobs": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    blob = put(b"bonjour")
    assert put(b"bonjour") == blob
    assert blob.open().read() == b"bonjour"
    assert files() == []
    assert actions.scrub() == []
    storage = blob_storage()
    assert isinstance(storage, InMemoryStorage)
    storage.delete(blob.path)
    assert [problem.state for problem in actions.scrub()] == [State.MISSING]
    assert put(b"bonjour").open().read() == b"bonjour"
    forget(blob)
    assert actions.sweep(older_than=timedelta(0)) == 1
    assert not storage.exists(blob.path)


def test_a_blob_found_by_its_name_can_be_held(forget, put):
    blob = put(b"bonjour")
    assert actions.keep(blob) == blob
    Blob.objects.update(state=State.DAMAGED)
    with pytest.raises(Damaged):
        actions.keep(blob)
    forget(blob)
    with pytest.raises(Damaged):
        actions.keep(blob)


def test_every_error_is_a_sentence_and_a_status():
    for error in (TooLarge(5), DiskFull(), Damaged()):
        assert isinstance(error, BlobError)
        assert str(error).endswith(".")
        assert 400 <= error.status < 600
