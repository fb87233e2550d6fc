"""Bring the rows of a chunk in, in the caller's transaction: people, records, answers, places in groups."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone

from tilios.core.people import watchers
from tilios.core.people.actions.persons import FIELDS as PERSON_FIELDS
from tilios.core.people.actions.persons import INDEXED, index_names
from tilios.core.people.imports.bringing import ROW_FIELDS, upsert
from tilios.core.people.imports.fields import restored as person_value
from tilios.core.people.models import Membership, Outcome, Person
from tilios.core.people.roles import Role
from tilios.tools.members.actions.records import lock_settings
from tilios.tools.members.imports import comparing
from tilios.tools.members.imports.columns import RECORD
from tilios.tools.members.imports.duesbringing import bring_dues
from tilios.tools.members.imports.judging import Judge
from tilios.tools.members.imports.linking import link_payers
from tilios.tools.members.imports.making import Maker
from tilios.tools.members.imports.rowreading import MemberReading
from tilios.tools.members.models import (
    Answer,
    Field,
    FieldKind,
    MemberImport,
    MemberImportRow,
    Record,
    RecordKind,
)

WRITTEN = [*ROW_FIELDS, "record", "contribution", "made"]


def save_rows(rows: list[MemberImportRow]) -> None:
    """Write what was found of the rows: one statement for all."""
    upsert(MemberImportRow, rows, WRITTEN)


def bring_in(batch: MemberImport, judge: Judge, maker: Maker, rows: list[MemberImportRow]) -> None:
    """Judge the rows; make and change the people and the records they are about, their answers, places and dues."""
    readings = judge.judge(rows)
    made = _create_people([row for row in rows if row.made == "person"])
    changed = _change_people([row for row in rows if row.person is not None and row.made != "person"])
    _create_records([row for row in rows if row.made], maker, readings, rows)
    _change_records([row for row in rows if row.outcome == Outcome.CHANGED and not row.made], maker)
    watchers.changed([*made, *changed])
    for row, reading in zip(rows, readings, strict=True):
        if row.number not in judge.line_followed:
            judge.known.brought(row, reading)
    _find_again(rows, judge)
    link_payers(rows, judge.known.by_id)
    _answer([row for row in rows if row.record is not None])
    _join(rows, readings, maker)
    if batch.takes_dues:
        bring_dues(batch, maker, [row for row in rows if "dues_kind" in row.values])
    for row in rows:
        row.applied = True
    save_rows(rows)


def _create_people(rows: list[MemberImportRow]) -> list[Person]:
    people = []
    for row in rows:
        said = {name: person_value(name, value) for name, value in row.values.items() if name in PERSON_FIELDS}
        people.append(index_names(Person(role=Role.MEMBER, **said)))
    for row, person in zip(rows, Person.objects.bulk_create(people), strict=True):
        row.person = person
    return people


def _change_people(rows: list[MemberImportRow]) -> list[Person]:
    people: dict[int, Person] = {}
    names: set[str] = set()
    for row in rows:
        said = {name: value for name, value in row.values.items() if name in PERSON_FIELDS}
        if row.person is None or not said:
            continue
        person = people.setdefault(row.person.pk, row.person)
        for name, value in said.items():
            setattr(person, name, person_value(name, value))
        names |= set(said)
        index_names(person)
    if people:
        upsert(Person, list(people.values()), [*sorted(names), *INDEXED])
    return list(people.values())


def _create_records(
    rows: list[MemberImportRow], maker: Maker, readings: list[MemberReading], every: list[MemberImportRow]
) -> None:
    active = {row.number: reading.register.get("is_active") for row, reading in zip(every, readings, strict=True)}
    records = []
    for row in rows:
        record = Record(person=row.person, joined_on=None)
        _write(record, row.values, maker)
        if active[row.number] == "0" and record.left_on is None:
            # Galette and Paheko say that somebody is no longer active, not since when.
            record.left_on = timezone.localdate()
        records.append(record)
    _give_numbers([record for record in records if not record.number], maker)
    for row, record in zip(rows, Record.objects.bulk_create(records), strict=True):
        row.record = record


def _write(record: Record, values: dict[str, Any], maker: Maker) -> list[str]:
    """Put in the record what the row says; the names of what it writes."""
    written = []
    for name, value in values.items():
        if name in RECORD:
            setattr(record, name, comparing.restored(name, value))
            written.append(name)
        elif name in {"status", "family"}:
            setattr(record, name, getattr(maker, name)(value))
            written.append(name)
        elif name == "is_organisation":
            record.kind = RecordKind.ORGANISATION if value == "1" else RecordKind.HUMAN
            written.append("kind")
    return written


def _give_numbers(records: list[Record], maker: Maker) -> None:
    """The next numbers of the register, for those whose row gives none. Locks the settings."""
    if not records:
        return
    settings = lock_settings()
    if "last_number" not in maker.batch.made:
        maker.batch.made = {**maker.batch.made, "last_number": settings.last_number}
        MemberImport.objects.filter(pk=maker.batch.pk).update(made=maker.batch.made)
    number = settings.last_number
    for record in records:
        while str(number := number + 1) in maker.numbers:
            continue
        record.number = str(number)
        maker.numbers.add(record.number)
    settings.last_number = number
    settings.save(update_fields=["last_number"])


def _change_records(rows: list[MemberImportRow], maker: Maker) -> None:
    records: dict[int, Record] = {}
    names: set[str] = set()
    for row in rows:
        if row.record is None:
            continue
        record = records.get(row.record.pk, row.record)
        if written := _write(record, row.values, maker):
            record.changed_at = timezone.now()
            records[record.pk] = row.record = record
            names |= set(written)
    if names:
        upsert(Record, list(records.values()), [*sorted(names), "changed_at"])


def _find_again(rows: list[MemberImportRow], judge: Judge) -> None:
    """Give rows that follow a line of this very chunk the person and the record that it has just made."""
    by_person = {row.person_id: row for row in rows if row.record is not None and row.person_id}
    lost = []
    for row in rows:
        if row.record is None and row.outcome != Outcome.ERROR:
            row.person_id = judge.known.person_of.get(judge.line_followed.get(row.number, 0))
            if found := by_person.get(row.person_id or 0):
                row.person, row.record = found.person, found.record
            elif row.person_id:
                lost.append(row)
    if lost:
        records = Record.objects.select_related("person").in_bulk(
            [row.person_id for row in lost], field_name="person_id"
        )
        for row in lost:
            row.record = records.get(row.person_id)


def _answer(rows: list[MemberImportRow]) -> None:
    """Write what rows say in the fields of the structure, instead of what records said."""
    said = [(row, name, value) for row in rows for name, value in row.values.items() if name.startswith("field:")]
    if not said:
        return
    fields = {f"field:{field.key}": field for field in Field.objects.all()}
    replaced = Q()
    for row, name, _value in said:
        if name in row.before:
            replaced |= Q(record=row.record, field=fields[name])
    if replaced:
        Answer.objects.filter(replaced).delete()
    Answer.objects.bulk_create(
        [made for row, name, value in said for made in answers(row.record, fields.get(name), value)]
    )


def answers(record: Record | None, field: Field | None, value: str) -> list[Answer]:
    """The rows that say `value`, in the form that the import keeps: none for nothing, one for each thing chosen."""
    if field is None or not value:
        return []
    match field.kind:
        case FieldKind.NUMBER | FieldKind.YES_NO:
            return [Answer(record=record, field=field, number=Decimal(value))]
        case FieldKind.DATE:
            return [Answer(record=record, field=field, day=date.fromisoformat(value))]
        case FieldKind.CHOICES:
            return [Answer(record=record, field=field, text=one) for one in value.split("|")]
        case _:
            return [Answer(record=record, field=field, text=value[:4000])]


def _join(rows: list[MemberImportRow], readings: list[MemberReading], maker: Maker) -> None:
    """Put people in the groups of their line, as managers where it says so; groups that are missing are made."""
    wanted: dict[int, dict[int, bool]] = {}
    for row, reading in zip(rows, readings, strict=True):
        if row.person_id and row.record is not None and row.outcome in {Outcome.CREATED, Outcome.CHANGED}:
            places = wanted.setdefault(row.person_id, {})
            places.update({maker.group(name).pk: False for name in reading.groups})
            places.update({maker.group(name).pk: True for name in reading.managed})
    wanted = {person: places for person, places in wanted.items() if places}
    if not wanted:
        return
    rows_there = Membership.objects.filter(person__in=wanted)
    there = {(place.person_id, place.group_id): place for place in rows_there}
    new, raised = [], []
    by_person = {row.person_id: row for row in reversed(rows)}
    for person, places in wanted.items():
        row = by_person[person]
        for group, manages in sorted(places.items()):
            place = there.get((person, group))
            if place is None:
                new.append(Membership(person_id=person, group_id=group, is_manager=manages))
                row.joined = [*row.joined, group]
            elif manages and not place.is_manager:
                place.is_manager = True
                raised.append(place)
                row.values = {**row.values, "raised": [*row.values.get("raised", []), group]}
    Membership.objects.bulk_create(new)
    upsert(Membership, raised, ["is_manager"])
