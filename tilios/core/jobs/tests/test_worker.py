"""Jobs are done once, taken again when their process dies, given up after three deaths; periodic work has one doer."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from tests.cast import Cast
from tilios.core.jobs import MAX_TRIES, job, periodic, progress, worker
from tilios.core.jobs.models import Due, Progress, Worker
from tilios.core.structures.scope import OutOfScope, current_structure, scope

done: list[str] = []


@job
def note(word: str) -> str:
    done.append(word)
    return word


@job
def fail() -> None:
    raise ValueError("on purpose")


@job
def look_around() -> str:
    return current_structure().slug


@pytest.fixture(autouse=True)
def _nothing_done() -> None:
    done.clear()


@pytest.fixture
def dead_job(db: None) -> DBTaskResult:
    """A job whose worker was killed: running, by somebody who no longer says they are alive."""
    note.enqueue("again")
    row = DBTaskResult.objects.get()
    row.claim("killed-worker")
    Worker.objects.create(name="killed-worker", beat_at=timezone.now() - timedelta(minutes=2))
    return row


@pytest.mark.django_db
def test_a_job_is_done_once() -> None:
    note.enqueue("hello")
    assert worker.run_all() == 1
    assert worker.run_all() == 0
    assert done == ["hello"]


@pytest.mark.django_db
def test_a_job_of_a_transaction_that_is_rolled_back_never_was() -> None:
    with transaction.atomic():
        note.enqueue("never")
        transaction.set_rollback(True)
    assert worker.run_all() == 0


@pytest.mark.django_db
def test_a_job_that_fails_is_kept_with_its_reason() -> None:
    fail.enqueue()
    worker.run_all()
    row = DBTaskResult.objects.get()
    assert row.status == TaskResultStatus.FAILED
    assert "on purpose" in row.traceback


def test_the_job_of_a_dead_worker_is_taken_again(dead_job: DBTaskResult) -> None:
    assert worker.revive() == 1
    assert worker.run_all() == 1
    assert done == ["again"]


def test_the_job_of_a_living_worker_is_left_to_it(dead_job: DBTaskResult) -> None:
    Worker.objects.update(beat_at=timezone.now())
    assert worker.revive() == 0


def test_a_job_that_kills_its_worker_each_time_is_given_up(dead_job: DBTaskResult) -> None:
    DBTaskResult.objects.update(worker_ids=["killed-worker"] * MAX_TRIES)
    assert worker.revive() == 0
    assert DBTaskResult.objects.get().status == TaskResultStatus.FAILED


def test_a_job_starts_outside_any_scope(cast: Cast) -> None:
    look_around.enqueue()
    with scope(cast.fabrique):
        worker.run_all()
    assert OutOfScope.__name__ in DBTaskResult.objects.get().exception_class_path


@pytest.mark.django_db
def test_periodic_work_is_done_when_due_and_by_one_only(monkeypatch: pytest.MonkeyPatch) -> None:
    works: dict[str, Any] = {}
    monkeypatch.setattr(periodic, "_works", works)
    periodic.register("tests.tick", lambda: done.append("tick"), every_s=60)
    assert worker.start_due() == 0  # first seen: due in a minute
    Due.objects.update(next_at=timezone.now() - timedelta(seconds=1))
    assert worker.start_due() == 1
    assert worker.start_due() == 0
    assert done == ["tick"]


@pytest.mark.django_db
def test_periodic_work_that_fails_does_not_stop_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(periodic, "_works", {})
    periodic.register("tests.broken", lambda: 1 / 0, every_s=60)
    worker.start_due()
    Due.objects.update(next_at=timezone.now() - timedelta(seconds=1))
    assert worker.start_due() == 1


@pytest.mark.django_db
def test_progress_says_how_it_ended() -> None:
    row = progress.start(label="a long job", total=4)
    with progress.following(row.key):
        progress.step(row.key, 2)
        assert Progress.objects.get().percent == 50
    assert Progress.objects.get().state == "done"
    broken = progress.start(label="another")
    with pytest.raises(ZeroDivisionError), progress.following(broken.key):
        _ = 1 / 0
    assert Progress.objects.get(key=broken.key).state == "failed"
