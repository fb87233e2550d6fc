"""A disk that fills up: 507, and nothing that was there is lost."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import LazySettings
from django.core.files.storage import storages

from tests.harness.webdav import Client

MIB = 2**20
SIZE = 30 * MIB


@pytest.fixture
def small_disk(tmp_path: Path, settings: LazySettings) -> Iterator[Path]:
    """The blobs on a disk of 30 MB, of which the last two are kept free."""
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0700", "tmpfs", place], capture_output=True, check=False
    )
    assert done.returncode == 0, f"only root may mount: run this test as root, in a container ({done.stderr.decode()})"
    kept = storages.backends["blobs"]
    settings.STORAGES = {
        **settings.STORAGES,
        "blobs": {**kept, "OPTIONS": {"location": place, "reserve": 2 * MIB}},
    }
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


@pytest.fixture
def bob(small_disk: Path, dav: SimpleNamespace) -> Client:
    return dav.client("bob", "Commun/")


def test_a_full_disk_answers_507_and_keeps_the_version_that_was_there(bob: Client, small_disk: Path) -> None:
    old = os.urandom(3 * MIB)
    assert bob.put("a.bin", old).status == 201
    beside = small_disk / "other-program"
    beside.write_bytes(b"x" * (20 * MIB))
    before = sorted(path for path in small_disk.rglob("*") if path.is_file())
    for name in ("a.bin", "b.bin"):
        answer = bob.ask("PUT", name, os.urandom(SIZE), Expect="100-continue")
        assert answer.status == 507, name
    assert bob.get("a.bin").content == old
    assert bob.get("b.bin").status == 404
    assert sorted(path for path in small_disk.rglob("*") if path.is_file()) == before
    beside.unlink()
    new = os.urandom(4 * MIB)
    assert bob.put("a.bin", new).status == 204
    assert bob.get("a.bin").content == new


def test_a_few_bytes_find_no_room_on_a_full_disk_either(bob: Client, small_disk: Path) -> None:
    assert bob.put("a.txt", b"old").status == 201
    (small_disk / "other-program").write_bytes(b"x" * (28 * MIB))
    assert bob.put("a.txt", b"new").status == 507
    assert bob.get("a.txt").content == b"old"
