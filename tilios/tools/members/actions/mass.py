"""Change one thing of many records: looked at first, done in one press, undone for ninety days."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.imports import steps
from tilios.core.people.imports.bringing import ROW_FIELDS, upsert
from tilios.core.people.imports.undoing import DONE, KEPT
from tilios.core.people.models import Group, ImportState, Membership, Outcome, Person
from tilios.tools.members import rules
from tilios.tools.members.imports import comparing
from tilios.tools.members.imports.bringing import answers
from tilios.tools.members.imports.undoing import give_back
from tilios.tools.members.models import Answer, Field, MassEdit, MassEditRow, Record, Status
from tilios.tools.members.queries import mass as queries

CHUNK = 250
AT_ONCE = 300  # records; more are changed in the background


@transaction.atomic
def prepare(
    *, by: Person | None, records: Iterable[Record], thing: str, value: dict[str, Any], name: str, back: str = ""
) -> MassEdit:
    """Say what the change would do to each of `records`; nothing of them is written.

    `value`: MassEdit.value. Raises NotAllowed, Invalid("thing"), Invalid("pick") without anybody.
    """
    require(by is None or rules.keeps_register(by))
    if by is not None and queries.thing(thing, by) is None:
        raise Invalid("thing", _("Choose what to change."))
    found = {record.pk: record for record in records}
    if not found:
        raise Invalid("pick", _("Tick at least one member."))
    edit = MassEdit.objects.create(
        name=name[:200], thing=thing, value=value, back=back, state=ImportState.CHECKED, total=len(found), created_by=by
    )
    rows = [
        MassEditRow(batch=edit, number=number, person_id=record.person_id, record=record)
        for number, record in enumerate(found.values(), start=1)
    ]
    queries.judge(edit, rows, found)
    MassEditRow.objects.bulk_create(rows, batch_size=500)
    edit.counts = steps.count(edit.rows)
    edit.save(update_fields=["counts"])
    return edit


@transaction.atomic
def lock(edit: MassEdit, *states: str) -> MassEdit:
    """The change as it stands, locked. Raises Conflict when it is in none of `states`."""
    found = MassEdit.objects.select_for_update().get(pk=edit.pk)
    if found.state not in states:
        raise Conflict(_("This change has moved on: look at where it is now."))
    return found


def apply_rows(edit: MassEdit, rows: list[MassEditRow], by: Person | None) -> None:
    """Do what the change does to the records of `rows`, as they stand now, in the caller's transaction."""
    records = _locked(rows)
    queries.judge(edit, rows, records)
    changed = [row for row in rows if row.outcome == Outcome.CHANGED]
    if edit.thing in (queries.GROUP_IN, queries.GROUP_OUT):
        _move(edit, changed, by, into=edit.thing == queries.GROUP_IN)
    elif edit.thing.startswith(queries.FIELD):
        _answer(edit, changed)
    else:
        _write(edit, changed, records)
    _tell(edit, changed, records, by)
    for row in rows:
        row.applied = True
    upsert(MassEditRow, rows, [*ROW_FIELDS])


def undo_rows(edit: MassEdit, rows: list[MassEditRow], by: Person | None) -> None:
    """Give back what the change replaced where it still stands; what was changed since is left, and marked."""
    records = _locked(rows)
    if edit.thing in (queries.GROUP_IN, queries.GROUP_OUT):
        kept = _move_back(edit, rows, by)
    else:
        kept = give_back(rows, {}, records)
    for row in rows:
        row.undone = KEPT if row.number in kept else DONE
    _tell(edit, [row for row in rows if row.undone == DONE], records, by, back=True)
    upsert(MassEditRow, rows, ["undone"])


def _locked(rows: list[MassEditRow]) -> dict[int, Record]:
    records = Record.objects.select_for_update(of=("self",)).select_related("status", "family").order_by("pk")
    return records.in_bulk([row.record_id for row in rows])


def _write(edit: MassEdit, rows: list[MassEditRow], records: dict[int, Record]) -> None:
    name = edit.value.get(queries.STATUS)
    status = Status.objects.get(name=name) if name else None
    for row in rows:
        record = records[row.record_id]
        record.changed_at = timezone.now()
        for name, text in row.values.items():
            setattr(record, name, status if name == queries.STATUS else comparing.restored(name, text))
    upsert(Record, [records[row.record_id] for row in rows], [*edit.value, "changed_at"])


def _answer(edit: MassEdit, rows: list[MassEditRow]) -> None:
    field = Field.objects.filter(key=edit.thing.removeprefix(queries.FIELD)).first()
    Answer.objects.filter(field=field, record__in=[row.record_id for row in rows]).delete()
    made = [one for row in rows for one in answers(row.record, field, row.values[edit.thing])]
    Answer.objects.bulk_create(made, batch_size=500)


def _move(edit: MassEdit, rows: list[MassEditRow], by: Person | None, *, into: bool) -> None:
    """Put the people of `rows` in the group, or take them out. A group that is gone takes nobody in."""
    group = Group.objects.filter(pk=edit.value["group"]).first()
    numbers = [row.person_id for row in rows]
    if group is None or not numbers:
        for row in rows:
            row.outcome, row.values, row.before = Outcome.UNCHANGED, {}, {}
        return
    if into:
        Membership.objects.bulk_create(Membership(group=group, person_id=number) for number in numbers)
    else:
        Membership.objects.filter(group=group, person__in=numbers).delete()
    publish("people.joined_group" if into else "people.left_group", by=by, target=group, people=sorted(numbers))


def _move_back(edit: MassEdit, rows: list[MassEditRow], by: Person | None) -> set[int]:
    """The numbers of the rows left as they are: those who went or came since, or manage the group now."""
    into = edit.thing == queries.GROUP_IN
    people = [row.person_id for row in rows]
    places = dict(
        Membership.objects.filter(group=edit.value["group"], person__in=people).values_list("person", "is_manager")
    )
    there = {number for number in people if places.get(number) is (False if into else None)}
    going = [row for row in rows if row.person_id in there]
    _move(edit, going, by, into=not into)
    return {row.number for row in rows if row.person_id not in there or row.outcome == Outcome.UNCHANGED}


def _tell(
    edit: MassEdit, rows: list[MassEditRow], records: dict[int, Record], by: Person | None, *, back: bool = False
) -> None:
    """One entry of the journal for each record, so that its page says what happened to it; groups are told of apart."""
    if edit.thing in (queries.GROUP_IN, queries.GROUP_OUT):
        return
    leaving = edit.thing == queries.LEFT
    for row in rows:
        record = records[row.record_id]
        if leaving:
            publish("members.returned" if back else "members.left", by=by, target=record, subject=row.person)
        else:
            fields = [name.removeprefix(queries.FIELD) for name in row.values]
            publish("members.changed", by=by, target=record, subject=row.person, fields=fields)


def forget_old() -> None:
    """Daily: empty changes that are too old to be undone, remove those that nobody made."""
    steps.forget_old(MassEdit.objects.all(), MassEditRow)
