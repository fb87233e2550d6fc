"""The long work of an import, in small transactions: a worker that dies is replaced by one that goes on from there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils import timezone

from tilios.core.jobs import job, progress
from tilios.core.journal.actions import publish, through
from tilios.core.people import rules
from tilios.core.people.imports import bringing, undoing
from tilios.core.people.imports.judging import Judge
from tilios.core.people.models import ImportBatch, ImportRow, ImportState, Outcome
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope

CHUNK = 250


@contextmanager
def _working(structure_id: int, batch_id: int, state: str) -> Iterator[ImportBatch | None]:
    """The batch in its scope, or None when it is no longer in `state`: the job ran already, or was called off."""
    structure = Structure.objects.get(pk=structure_id)
    with scope(structure), through("import"):
        batch = ImportBatch.objects.select_related("created_by", "group").filter(pk=batch_id, state=state).first()
        if batch is None:
            yield None
            return
        with progress.following(batch.progress_key):
            yield batch


def _power(batch: ImportBatch) -> int:
    """What whoever imports may still do, now that the job runs."""
    return rules.power(batch.created_by) if batch.created_by else 0


def _in_chunks(batch: ImportBatch, after: int, work: Callable[[list[ImportRow]], None]) -> None:
    """Do `work` on the rows below line `after`, a chunk a transaction, and say how far it is."""
    done = ImportRow.objects.filter(batch=batch, number__lte=after).count()
    while True:
        with transaction.atomic():
            rows = list(ImportRow.objects.filter(batch=batch, number__gt=after).order_by("number")[:CHUNK])
            if not rows:
                return
            work(rows)
        after = rows[-1].number
        done += len(rows)
        progress.step(batch.progress_key, done, batch.total)


def _count(batch: ImportBatch) -> dict[str, int]:
    counts = dict.fromkeys((Outcome.CREATED, Outcome.CHANGED, Outcome.UNCHANGED, Outcome.ERROR), 0)
    for outcome in ImportRow.objects.filter(batch=batch).values_list("outcome", flat=True).iterator():
        counts[outcome] = counts.get(outcome, 0) + 1
    return {str(outcome): count for outcome, count in counts.items()}


@job
def check(structure_id: int, batch_id: int) -> None:
    """Try the import out: every row gets its outcome, nothing else is written."""
    with _working(structure_id, batch_id, ImportState.CHECKING) as batch:
        if batch is None:
            return
        judge = Judge(batch, power=_power(batch))

        def work(rows: list[ImportRow]) -> None:
            judge.judge(rows)
            bringing.save_rows(rows)

        _in_chunks(batch, 0, work)
        _finish(batch, ImportState.CHECKED, counts=_count(batch))


@job
def bring_in(structure_id: int, batch_id: int) -> None:
    """Do what the rows say, judged anew: the structure may have changed since they were tried out."""
    with _working(structure_id, batch_id, ImportState.IMPORTING) as batch:
        if batch is None:
            return
        judge = Judge(batch, power=_power(batch))
        applied = ImportRow.objects.filter(batch=batch, applied=True)
        judge.remember(applied.iterator(chunk_size=1_000))
        last = applied.order_by("-number").values_list("number", flat=True).first() or 0
        _in_chunks(batch, last, lambda rows: bringing.bring_in(batch, judge, rows))
        with transaction.atomic():
            counts = _count(batch)
            _finish(batch, ImportState.IMPORTED, counts=counts, imported_at=timezone.now())
            publish("people.imported", by=batch.created_by, target=batch, **counts)


@job
def undo(structure_id: int, batch_id: int, by_id: int) -> None:
    """Take back what the rows did, save what was changed since."""
    with _working(structure_id, batch_id, ImportState.UNDOING) as batch:
        if batch is None:
            return
        total = ImportRow.objects.filter(batch=batch, applied=True).count()
        before = progress_done(batch)
        while rows := undoing.next_rows(batch, CHUNK):
            with transaction.atomic():
                undoing.undo_rows(batch, rows)
            before += len(rows)
            progress.step(batch.progress_key, before, max(total, before))
        with transaction.atomic():
            counts = undoing.finish(batch)
            _finish(batch, ImportState.UNDONE, counts=counts, undone_at=timezone.now())
            by = undoing.person(by_id)
            publish("people.import_undone", by=by, target=batch, undone=counts["undone"], kept=counts["kept"])


def progress_done(batch: ImportBatch) -> int:
    """How many rows were taken back before a restart."""
    return int(batch.counts.get("undone", 0))


def _finish(batch: ImportBatch, state: str, **fields: Any) -> None:
    ImportBatch.objects.filter(pk=batch.pk).update(state=state, **fields)
