"""Bring the rows of a chunk in, in the caller's transaction."""

from django.db import models
from django.utils.translation import gettext

from tilios.core.people import watchers
from tilios.core.people.actions.persons import INDEXED, index_names
from tilios.core.people.imports.fields import restored
from tilios.core.people.imports.judging import Judge, Reading
from tilios.core.people.models import Group, ImportBatch, ImportRow, Membership, Outcome, Person
from tilios.kit.text import fold

ROW_FIELDS = ["outcome", "values", "before", "problems", "joined", "person", "applied", "undone"]


def save_rows(rows: list[ImportRow]) -> None:
    """Write what was found of the rows: one statement for all (an upsert by number; they exist and are locked)."""
    upsert(ImportRow, rows, ROW_FIELDS)


def upsert(model: type[models.Model], rows: list, fields: list[str]) -> None:
    """Update `fields` of rows that exist. Ten times as fast as bulk_update, whose CASE grows with the rows."""
    if rows:
        model._default_manager.bulk_create(
            rows, update_conflicts=True, unique_fields=["id"], update_fields=fields, batch_size=250
        )


def bring_in(batch: ImportBatch, judge: Judge, rows: list[ImportRow]) -> None:
    """Judge the rows, make and change the people they are about, put them in their groups."""
    readings = judge.judge(rows)
    made = _create([row for row in rows if row.outcome == Outcome.CREATED], batch)
    changed = _change([row for row in rows if row.outcome == Outcome.CHANGED])
    watchers.changed([*made, *changed])
    _join(batch, judge, rows, readings)
    for row in rows:
        row.applied = True
    save_rows(rows)


def _create(rows: list[ImportRow], batch: ImportBatch) -> list[Person]:
    people = []
    for row in rows:
        person = Person(role=batch.role, **{name: restored(name, value) for name, value in row.values.items()})
        people.append(index_names(person))
    for row, person in zip(rows, Person.objects.bulk_create(people), strict=True):
        row.person = person
    return people


def _change(rows: list[ImportRow]) -> list[Person]:
    people: dict[int, Person] = {}
    for row in rows:
        assert row.person is not None  # the judge gave every row that changes its person
        person = people.setdefault(row.person.pk, row.person)
        for name, value in row.values.items():
            setattr(person, name, restored(name, value))
        index_names(person)
    names = sorted({name for row in rows for name in row.values})
    if names:
        upsert(Person, list(people.values()), [*names, *INDEXED])
    return list(people.values())


def _join(batch: ImportBatch, judge: Judge, rows: list[ImportRow], readings: list[Reading]) -> None:
    """Put people in the group of the import and in those of their line; groups that are missing are made."""
    wanted: dict[int, set[int]] = {}
    for row, reading in zip(rows, readings, strict=True):
        if row.person_id and row.outcome != Outcome.ERROR:
            groups = {_group(batch, judge, name) for name in reading.groups}
            wanted[row.person_id] = groups | ({batch.group_id} if batch.group_id else set())
    if not any(wanted.values()):
        return
    there = set(Membership.objects.filter(person__in=wanted).values_list("person_id", "group_id"))
    new = [(person, group) for person, groups in wanted.items() for group in sorted(groups)]
    new = [pair for pair in new if pair not in there]
    Membership.objects.bulk_create([Membership(person_id=person, group_id=group) for person, group in new])
    joined: dict[int, list[int]] = {}
    for person, group in new:
        joined.setdefault(person, []).append(group)
    for row in rows:
        row.joined = joined.get(row.person_id or 0, [])


def _group(batch: ImportBatch, judge: Judge, name: str) -> int:
    """The number of the group called `name`, made if there is none."""
    if not judge.groups_by_name:
        judge.groups_by_name = {fold(group.name): group.pk for group in Group.objects.all()}
    key = fold(name)
    if key not in judge.groups_by_name:
        group = Group.objects.create(name=name, description=gettext("Made by an import."))
        judge.groups_by_name[key] = group.pk
        batch.new_groups = [*batch.new_groups, group.pk]
        ImportBatch.objects.filter(pk=batch.pk).update(new_groups=batch.new_groups)
    return judge.groups_by_name[key]
