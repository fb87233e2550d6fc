"""The long work of an import, in small transactions: a worker that dies is replaced by one that goes on from there."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from tilios.core.jobs import job, progress
from tilios.core.journal.actions import publish
from tilios.core.people import rules
from tilios.core.people.imports.steps import count, finish, in_chunks, try_out, working
from tilios.core.people.imports.undoing import DONE, KEPT
from tilios.core.people.models import ImportState, Person
from tilios.tools.members.imports import bringing, undoing
from tilios.tools.members.imports.judging import Judge
from tilios.tools.members.imports.linking import link_payers
from tilios.tools.members.imports.making import Maker, make_fields
from tilios.tools.members.models import MemberImport, MemberImportRow

CHUNK = 250


def _rows(batch: MemberImport) -> QuerySet[MemberImportRow]:
    return MemberImportRow.objects.filter(batch=batch)


def _judge(batch: MemberImport) -> Judge:
    """A judge with the power that whoever imports still has, now that the job runs."""
    return Judge(batch, power=rules.power(batch.created_by) if batch.created_by else 0)


@job
def check(structure_id: int, batch_id: int) -> None:
    """Try the import out: every row gets its outcome, nothing else is written."""
    with working(MemberImport, structure_id, batch_id, ImportState.CHECKING) as batch:
        if batch is not None:
            try_out(_rows(batch), batch, _judge(batch), bringing.save_rows, chunk=CHUNK)


@job
def bring_in(structure_id: int, batch_id: int) -> None:
    """Do what the rows say, judged anew: the register may have changed since they were tried out."""
    with working(MemberImport, structure_id, batch_id, ImportState.IMPORTING) as batch:
        if batch is None:
            return
        with transaction.atomic():
            make_fields(batch)
        judge, applied = _judge(batch), _rows(batch).filter(applied=True)
        judge.remember(applied.order_by("number").iterator(chunk_size=1_000))
        last = applied.order_by("-number").values_list("number", flat=True).first() or 0
        maker = Maker(batch)
        in_chunks(_rows(batch), batch, last, lambda rows: bringing.bring_in(batch, judge, maker, rows), chunk=CHUNK)
        _link_later(batch, judge)
        with transaction.atomic():
            counts = count(_rows(batch))
            finish(batch, ImportState.IMPORTED, counts=counts, imported_at=timezone.now())
            publish("members.imported", by=batch.created_by, target=batch, **counts)


def _link_later(batch: MemberImport, judge: Judge) -> None:
    """Those whose row came before that of whoever pays for them."""
    with transaction.atomic():
        rows = _rows(batch).exclude(made="").filter(values__has_key="payer_id", record__payer=None)
        link_payers(rows.select_related("record"), judge.known.by_id)


@job
def undo(structure_id: int, batch_id: int, by_id: int) -> None:
    """Take back what the rows did, save what was changed since."""
    with working(MemberImport, structure_id, batch_id, ImportState.UNDOING) as batch:
        if batch is None:
            return
        total = _rows(batch).filter(applied=True).count()
        done = int(batch.counts.get(DONE, 0))
        while rows := undoing.next_rows(batch, CHUNK):
            with transaction.atomic():
                undoing.undo_rows(batch, rows)
            done += len(rows)
            progress.step(batch.progress_key, done, max(total, done))
        with transaction.atomic():
            counts = undoing.finish(batch)
            finish(batch, ImportState.UNDONE, counts=counts, undone_at=timezone.now())
            by = Person.objects.filter(pk=by_id).first()
            publish("members.import_undone", by=by, target=batch, undone=counts[DONE], kept=counts[KEPT])
