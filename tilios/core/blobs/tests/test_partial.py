import hashlib
import os
import threading
from contextlib import suppress

import pytest
from django.db import transaction

from tilios.core.blobs import actions, partial
from tilios.core.blobs.errors import DiskFull
from tilios.core.blobs.partial import Gone, Overtaken, Partial

pytestmark = pytest.mark.django_db(transaction=True)

KEY = "une-cle-de-test"


@pytest.fixture
def growing():
    one = Partial(KEY)
    one.make()
    return one


def add(one, at, *pieces):
    with one.writing(at) as write:
        for piece in pieces:
            write(piece)


def stored(one, **options):
    with actions.prepared(one, **options) as blob:
        return blob()


def test_it_grows_at_its_end_and_becomes_a_blob(growing, files):
    add(growing, 0, b"bon", b"jour")
    add(growing, 7, b" le monde")
    sha256 = growing.sha256()
    assert sha256 == hashlib.sha256(b"bonjour le monde").hexdigest()
    blob = stored(growing, name="x.txt")
    assert (blob.sha256, blob.size, blob.media_type) == (sha256, 16, "text/plain")
    assert blob.open().read() == b"bonjour le monde"
    assert growing.size == 16
    growing.discard()
    assert files() == [sha256]
    assert actions.scrub() == []


def test_whoever_does_not_know_where_it_ends_writes_nothing(growing):
    add(growing, 0, b"bonjour")
    for at in (0, 3, 8):
        with pytest.raises(Overtaken) as found:
            add(growing, at, b"x")
        assert found.value.size == 7
    assert growing.path.read_bytes() == b"bonjour"


def test_of_two_who_write_at_once_nothing_is_interleaved(growing):
    """Each writer sends its own letter: the file is never made of both beyond the place where one took over."""
    start = threading.Barrier(2)
    refused = []

    def send(letter):
        start.wait()
        try:
            add(growing, 0, *[letter * 1000] * 50)
        except Overtaken:
            refused.append(letter)

    threads = [threading.Thread(target=send, args=(letter,)) for letter in (b"a", b"b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    content = growing.path.read_bytes()
    assert content in (b"a" * 50_000, b"b" * 50_000)
    assert len(refused) == 1


def test_a_writer_that_was_silent_while_another_went_on_is_stopped(growing):
    with growing.writing(0) as slow:
        slow(b"bon")
        add(growing, 3, b"jour")
        with pytest.raises(Overtaken):
            slow(b"soir")
    assert growing.path.read_bytes() == b"bonjour"
    assert growing.sha256() == hashlib.sha256(b"bonjour").hexdigest()


def test_what_came_before_a_fault_stays_and_its_hash_is_right(growing):
    with suppress(ZeroDivisionError), growing.writing(0) as write:
        write(b"bon")
        raise ZeroDivisionError
    add(growing, 3, b"jour")
    assert growing.sha256() == hashlib.sha256(b"bonjour").hexdigest()


def test_the_hash_is_made_again_after_a_restart(growing, monkeypatch):
    add(growing, 0, b"bon")
    monkeypatch.setattr(partial, "_digests", partial._Digests())
    add(growing, 3, b"jour")
    assert growing.sha256() == hashlib.sha256(b"bonjour").hexdigest()


def test_a_full_disk_keeps_what_was_there(growing, monkeypatch):
    add(growing, 0, b"bonjour")
    monkeypatch.setattr(partial, "has_room", lambda _size: False)
    with pytest.raises(DiskFull):
        add(growing, 7, b"x")
    assert growing.path.read_bytes() == b"bonjour"


def test_a_transaction_undone_leaves_the_bytes_to_be_stored_again(growing):
    add(growing, 0, b"bonjour")
    with suppress(ZeroDivisionError), transaction.atomic():
        stored(growing)
        raise ZeroDivisionError
    assert growing.size == 7
    assert stored(growing).open().read() == b"bonjour"


@pytest.mark.disk
def test_where_a_file_has_no_second_name_it_is_copied(growing, monkeypatch):
    def refuse(*_arguments):
        raise PermissionError

    add(growing, 0, b"bonjour")
    monkeypatch.setattr(os, "link", refuse)
    assert stored(growing).open().read() == b"bonjour"


def test_what_is_gone_is_said(growing):
    growing.discard()
    growing.discard()
    assert (growing.size, growing.exists) == (0, False)
    with pytest.raises(Gone):
        add(growing, 0, b"x")
    with pytest.raises(Gone):
        growing.sha256()
    with pytest.raises(Gone):
        stored(growing)


@pytest.mark.parametrize("key", ["", "court", "../../secrets", "a/b-c-d-e-f", "a" * 65, "été-été-été"])
def test_a_key_is_no_path(key):
    with pytest.raises(ValueError, match="not a key"):
        Partial(key)


@pytest.mark.disk
def test_clearing_the_staging_area_leaves_what_still_grows(growing, disk):
    add(growing, 0, b"bonjour")
    os.utime(growing.path, (0, 0))
    assert disk.clear_staging(60) == 0
    assert growing.size == 7
    assert partial.clear(60) == 1
    assert not growing.exists
