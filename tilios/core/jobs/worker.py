"""The worker: takes jobs one by one, revives those of a worker that died, starts periodic work when it is due."""

import logging
import threading
import time
from datetime import timedelta
from typing import Any

from django.db import close_old_connections, connection, transaction
from django.db.utils import OperationalError
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from tilios.core.jobs import MAX_TRIES
from tilios.core.jobs.models import Due, Worker
from tilios.core.journal.actions import through
from tilios.core.structures.scope import no_scope

logger = logging.getLogger("tilios.jobs")
BEAT_S = 5
LOOK_EVERY_S = 3  # how often an idle worker looks for dead workers and periodic work
SILENT = timedelta(seconds=30)


class WorkerThread(threading.Thread):
    """The one worker of the default process. `stop()` lets the job at hand finish and takes no other."""

    def __init__(self, interval_s: float = 0.5) -> None:
        super().__init__(name="tilios-worker", daemon=True)
        self.worker_name = get_random_string(24)
        self.interval_s = interval_s
        self._stopping = threading.Event()

    def stop(self, patience_s: float = 20) -> bool:
        """True when the job at hand was finished in time; otherwise it is taken again at the next start."""
        self._stopping.set()
        self.join(patience_s)
        return not self.is_alive()

    def run(self) -> None:
        beat = threading.Thread(target=self._beat, name="tilios-worker-beat", daemon=True)
        beat.start()
        look_again_at = 0.0
        while not self._stopping.is_set():
            close_old_connections()
            try:
                if time.monotonic() >= look_again_at:
                    revive()
                    start_due()
                    look_again_at = time.monotonic() + LOOK_EVERY_S
                worked = take_one(self.worker_name)
            except OperationalError:
                logger.exception("the database did not answer; trying again")
                worked = False
            if not worked:
                self._stopping.wait(self.interval_s)
        Worker.objects.filter(name=self.worker_name).delete()
        connection.close()

    def _beat(self) -> None:
        while not self._stopping.is_set():
            try:
                Worker.objects.update_or_create(name=self.worker_name, defaults={"beat_at": timezone.now()})
            except OperationalError:
                logger.warning("no beat: the database did not answer")
            self._stopping.wait(BEAT_S)
        connection.close()


def revive() -> int:
    """Give back the jobs of workers that have gone silent; a job tried too often has failed. Number given back."""
    now = timezone.now()
    running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING)
    if not running.exists():
        return 0
    alive = set(Worker.objects.filter(beat_at__gt=now - SILENT).values_list("name", flat=True))
    count = 0
    for row in running:
        if row.worker_ids and row.worker_ids[-1] in alive:
            continue
        if row.started_at and now - row.started_at < SILENT and not row.worker_ids:
            continue
        if len(row.worker_ids) >= MAX_TRIES:
            row.set_failed(RuntimeError(f"its process ended {MAX_TRIES} times"))
            continue
        count += DBTaskResult.objects.filter(
            pk=row.pk, status=TaskResultStatus.RUNNING, worker_ids=row.worker_ids
        ).update(status=TaskResultStatus.READY, started_at=None)
    return count


def take_one(worker_name: str) -> bool:
    """Run the next job, if there is one."""
    ready = DBTaskResult.objects.ready()
    if not ready.exists():  # a read: an idle worker takes no write lock
        return False
    with transaction.atomic():
        row = ready.get_locked()
        if row is None:
            return False
        row.claim(worker_name)
    run(row)
    return True


def run(row: DBTaskResult) -> None:
    """Run one claimed job and keep how it ended."""
    started = timezone.now()
    try:
        with no_scope(), through("job"):
            result = row.task.call(*row.args_kwargs["args"], **row.args_kwargs["kwargs"])
        row.set_successful(result)
    except Exception as error:
        logger.exception("job failed", extra={"job": row.task_path})
        row.set_failed(error)
        return
    duration_ms = int((timezone.now() - started).total_seconds() * 1000)
    logger.info("job done", extra={"job": row.task_path, "duration_ms": duration_ms})


def run_all(limit: int = 1000) -> int:
    """Run every job that is ready, here and now: for commands and tests. Number of jobs run."""
    count = 0
    while count < limit and take_one("here"):
        count += 1
    return count


def start_due() -> int:
    """Run the periodic work that is due. Several processes share it: whoever moves `next_at` does the work."""
    from tilios.core.jobs import periodic

    now = timezone.now()
    known = {due.name: due for due in Due.objects.all()}
    count = 0
    for work in periodic.everything():
        due = known.get(work.name)
        if due is None:
            Due.objects.get_or_create(name=work.name, defaults={"next_at": now + timedelta(seconds=work.every_s)})
            continue
        if due.next_at > now:
            continue
        later = now + timedelta(seconds=work.every_s)
        if Due.objects.filter(pk=due.pk, next_at=due.next_at).update(next_at=later):
            _run_periodic(work)
            count += 1
    return count


def _run_periodic(work: Any) -> None:
    try:
        with no_scope(), through("job"):
            work.run()
    except Exception:
        logger.exception("periodic work failed", extra={"work": work.name})
