"""The long work of an import, in small transactions: a worker that dies is replaced by one that goes on from there."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from tilios.core.jobs import job, progress
from tilios.core.journal.actions import publish
from tilios.core.people import rules
from tilios.core.people.imports import bringing, undoing
from tilios.core.people.imports.judging import Judge
from tilios.core.people.imports.steps import count, finish, in_chunks, try_out, working
from tilios.core.people.models import ImportBatch, ImportRow, ImportState

CHUNK = 250


def _power(batch: ImportBatch) -> int:
    """What whoever imports may still do, now that the job runs."""
    return rules.power(batch.created_by) if batch.created_by else 0


def _rows(batch: ImportBatch) -> QuerySet[ImportRow]:
    return ImportRow.objects.filter(batch=batch)


@job
def check(structure_id: int, batch_id: int) -> None:
    """Try the import out: every row gets its outcome, nothing else is written."""
    with working(ImportBatch, structure_id, batch_id, ImportState.CHECKING) as batch:
        if batch is not None:
            try_out(_rows(batch), batch, Judge(batch, power=_power(batch)), bringing.save_rows, chunk=CHUNK)


@job
def bring_in(structure_id: int, batch_id: int) -> None:
    """Do what the rows say, judged anew: the structure may have changed since they were tried out."""
    with working(ImportBatch, structure_id, batch_id, ImportState.IMPORTING) as batch:
        if batch is None:
            return
        judge = Judge(batch, power=_power(batch))
        applied = ImportRow.objects.filter(batch=batch, applied=True)
        judge.remember(applied.iterator(chunk_size=1_000))
        last = applied.order_by("-number").values_list("number", flat=True).first() or 0
        in_chunks(_rows(batch), batch, last, lambda rows: bringing.bring_in(batch, judge, rows), chunk=CHUNK)
        with transaction.atomic():
            counts = count(_rows(batch))
            finish(batch, ImportState.IMPORTED, counts=counts, imported_at=timezone.now())
            publish("people.imported", by=batch.created_by, target=batch, **counts)


@job
def undo(structure_id: int, batch_id: int, by_id: int) -> None:
    """Take back what the rows did, save what was changed since."""
    with working(ImportBatch, structure_id, batch_id, ImportState.UNDOING) as batch:
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
            finish(batch, ImportState.UNDONE, counts=counts, undone_at=timezone.now())
            by = undoing.person(by_id)
            publish("people.import_undone", by=by, target=batch, undone=counts["undone"], kept=counts["kept"])


def progress_done(batch: ImportBatch) -> int:
    """How many rows were taken back before a restart."""
    return int(batch.counts.get("undone", 0))
