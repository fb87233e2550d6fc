"""What every import does alike, whatever it brings in: move from state to state, work in small transactions, forget."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Conflict
from tilios.core.jobs import progress
from tilios.core.jobs.models import Progress
from tilios.core.journal.actions import through
from tilios.core.people.models import ImportState, Outcome, Person, StagedFile, StagedRow
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import current_structure, scope

KEEP = timedelta(days=90)  # how long an import can be undone
ABANDONED = timedelta(days=7)
WAITING = (ImportState.READ, ImportState.CHECKING, ImportState.CHECKED)

File = TypeVar("File", bound=StagedFile)


def lock(batch: File, *states: str) -> File:
    """The batch as it stands, locked. Raises Conflict when it is in none of `states`."""
    batch = type(batch)._default_manager.select_for_update().get(pk=batch.pk)
    if batch.state not in states:
        raise Conflict(_("This import has moved on: look at where it is now."))
    return batch


def start(batch: StagedFile, state: str, total: int, by: Person) -> None:
    """Move the batch to a state in which a job works, with a fresh progress row. Does not save."""
    batch.state = state
    batch.progress_key = progress.start(
        label=str(batch.get_state_display()), structure=current_structure(), person=by, total=total
    ).key


def progress_of(batch: StagedFile) -> Progress | None:
    """How far the job at work on `batch` is."""
    return Progress.objects.filter(key=batch.progress_key).first() if batch.progress_key else None


def require_stopped(batch: StagedFile) -> None:
    """Raises Conflict unless the work on `batch` stopped on an error."""
    stopped = progress_of(batch)
    if stopped is not None and stopped.state != "failed":
        raise Conflict(_("The work goes on: it did not stop."))


@contextmanager
def working(model: type[File], structure_id: int, batch_id: int, state: str) -> Iterator[File | None]:
    """The batch in its scope, or None when it is no longer in `state`: the job ran already, or was called off."""
    structure = Structure.objects.get(pk=structure_id)
    with scope(structure), through("import"):
        rows = model._default_manager.select_related("created_by")
        batch = rows.filter(pk=batch_id, state=state).first()
        if batch is None:
            yield None
            return
        with progress.following(batch.progress_key):
            yield batch


def in_chunks(rows: Any, batch: StagedFile, after: int, work: Callable[[list[Any]], None], *, chunk: int) -> None:
    """Do `work` on those of `rows` below line `after`, `chunk` of them a transaction, and say how far it is."""
    done = rows.filter(number__lte=after).count()
    while True:
        with transaction.atomic():
            found = list(rows.filter(number__gt=after).order_by("number")[:chunk])
            if not found:
                return
            work(found)
        after = found[-1].number
        done += len(found)
        progress.step(batch.progress_key, done, batch.total)


def try_out(rows: Any, batch: StagedFile, judge: Any, save: Callable[[list[Any]], None], *, chunk: int) -> None:
    """Give each of `rows` the outcome that `judge` finds, which `save` writes down; nothing else is written."""

    def work(some: list[Any]) -> None:
        judge.judge(some)
        save(some)

    in_chunks(rows, batch, 0, work, chunk=chunk)
    finish(batch, ImportState.CHECKED, counts=count(rows))


def count(rows: Any) -> dict[str, int]:
    """How many of `rows` have each outcome."""
    counts = dict.fromkeys((Outcome.CREATED, Outcome.CHANGED, Outcome.UNCHANGED, Outcome.ERROR), 0)
    for outcome in rows.values_list("outcome", flat=True).iterator():
        counts[outcome] = counts.get(outcome, 0) + 1
    return {str(outcome): number for outcome, number in counts.items()}


def finish(batch: StagedFile, state: str, **fields: Any) -> None:
    type(batch)._default_manager.filter(pk=batch.pk).update(state=state, **fields)


def forget_old(files: Any, rows: type[StagedRow]) -> int:
    """Empty those of `files` too old to be undone, remove those that nobody confirmed. Number of imports touched."""
    now = timezone.now()
    old = files.filter(created_at__lt=now - KEEP, emptied_at=None, state__in=(ImportState.IMPORTED, ImportState.UNDONE))
    numbers = list(old.values_list("pk", flat=True))
    # The line and the person stay: a record says which import it came from.
    kept = rows._default_manager.filter(batch__in=numbers)
    kept.update(cells=[], values={}, before={}, problems=[])
    files.filter(pk__in=numbers).update(emptied_at=now)
    left = files.filter(created_at__lt=now - ABANDONED, state__in=WAITING)
    found = left.count()
    left.delete()
    return len(numbers) + int(found)
