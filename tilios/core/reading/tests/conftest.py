"""Each test has a folder of blobs of its own; jobs run when a test says so."""

import io
from collections.abc import Callable
from typing import Any

import pytest

from tilios.core.blobs.actions import store
from tilios.core.blobs.models import Blob
from tilios.core.jobs.worker import run_all


@pytest.fixture(autouse=True)
def disk(settings: Any, tmp_path: Any) -> None:
    backend = "tilios.core.blobs.storage.DiskStorage"
    settings.STORAGES = settings.STORAGES | {
        "blobs": {"BACKEND": backend, "OPTIONS": {"location": tmp_path / "blobs", "reserve": 0}}
    }


@pytest.fixture
def put(db: None) -> Callable[[bytes, str], Blob]:
    """`put(content, name)` stores bytes under a name and gives their blob."""
    return lambda content, name: store(io.BytesIO(content), name=name)


@pytest.fixture
def work() -> Callable[[], int]:
    """`work()` does what waits in the queue; gives how many jobs it did."""
    return run_all
