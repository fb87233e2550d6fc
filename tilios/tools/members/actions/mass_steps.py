"""The steps of a change of many records: made, undone, taken up again, forgotten; in the background when it is long."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Conflict, require
from tilios.core.jobs import job, progress
from tilios.core.journal.actions import publish
from tilios.core.people.imports import steps
from tilios.core.people.imports.undoing import DONE, KEPT
from tilios.core.people.models import ImportState, Outcome, Person
from tilios.tools.members import rules
from tilios.tools.members.actions.mass import AT_ONCE, CHUNK, apply_rows, lock, undo_rows
from tilios.tools.members.models import MassEdit, Status
from tilios.tools.members.queries import mass as queries


@transaction.atomic
def make(*, by: Person, edit: MassEdit) -> MassEdit:
    """Make the change, in the background for more than AT_ONCE records. Publishes "members.mass_edited" at the end.

    Records are judged anew. Raises NotAllowed, Conflict unless it waits.
    """
    edit = _taken(by, edit, ImportState.CHECKED)
    if (name := edit.value.get(queries.STATUS)) and not Status.objects.filter(name=name).exists():
        raise Conflict(_("This status is no longer there."))
    _begin(edit, ImportState.IMPORTING, by)
    return edit


@transaction.atomic
def undo(*, by: Person, edit: MassEdit) -> MassEdit:
    """Take the change back where it still stands. Publishes "members.mass_undone" at the end.

    Raises NotAllowed, Conflict unless it was made, or when what is needed has been forgotten (90 days).
    """
    edit = _taken(by, edit, ImportState.IMPORTED)
    if not edit.can_be_undone or edit.created_at < timezone.now() - steps.KEEP:
        raise Conflict(_("This change is too old to be undone."))
    _begin(edit, ImportState.UNDOING, by)
    return edit


@transaction.atomic
def resume(*, by: Person, edit: MassEdit) -> MassEdit:
    """Take up a work that stopped on an error, where it stopped. Raises NotAllowed, Conflict unless it did."""
    edit = _taken(by, edit, ImportState.IMPORTING, ImportState.UNDOING)
    steps.require_stopped(edit)
    _begin(edit, edit.state, by)
    return edit


@transaction.atomic
def forget(*, by: Person, edit: MassEdit) -> None:
    """Forget a change that was not made. Raises NotAllowed, Conflict once it was."""
    MassEdit.objects.filter(pk=_taken(by, edit, ImportState.CHECKED).pk).delete()


def _taken(by: Person, edit: MassEdit, *states: str) -> MassEdit:
    require(rules.keeps_register(by))
    found = lock(edit, *states)
    # SECURITY: a change of groups asks for the right to change them, whoever prepared it.
    require(queries.thing(found.thing, by) is not None)
    return found


def _begin(edit: MassEdit, state: str, by: Person) -> None:
    steps.start(edit, state, edit.total, by)
    edit.save(update_fields=["state", "progress_key"])
    if edit.total > AT_ONCE:
        work.enqueue(edit.structure_id, edit.pk, by.pk, state)
    else:
        with progress.following(edit.progress_key):
            _work(edit, by)


@job
def work(structure_id: int, edit_id: int, by_id: int, state: str) -> None:
    """The change or its undoing, by chunks: taken again, it goes on where it stopped."""
    with steps.working(MassEdit, structure_id, edit_id, state) as edit:
        if edit is not None:
            _work(edit, Person.objects.filter(pk=by_id).first())


def _work(edit: MassEdit, by: Person | None) -> None:
    undoing = edit.state == ImportState.UNDOING
    rows = edit.rows.select_related("person").order_by("number")
    left = rows.filter(outcome=Outcome.CHANGED, undone="", applied=True) if undoing else rows.filter(applied=False)
    total = left.count()
    for done in range(0, total, CHUNK):
        with transaction.atomic():
            found = list(left[:CHUNK])
            (undo_rows if undoing else apply_rows)(edit, found, by)
        progress.step(edit.progress_key, min(done + CHUNK, total), total)
    _finish(edit, by, undoing=undoing)


@transaction.atomic
def _finish(edit: MassEdit, by: Person | None, *, undoing: bool) -> None:
    counts = steps.count(edit.rows)
    if not undoing:
        steps.finish(edit, ImportState.IMPORTED, counts=counts, imported_at=timezone.now())
        publish("members.mass_edited", by=by, target=edit, **counts)
        return
    told = {way: edit.rows.filter(undone=way).count() for way in (DONE, KEPT)}
    steps.finish(edit, ImportState.UNDONE, counts=counts | told, undone_at=timezone.now())
    publish("members.mass_undone", by=by, target=edit, undone=told[DONE], kept=told[KEPT])
