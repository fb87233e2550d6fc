"""Take back what an import did, a chunk at a time; what somebody changed since is left, and said."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Model

from tilios.core.people import watchers
from tilios.core.people.actions.persons import FIELDS, INDEXED, index_names
from tilios.core.people.imports.bringing import save_rows, upsert
from tilios.core.people.imports.fields import comparable, restored
from tilios.core.people.models import Group, ImportBatch, ImportRow, Membership, Outcome, Person, Status

DONE = "undone"
KEPT = "kept"


def person(number: int) -> Person | None:
    return Person.objects.filter(pk=number).first()


def next_rows(batch: ImportBatch, limit: int) -> list[ImportRow]:
    """The rows still to take back, in the order of the file."""
    rows = ImportRow.objects.filter(batch=batch, applied=True, undone="", person__isnull=False)
    rows = rows.filter(outcome__in=(Outcome.CREATED, Outcome.CHANGED))
    return list(rows.order_by("number")[:limit])


def undo_rows(batch: ImportBatch, rows: list[ImportRow]) -> None:
    """Remove the people made and still untouched, give back former values, take people out of groups."""
    people = Person.objects.select_for_update().in_bulk([row.person_id for row in rows])
    made = {row.person_id: row for row in rows if row.outcome == Outcome.CREATED and row.person_id}
    used = _used(batch, made)
    removable = [
        number for number, row in made.items() if number not in used and _untouched(batch, row, people[number])
    ]
    given_back = []
    for row in rows:
        if row.person_id in removable:
            row.undone = DONE
        elif row.person_id in made:
            row.undone = KEPT
        else:
            row.undone = DONE if _give_back(row, people[row.person_id]) else KEPT
            given_back.append(people[row.person_id])
    names = sorted({name for row in rows if row.outcome == Outcome.CHANGED for name in row.before})
    if names:
        upsert(Person, given_back, [*names, *INDEXED])
    _leave_groups([row for row in rows if row.outcome == Outcome.CHANGED])
    save_rows(rows)
    _count(batch, rows)
    watchers.changed(given_back)
    watchers.removed(removable)
    Person.objects.filter(pk__in=removable).delete()  # their rows go with them


def _untouched(batch: ImportBatch, row: ImportRow, found: Person) -> bool:
    """Whether the record still says what the import wrote, and nothing more."""
    return (
        found.account_id is None
        and found.status == Status.ACTIVE
        and found.role == batch.role
        and all(comparable(name, getattr(found, name)) == comparable(name, row.values.get(name)) for name in FIELDS)
    )


def _used(batch: ImportBatch, made: dict[int, ImportRow]) -> set[int]:
    """Those of the people made that something else now holds on to: a vote, another group, a mandate…"""
    used = held(Person, made, ignoring={ImportRow, Membership})
    places = Membership.objects.filter(person__in=made).values_list("person_id", "group_id", "is_manager")
    used |= {who for who, group, manages in places if manages or group not in made[who].joined}
    later = ImportRow.objects.filter(person__in=made, applied=True).exclude(batch=batch)
    return used | set(later.filter(outcome=Outcome.CHANGED).exclude(undone=DONE).values_list("person_id", flat=True))


def held(root: type[Model], numbers: Iterable[int], *, ignoring: Collection[type[Model]]) -> set[int]:
    """Those of the rows of `root` that a row of another table names, the tables of `ignoring` aside."""
    found: set[int] = set()
    wanted = list(numbers)
    for relation in root._meta.related_objects:
        model, name = relation.related_model, relation.field.name
        if isinstance(model, str) or model in ignoring or not hasattr(model, "objects"):
            continue
        rows: Any = model._base_manager.filter(**{f"{name}__in": wanted})
        found |= set(rows.values_list(name, flat=True))
    return found


def _give_back(row: ImportRow, found: Person) -> bool:
    """Put former values back where the import's still stand; False when some were changed since."""
    whole = True
    for name, former in row.before.items():
        if comparable(name, getattr(found, name)) == comparable(name, row.values.get(name)):
            setattr(found, name, restored(name, former))
        else:
            whole = False
    index_names(found)
    return whole


def _leave_groups(rows: list[ImportRow]) -> None:
    """Take people out of the groups the import put them in, unless they manage them now."""
    by_group: dict[int, list[int]] = {}
    for row in rows:
        for group in row.joined:
            by_group.setdefault(group, []).append(row.person_id or 0)
    for group, people in by_group.items():
        Membership.objects.filter(group=group, person__in=people, is_manager=False).delete()


def _count(batch: ImportBatch, rows: list[ImportRow]) -> None:
    """Keep the counts as it goes: the rows of people removed are gone."""
    counts = dict(batch.counts)
    for row in rows:
        counts[row.undone] = counts.get(row.undone, 0) + 1
    batch.counts = counts
    ImportBatch.objects.filter(pk=batch.pk).update(counts=counts)


def finish(batch: ImportBatch) -> dict[str, int]:
    """Remove the groups the import made, if nobody is left in them. The final counts."""
    Group.objects.filter(pk__in=batch.new_groups, memberships=None).delete()
    return {**batch.counts, DONE: batch.counts.get(DONE, 0), KEPT: batch.counts.get(KEPT, 0)}
