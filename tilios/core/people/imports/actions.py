"""The steps of an import that somebody decides: columns, confirmation, undoing."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Conflict, Invalid, require
from tilios.core.people import rules
from tilios.core.people.imports import jobs, steps
from tilios.core.people.imports.fields import FIELDS
from tilios.core.people.imports.staging import headers_key, read_file
from tilios.core.people.imports.steps import WAITING, lock, require_stopped, start
from tilios.core.people.models import Group, ImportBatch, ImportMapping, ImportRow, ImportState, Person
from tilios.core.people.roles import Role

__all__ = ["choose_columns", "confirm", "discard", "forget_old", "read_file", "resume", "undo"]

NAMES = ("given_name", "family_name", "display_name", "organisation")


@transaction.atomic
def choose_columns(
    *, by: Person, batch: ImportBatch, columns: Sequence[str], group: Group | None = None, role: int = Role.MEMBER
) -> ImportBatch:
    """Say which field each column holds, remember it for such headers, and try the import out in the background.

    Raises Invalid("columns") when a field is given twice or no name is left, NotAllowed for a role above that of `by`,
    Conflict when the import has been confirmed.
    """
    batch = lock(batch, ImportState.READ, ImportState.CHECKED)
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
    start(batch, ImportState.CHECKING, batch.total, by)
    batch.save()
    jobs.check.enqueue(batch.structure_id, batch.pk)
    return batch


@transaction.atomic
def confirm(*, by: Person, batch: ImportBatch) -> ImportBatch:
    """Bring the people in, in the background; "people.imported" is published at the end.

    Raises Conflict unless the import was tried out and waits; NotAllowed for a role above that of `by`.
    """
    batch = lock(batch, ImportState.CHECKED)
    require(rules.can_give(by, batch.role), _("You can give a role up to your own."))
    batch.created_by = by
    start(batch, ImportState.IMPORTING, batch.total, by)
    batch.save()
    jobs.bring_in.enqueue(batch.structure_id, batch.pk)
    return batch


@transaction.atomic
def undo(*, by: Person, batch: ImportBatch) -> ImportBatch:
    """Take the whole import back, in the background; "people.import_undone" is published at the end.

    Raises Conflict unless it was brought in, or when what is needed has been forgotten (90 days).
    """
    batch = lock(batch, ImportState.IMPORTED)
    if not batch.can_be_undone:
        raise Conflict(_("This import is too old to be undone."))
    start(batch, ImportState.UNDOING, batch.total, by)
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
    batch = lock(batch, *WORK)
    require_stopped(batch)
    start(batch, batch.state, batch.total, by)
    batch.save(update_fields=["progress_key"])
    WORK[ImportState(batch.state)](batch, by)
    return batch


@transaction.atomic
def discard(*, by: Person, batch: ImportBatch) -> None:
    """Forget a file that was not brought in. Raises Conflict once it was."""
    lock(batch, *WAITING)
    ImportRow.objects.filter(batch=batch).delete()
    ImportBatch.objects.filter(pk=batch.pk).delete()


def forget_old() -> int:
    """Daily: empty imports that are too old to be undone, remove files nobody confirmed. Number of imports touched."""
    return steps.forget_old(ImportBatch.objects.all(), ImportRow)
