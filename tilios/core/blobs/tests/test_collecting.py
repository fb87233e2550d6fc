from datetime import timedelta

import pytest
from django.utils import timezone

from tilios.core.blobs import actions, queries
from tilios.core.blobs.models import Blob, Thumbnail
from tilios.core.blobs.references import is_kept, references

pytestmark = pytest.mark.django_db(transaction=True)

NOW = timedelta(0)


def age(days):
    """Let `days` pass since orphans were seen."""
    Blob.objects.exclude(orphaned_at=None).update(orphaned_at=timezone.now() - timedelta(days=days))


def test_references_are_found_in_the_models():
    found = {f"{reference.model._meta.label}.{reference.field.name}": reference.keeps for reference in references()}
    assert found["structures.Structure.logo"]
    assert found["blobs.Thumbnail.image"]
    assert not found["blobs.Thumbnail.blob"]


def test_every_kind_of_row_that_points_at_a_blob_is_asked(put, django_assert_num_queries):
    keeping = [reference for reference in references() if reference.keeps]
    blob = put(b"bonjour")
    with django_assert_num_queries(len(keeping)):
        assert not is_kept(blob)
    with django_assert_num_queries(1):
        assert list(queries.orphans()) == [blob]


def test_an_orphan_waits_seven_days_from_when_it_was_seen(put, files):
    blob = put(b"bonjour")
    Blob.objects.update(created_at=timezone.now() - timedelta(days=100))
    assert actions.collect() == actions.Collected()
    assert list(queries.orphans()) == [blob]
    assert list(queries.orphans(timedelta(days=7))) == []
    age(6)
    assert actions.collect().blobs == 0
    age(8)
    assert list(queries.orphans(timedelta(days=7))) == [blob]
    assert actions.collect() == actions.Collected(blobs=1, size=7)
    assert (files(), Blob.objects.count()) == ([], 0)


def test_what_is_pointed_at_is_never_collected(put, point_at, files):
    blobs = [put(str(number).encode()) for number in range(20)]
    for blob in blobs[::2]:
        point_at(blob)
    assert actions.collect(NOW).blobs == 10
    assert files() == sorted(blob.sha256 for blob in blobs[::2])
    assert set(Blob.objects.all()) == set(blobs[::2])


def test_a_reference_in_time_saves_and_the_delay_starts_again(put, point_at, let_go):
    blob = put(b"bonjour")
    actions.collect()
    age(8)
    row = point_at(blob)
    assert actions.collect().blobs == 0
    let_go(row)
    assert actions.collect().blobs == 0
    blob.refresh_from_db()
    assert timezone.now() - blob.orphaned_at < timedelta(minutes=1)


def test_storing_again_saves(put):
    blob = put(b"bonjour")
    actions.collect()
    age(8)
    put(b"bonjour")
    assert actions.collect().blobs == 0
    assert Blob.objects.get() == blob


def test_holding_saves(put):
    blob = put(b"bonjour")
    actions.collect()
    age(8)
    actions.keep(blob)
    assert actions.collect().blobs == 0


def test_thumbnails_go_with_their_image(put, point_at, let_go, files):
    picture, small = put(b"picture"), put(b"small")
    Thumbnail.objects.create(blob=picture, side=48, image=small)
    row = point_at(picture)
    assert actions.collect(NOW).blobs == 0
    let_go(row)
    assert actions.collect(NOW).blobs == 1
    assert actions.collect(NOW).blobs == 1
    assert (files(), Thumbnail.objects.count()) == ([], 0)


def test_a_reference_made_between_looking_and_removing_is_obeyed(put, point_at, files, monkeypatch):
    """The row appears after the last look: the database itself refuses to let the blob go."""
    blob = put(b"bonjour")

    def late(row):
        point_at(row)
        return False

    monkeypatch.setattr(actions, "is_kept", late)
    assert actions.collect(NOW) == actions.Collected()
    assert files() == [blob.sha256]
    assert Blob.objects.get() == blob


def test_bytes_stored_again_between_row_and_file_stay(put, files, monkeypatch):
    """Whoever collects has removed the row; somebody stores the same bytes; then the file would go."""
    put(b"bonjour")
    remove = actions._remove_bytes

    def late(sha256):
        put(b"bonjour")
        return remove(sha256)

    monkeypatch.setattr(actions, "_remove_bytes", late)
    assert actions.collect(NOW).blobs == 1
    blob = Blob.objects.get()
    assert files() == [blob.sha256]
    assert blob.open().read() == b"bonjour"


def test_a_crash_between_row_and_file_leaves_a_stray_that_goes_later(put, disk, files, monkeypatch):
    blob = put(b"bonjour")
    with monkeypatch.context() as patched:
        patched.setattr(actions, "_remove_bytes", lambda sha256: False)
        assert actions.collect(NOW).blobs == 1
    assert files() == [blob.sha256]
    assert actions.collect(NOW).strays == 1
    assert files() == []


def test_what_weighs_is_counted(put):
    assert queries.total_bytes() == 0
    put(b"12345")
    put(b"123")
    assert queries.total_bytes() == 8
