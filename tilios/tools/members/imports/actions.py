"""The steps of an import that somebody decides: file, columns, confirmation, undoing."""

from collections.abc import Sequence
from typing import IO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.access.roles import may
from tilios.core.errors import Conflict, Invalid, require
from tilios.core.people.imports import steps
from tilios.core.people.imports.steps import WAITING, lock, require_stopped, start
from tilios.core.people.models import ImportMapping, ImportState, Person
from tilios.tools.members import rules
from tilios.tools.members.imports import jobs, staging
from tilios.tools.members.imports.columns import COLUMNS, new_columns, own_columns
from tilios.tools.members.models import Known, MemberImport, MemberImportRow

NAMES = ("given_name", "family_name", "display_name", "organisation")


def require_keeper(by: Person) -> None:
    """An import writes records, statuses, fields and kinds of dues. Raises NotAllowed."""
    require(rules.keeps_register(by) and may(by, "members.settings"))


def read_file(*, by: Person, stream: IO[bytes], name: str) -> MemberImport:
    """Keep the rows of a file. Raises NotAllowed, Invalid("file") with the reason when it cannot be read."""
    require_keeper(by)
    return staging.stage(by=by, stream=stream, name=name)


@transaction.atomic
def choose_columns(
    *,
    by: Person,
    batch: MemberImport,
    columns: Sequence[str],
    known: str = Known.UPDATE,
    takes_dues: bool = True,
    dues_name: str = "",
) -> MemberImport:
    """Say what each column holds, remember it for such headers, and try the import out in the background.

    Without "members.money" dues are left out, whatever `takes_dues`. Raises NotAllowed, Invalid("columns") when
    something is given twice or no name is left, Conflict when the import has been confirmed.
    """
    require_keeper(by)
    batch = lock(batch, ImportState.READ, ImportState.CHECKED)
    chosen = _checked(batch, columns)
    if known not in Known.values:
        raise Invalid("known", _("Choose one of the list."))
    ImportMapping.objects.update_or_create(
        headers=staging.key(batch.header), defaults={"columns": chosen, "used_at": timezone.now()}
    )
    batch.columns, batch.known, batch.created_by, batch.counts = chosen, known, by, {}
    # SECURITY: whoever keeps the register without the money brings none of it in.
    batch.takes_dues = takes_dues and rules.keeps_money(by)
    batch.dues_name = dues_name.strip()[:120] or str(_("Membership"))
    start(batch, ImportState.CHECKING, batch.total, by)
    batch.save()
    jobs.check.enqueue(batch.structure_id, batch.pk)
    return batch


def _checked(batch: MemberImport, columns: Sequence[str]) -> list[str]:
    every = {**COLUMNS, **own_columns(), **new_columns()}
    chosen = [name if name in every else "" for name in columns][: len(batch.header)]
    chosen += [""] * (len(batch.header) - len(chosen))
    used = [name for name in chosen if name and not name.startswith("new:")]
    if twice := next((name for name in used if used.count(name) > 1), None):
        raise Invalid("columns", _("Two columns hold “%(field)s”: keep one.") % {"field": every[twice].label})
    if not set(NAMES) & set(used):
        raise Invalid("columns", _("Say which column holds the name."))
    return chosen


@transaction.atomic
def confirm(*, by: Person, batch: MemberImport) -> MemberImport:
    """Bring the members in, in the background; "members.imported" is published at the end.

    Raises NotAllowed, Conflict unless the import was tried out and waits.
    """
    require_keeper(by)
    batch = lock(batch, ImportState.CHECKED)
    require(rules.keeps_money(by) or not batch.takes_dues)
    batch.created_by = by
    start(batch, ImportState.IMPORTING, batch.total, by)
    batch.save()
    jobs.bring_in.enqueue(batch.structure_id, batch.pk)
    return batch


@transaction.atomic
def undo(*, by: Person, batch: MemberImport) -> MemberImport:
    """Take the whole import back, in the background; "members.import_undone" is published at the end.

    Raises NotAllowed, Conflict unless it was brought in, or when what is needed has been forgotten (90 days).
    """
    require_keeper(by)
    batch = lock(batch, ImportState.IMPORTED)
    require(rules.keeps_money(by) or not batch.takes_dues)
    if not batch.can_be_undone:
        raise Conflict(_("This import is too old to be undone."))
    start(batch, ImportState.UNDOING, batch.total, by)
    batch.save()
    jobs.undo.enqueue(batch.structure_id, batch.pk, by.pk)
    return batch


@transaction.atomic
def resume(*, by: Person, batch: MemberImport) -> MemberImport:
    """Take up a work that stopped on an error, where it stopped. Raises NotAllowed, Conflict unless it did."""
    require_keeper(by)
    batch = lock(batch, ImportState.CHECKING, ImportState.IMPORTING, ImportState.UNDOING)
    require(rules.keeps_money(by) or not batch.takes_dues)
    require_stopped(batch)
    start(batch, batch.state, batch.total, by)
    batch.save(update_fields=["progress_key"])
    match batch.state:
        case ImportState.CHECKING:
            jobs.check.enqueue(batch.structure_id, batch.pk)
        case ImportState.IMPORTING:
            jobs.bring_in.enqueue(batch.structure_id, batch.pk)
        case _:
            jobs.undo.enqueue(batch.structure_id, batch.pk, by.pk)
    return batch


@transaction.atomic
def discard(*, by: Person, batch: MemberImport) -> None:
    """Forget a file that was not brought in. Raises NotAllowed, Conflict once it was."""
    require_keeper(by)
    lock(batch, *WAITING)
    MemberImportRow.objects.filter(batch=batch).delete()
    MemberImport.objects.filter(pk=batch.pk).delete()


def forget_old() -> None:
    """Daily: empty imports that are too old to be undone, remove files nobody confirmed."""
    steps.forget_old(MemberImport.objects.all(), MemberImportRow)
