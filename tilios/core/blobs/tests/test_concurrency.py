"""Real threads on a real database: what meets is told apart by the database, on SQLite as on PostgreSQL."""

import io
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from tilios.core.blobs import actions, references
from tilios.core.blobs.models import Blob
from tilios.core.structures.models import Structure

pytestmark = pytest.mark.django_db(transaction=True)

NOW = timedelta(0)


def in_threads(count, work):
    """Run `work(number)` in `count` threads that start together; give what each returns."""
    start = threading.Barrier(count)

    def run(number):
        start.wait()
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def store(content):
    return actions.store(io.BytesIO(content))


def every_row_has_its_bytes():
    return actions.scrub() == []


def test_the_same_bytes_stored_at_once_are_one_blob(files):
    content = random.Random(1).randbytes(3_000_000)
    found = in_threads(8, lambda _number: store(content).pk)
    assert len(set(found)) == 1
    assert files() == [Blob.objects.get().sha256]
    assert every_row_has_its_bytes()


def test_the_same_bytes_stored_in_transactions_that_end_differently(files):
    def work(number):
        try:
            with transaction.atomic():
                store(b"bonjour")
                if number % 2:
                    raise ZeroDivisionError
        except ZeroDivisionError:
            return False
        return True

    assert sum(in_threads(8, work)) == 4
    assert len(files()) == 1
    assert every_row_has_its_bytes()


def test_storing_and_collecting_the_same_bytes_at_once_loses_nothing():
    """Each thread stores, points and lets go while others collect with no delay at all, the worst there is."""
    contents = [b"un", b"deux", b"trois"]

    def work(number):
        chance = random.Random(number)
        for turn in range(15):
            if number % 4 == 0:
                actions.collect(NOW)
                continue
            with transaction.atomic():
                blob = store(chance.choice(contents))
                row = Structure.objects.create(name="x", slug=f"s-{number}-{turn}", logo=blob)
            assert blob.open().read() in contents
            if chance.random() < 0.7:
                Structure.objects.filter(pk=row.pk).update(logo=None)
        return True

    assert all(in_threads(8, work))
    kept = set(Structure.objects.exclude(logo=None).values_list("logo__sha256", flat=True))
    actions.collect(NOW)
    assert {blob.sha256 for blob in Blob.objects.all()} == kept
    assert every_row_has_its_bytes()


def test_sweeping_and_storing_the_same_bytes_at_once_loses_nothing(disk):
    def work(number):
        for turn in range(15):
            if number % 2:
                actions.sweep(NOW)
                continue
            try:
                with transaction.atomic():
                    blob = store(b"bonjour")
                    if (turn + number) % 3:
                        raise ZeroDivisionError  # the file stays, its row does not
            except ZeroDivisionError:
                continue
            assert blob.open().read() == b"bonjour"
        return True

    assert all(in_threads(6, work))
    store(b"bonjour")
    assert every_row_has_its_bytes()


@pytest.mark.parametrize("hold", [actions.keep, lambda _blob: store(b"bonjour")], ids=["keep", "store"])
def test_a_reference_not_committed_yet_holds_its_blob(hold, put):
    """Whoever holds the blob is still in its transaction when the collection comes by."""
    blob = put(b"bonjour")
    held, collected = threading.Event(), threading.Event()

    def point():
        try:
            with transaction.atomic():
                hold(blob)
                Structure.objects.create(name="x", slug="x", logo=blob)
                held.set()
                collected.wait(2)
        finally:
            connection.close()

    thread = threading.Thread(target=point)
    thread.start()
    held.wait(10)
    try:
        assert actions.collect(NOW).blobs == 0  # PostgreSQL passes it over; SQLite waits for its turn
    finally:
        collected.set()
        thread.join()
    assert Structure.objects.get().logo == blob
    assert actions.collect(NOW).blobs == 0
    assert every_row_has_its_bytes()


def test_two_collections_at_once_count_each_blob_once(put):
    for number in range(30):
        put(str(number).encode())
    found = in_threads(4, lambda _number: actions.collect(NOW).blobs)
    actions.collect(NOW)
    assert sum(found) == 30
    assert Blob.objects.count() == 0
    assert references.references()
