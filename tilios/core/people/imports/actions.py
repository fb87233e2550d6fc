"""The steps of an import that somebody decides: columns, confirmation, undoing."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Conflict, Invalid, require
from tilios.core.jobs import progress
from tilios.core.people import rules
from tilios.core.people.imports import jobs
from tilios.core.people.imports.fields import FIELDS
from tilios.core.people.imports.queries import progress_of
from tilios.core.people.imports.staging import headers_key, read_file
from tilios.core.people.models import Group, ImportBatch, ImportMapping, ImportRow, ImportState, Person
from tilios.core.people.roles import Role
from tilios.core.structures.scope import current_structure

__all__ = ["choose_columns", "confirm", "discard", "forget_old", "read_file", "resume", "undo"]

KEEP = timedelta(days=90)  # how long an import can be undone
ABANDONED = timedelta(days=7)
NAMES = ("given_name", "family_name", "display_name", "organisation")


def _lock(batch: ImportBatch, *states: str) -> ImportBatch:
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state not in states:
        raise Conflict(_("This import has moved on: look at where it is now."))
    return batch


def _start(batch: ImportBatch, state: str, total: int, by: Person) -> None:
    """Move the batch to a state in which a job works, with a fresh progress row."""
    batch.state = state
    batch.progress_key = progress.start(
        label=str(batch.get_state_display()), structure=current_structure(), person=by, total=total
    ).key


@transaction.atomic
def choose_columns(
    *, by: Person, batch: ImportBatch, columns: Sequence[str], group: Group | None = None, role: int = Role.MEMBER
) -> ImportBatch:
    """Say which field each column holds, remember it for such headers, and try the import out in the background.

    Raises Invalid("columns") when a field is given twice or no name is left, NotAllowed for a role above that of `by`,
    Conflict when the import has been confirmed.
    """
    batch = _lock(batch, ImportState.READ, ImportState.CHECKED)
    columns = [name if name in FIELDS else "" for name in columns][: len(batch.header)]
    columns += [""] * (len(batch.header) - len(columns))
    used = [name for name in columns if name]
    if twice := next((name for name in used if used.count(name) > 1), None):
        raise Invalid("columns", _("Two columns hold “%(field)s”: keep one.") % {"field": FIELDS[twice].label})
    if not set(NAMES) & set(used):
        raise Invalid("columns", _("Say which column holds the name."))
    if role not in Role.values:
        raise Invalid("role", _("Choose one of the roles."))
    require(rules.can_give(by, role), _("You can give a role up to your own."))
    ImportMapping.objects.update_or_create(
        headers=headers_key(batch.header), defaults={"columns": columns, "used_at": timezone.now()}
    )
    batch.columns, batch.group, batch.role, batch.created_by, batch.counts = columns, group, role, by, {}
    _start(batch, ImportState.CHECKING, batch.total, by)
    batch.save()
    jobs.check.enqueue(batch.structure_id, batch.pk)
    return batch


@transaction.atomic
def confirm(*, by: Person, batch: ImportBatch) -> ImportBatch:
    """Bring the people in, in the background; "people.imported" is published at the end.

    Raises Conflict unless the import was tried out and waits; NotAllowed for a role above that of `by`.
    """
    batch = _lock(batch, ImportState.CHECKED)
    require(rules.can_give(by, batch.role), _("You can give a role up to your own."))
    batch.created_by = by
    _start(batch, ImportState.IMPORTING, batch.total, by)
    batch.save()
    jobs.bring_in.enqueue(batch.structure_id, batch.pk)
    return batch


@transaction.atomic
def undo(*, by: Person, batch: ImportBatch) -> ImportBatch:
    """Take the whole import back, in the background; "people.import_undone" is published at the end.

    Raises Conflict unless it was brought in, or when what is needed has been forgotten (90 days).
    """
    batch = _lock(batch, ImportState.IMPORTED)
    if not batch.can_be_undone:
        raise Conflict(_("This import is too old to be undone."))
    _start(batch, ImportState.UNDOING, batch.total, by)
    batch.save()
    jobs.undo.enqueue(batch.structure_id, batch.pk, by.pk)
    return batch


WORK = {
    ImportState.CHECKING: lambda batch, by: jobs.check.enqueue(batch.structure_id, batch.pk),
    ImportState.IMPORTING: lambda batch, by: jobs.bring_in.enqueue(batch.structure_id, batch.pk),
    ImportState.UNDOING: lambda batch, by: jobs.undo.enqueue(batch.structure_id, batch.pk, by.pk),
}


@transaction.atomic
def resume(*, by: Person, batch: ImportBatch) -> ImportBatch:
    """Take up a work that stopped on an error, where it stopped. Raises Conflict unless it did."""
    batch = _lock(batch, *WORK)
    stopped = progress_of(batch)
    if stopped is not None and stopped.state != "failed":
        raise Conflict(_("The work goes on: it did not stop."))
    _start(batch, batch.state, batch.total, by)
    batch.save(update_fields=["progress_key"])
    WORK[ImportState(batch.state)](batch, by)
    return batch


@transaction.atomic
def discard(*, by: Person, batch: ImportBatch) -> None:
    """Forget a file that was not brought in. Raises Conflict once it was."""
    _lock(batch, ImportState.READ, ImportState.CHECKING, ImportState.CHECKED)
    ImportRow.objects.filter(batch=batch).delete()
    ImportBatch.objects.filter(pk=batch.pk).delete()


def forget_old() -> int:
    """Daily: empty imports that are too old to be undone, remove files nobody confirmed. Number of imports touched."""
    now = timezone.now()
    old = ImportBatch.objects.filter(created_at__lt=now - KEEP, emptied_at=None)
    old = old.filter(state__in=(ImportState.IMPORTED, ImportState.UNDONE))
    numbers = list(old.values_list("pk", flat=True))
    # The line and the person stay: a record says which import it came from.
    ImportRow.objects.filter(batch__in=numbers).update(cells=[], values={}, before={}, problems=[])
    ImportBatch.objects.filter(pk__in=numbers).update(emptied_at=now)
    waiting = (ImportState.READ, ImportState.CHECKING, ImportState.CHECKED)
    left = ImportBatch.objects.filter(created_at__lt=now - ABANDONED, state__in=waiting)
    count = left.count()
    left.delete()
    return len(numbers) + count
