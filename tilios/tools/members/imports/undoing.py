"""Take back what an import did, a chunk at a time from the last line; what somebody changed since is left, and told."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from tilios.core.billing import actions as billing
from tilios.core.billing.models import Charge
from tilios.core.people import watchers
from tilios.core.people.actions.persons import FIELDS as PERSON_FIELDS
from tilios.core.people.actions.persons import INDEXED, index_names
from tilios.core.people.imports.bringing import upsert
from tilios.core.people.imports.fields import comparable
from tilios.core.people.imports.fields import restored as person_value
from tilios.core.people.imports.undoing import DONE, KEPT, held
from tilios.core.people.models import Group, Membership, Outcome, Person
from tilios.core.people.models import Status as PersonStatus
from tilios.core.people.roles import Role
from tilios.tools.members.actions.dues import SOURCE
from tilios.tools.members.actions.records import lock_settings
from tilios.tools.members.imports import comparing
from tilios.tools.members.imports.bringing import answers, save_rows
from tilios.tools.members.imports.columns import CHECKS, RECORD
from tilios.tools.members.imports.duesbringing import follow
from tilios.tools.members.models import (
    Answer,
    Contribution,
    ContributionState,
    DuesKind,
    Family,
    Field,
    MemberImport,
    MemberImportRow,
    Rate,
    Record,
    Status,
    Wait,
)


def next_rows(batch: MemberImport, limit: int) -> list[MemberImportRow]:
    """The rows still to take back, from the last of the file."""
    rows = MemberImportRow.objects.filter(batch=batch, applied=True, undone="")
    rows = rows.filter(outcome__in=(Outcome.CREATED, Outcome.CHANGED)).select_related("contribution")
    return list(rows.order_by("-number")[:limit])


def undo_rows(batch: MemberImport, rows: list[MemberImportRow]) -> None:
    """Remove dues, records and people that are untouched, give back former values, take people out of groups."""
    people = Person.objects.select_for_update().in_bulk([row.person_id for row in rows if row.person_id])
    records = Record.objects.select_for_update(of=("self",)).select_related("status", "family")
    found = records.in_bulk([row.record_id for row in rows if row.record_id])
    kept = _undo_dues([row for row in rows if row.contribution is not None])
    gone = _removable(rows, people, found)
    kept |= {row.number for row in rows if row.made and row.record_id not in gone}
    kept |= give_back([row for row in rows if row.number not in kept or not row.made], people, found)
    _leave_groups([row for row in rows if not (row.made and row.number in kept)], gone)
    for row in rows:
        row.undone = KEPT if row.number in kept else DONE
        if row.undone == DONE:
            row.contribution = None
    staying = {row.record_id for row in rows if row.record_id} - gone
    removed = [row.person_id for row in rows if row.made == "person" and row.record_id in gone and row.person_id]
    for row in rows:
        if row.record_id in gone:
            row.record = None
    save_rows(rows)
    _count(batch, rows)
    Record.objects.filter(pk__in=gone).delete()
    follow(staying)
    watchers.removed(removed)
    Person.objects.filter(pk__in=removed).delete()  # their rows go with them


def _charges_of(rows: list[MemberImportRow]) -> dict[int, list[Charge]]:
    """What was asked for the dues of the rows and not cancelled, by the number of the dues. One query."""
    numbers = [row.contribution_id for row in rows if row.contribution_id]
    found: dict[int, list[Charge]] = {number: [] for number in numbers}
    for charge in Charge.objects.filter(source_kind=SOURCE, source_pk__in=numbers, cancelled_at=None):
        found[charge.source_pk or 0].append(charge)
    return found


def _undo_dues(rows: list[MemberImportRow]) -> set[int]:
    """Remove the dues of the rows; the numbers of the rows whose dues stay: paid, cancelled or changed since."""
    kept, removable = set(), []
    asked = _charges_of(rows)
    for row in rows:
        contribution = row.contribution
        if contribution is None:
            continue
        charges = asked[contribution.pk]
        as_made = (
            str(contribution.amount_cents) == row.values["dues_cents"]
            and contribution.state != ContributionState.CANCELLED
            and (contribution.state == ContributionState.EXPECTED) == bool(charges)
            and not any(charge.paid_cents or charge.invoice_id for charge in charges)
        )
        if not as_made:
            kept.add(row.number)
            continue
        for charge in charges:
            billing.cancel_charge(by=None, charge=charge)
        removable.append(contribution.pk)
    # Cancelled first, so that what they opened closes.
    Contribution.objects.filter(pk__in=removable).update(state=ContributionState.CANCELLED)
    follow(set(Contribution.objects.filter(pk__in=removable).values_list("record_id", flat=True)))
    Contribution.objects.filter(pk__in=removable).delete()
    return kept


def _removable(rows: list[MemberImportRow], people: dict[int, Person], records: dict[int, Record]) -> set[int]:
    """The numbers of the records that the rows made, that nobody has changed and that nothing else names."""
    made = {row.record_id: row for row in rows if row.made and row.record_id in records}
    persons = {row.person_id: row for row in made.values() if row.made == "person" and row.person_id}
    used = held(Record, [pk for pk in made if pk], ignoring={Answer, MemberImportRow, Record, Wait})
    used_people = held(Person, persons, ignoring={Charge, Record, Membership, MemberImportRow})
    owed = Charge.objects.filter(cancelled_at=None).filter(Q(payer__in=persons) | Q(beneficiary__in=persons))
    used_people |= {number for pair in owed.values_list("payer_id", "beneficiary_id") for number in pair if number}
    places = Membership.objects.filter(person__in=persons).values_list("person_id", "group_id")
    used_people |= {person for person, group in places if group not in persons[person].joined}
    said = comparing.answers(records[pk] for pk in made if pk)
    gone = set()
    for pk, row in made.items():
        record, person = records.get(pk or 0), people.get(row.person_id or 0)
        if record is None or person is None or record.pk in used or person.pk in used_people:
            continue
        if _record_untouched(record, row, said.get(record.pk, {})) and _person_untouched(person, row):
            gone.add(record.pk)
    # Whoever pays for somebody who stays, stays.
    while paying := gone & set(
        Record.objects.filter(payer__in=gone).exclude(pk__in=gone).values_list("payer_id", flat=True)
    ):
        gone -= paying
    return gone


def _record_untouched(record: Record, row: MemberImportRow, said: dict[str, str]) -> bool:
    """Whether the record still says what the import wrote, and nothing more."""
    told = row.values
    given = {name for name in ("number", "left_on") if name not in told}  # by the register itself
    plain = all(
        comparable(name, comparing.as_text(record, name))
        == comparable(name, told.get(name, "0" if name in CHECKS else ""))
        for name in {*RECORD, "status", "family"} - given
    )
    own = {name: value for name, value in told.items() if name.startswith("field:")}
    return plain and said == own


def _person_untouched(person: Person, row: MemberImportRow) -> bool:
    if row.made == "record":
        return True
    return (
        person.account_id is None
        and person.status == PersonStatus.ACTIVE
        and person.role == Role.MEMBER
        and all(
            comparable(name, getattr(person, name)) == comparable(name, row.values.get(name)) for name in PERSON_FIELDS
        )
    )


def give_back(rows: Sequence[Any], people: dict[int, Person], records: dict[int, Record]) -> set[int]:
    """Put former values back where those written still stand; the numbers of the rows where some were changed since.

    `rows`: of an import, or of a change of many records.
    """
    kept: set[int] = set()
    said = comparing.answers(record for record in records.values())
    statuses = {status.name: status for status in Status.objects.all()}
    families = {family.name: family for family in Family.objects.all()}
    fields = {f"field:{field.key}": field for field in Field.objects.all()}
    for row in rows:
        person, record = people.get(row.person_id or 0), records.get(row.record_id or 0)
        for name, former in row.before.items():
            written = row.values.get(name, "")
            if name in PERSON_FIELDS:
                stands = person is not None and comparable(name, getattr(person, name)) == comparable(name, written)
                if stands:
                    setattr(person, name, person_value(name, former))
            elif record is None:
                stands = False
            elif name.startswith("field:"):
                stands = said.get(record.pk, {}).get(name, "") == written
                if stands and name in fields:
                    Answer.objects.filter(record=record, field=fields[name]).delete()
                    Answer.objects.bulk_create(answers(record, fields[name], former))
            else:
                stands = comparable(name, comparing.as_text(record, name)) == comparable(name, written)
                if stands:
                    found = {"status": statuses, "family": families}.get(name)
                    value = found.get(former) if found is not None else comparing.restored(name, former)
                    setattr(record, name, value)
            if not stands:
                kept.add(row.number)
    _save([row for row in rows if row.before], people, records)
    return kept


def _save(rows: Sequence[Any], people: dict[int, Person], records: dict[int, Record]) -> None:
    names = {name for row in rows for name in row.before}
    changed = {row.person_id: people[row.person_id] for row in rows if row.person_id in people}
    written = sorted(names & set(PERSON_FIELDS))
    if written:
        upsert(Person, [index_names(person) for person in changed.values()], [*written, *INDEXED])
        watchers.changed(list(changed.values()))
    of_record = sorted(names & {*RECORD, "status", "family"})
    if of_record:
        there = {row.record_id: records[row.record_id] for row in rows if row.record_id in records}
        upsert(Record, list(there.values()), of_record)


def _leave_groups(rows: list[MemberImportRow], gone: set[int]) -> None:
    """Take people out of the groups the import put them in, or back from managing them; those removed lose all."""
    for row in rows:
        if row.record_id in gone and row.made == "person":
            continue
        if row.joined:
            Membership.objects.filter(person=row.person_id, group__in=row.joined).delete()
        if raised := row.values.get("raised"):
            Membership.objects.filter(person=row.person_id, group__in=raised).update(is_manager=False)


def _count(batch: MemberImport, rows: list[MemberImportRow]) -> None:
    """Keep the counts as it goes: the rows of people removed are gone."""
    counts = dict(batch.counts)
    for row in rows:
        counts[row.undone] = counts.get(row.undone, 0) + 1
    batch.counts = counts
    MemberImport.objects.filter(pk=batch.pk).update(counts=counts)


def finish(batch: MemberImport) -> dict[str, int]:
    """Remove what the import made beside members, if nobody uses it; give numbers back. The final counts."""
    made = batch.made
    Rate.objects.filter(pk__in=made.get("Rate", [])).exclude(pk__in=Contribution.objects.values("rate")).delete()
    DuesKind.objects.filter(pk__in=made.get("DuesKind", []), contributions=None, rates=None).delete()
    Status.objects.filter(pk__in=made.get("Status", []), records=None).delete()
    Family.objects.filter(pk__in=made.get("Family", []), records=None).delete()
    Field.objects.filter(pk__in=made.get("Field", []), answers=None).delete()
    Group.objects.filter(pk__in=made.get("Group", []), memberships=None).delete()
    if "last_number" in made and not batch.counts.get(KEPT):
        settings = lock_settings()
        numbers = [int(number) for number in Record.objects.values_list("number", flat=True) if number.isdigit()]
        settings.last_number = max([made["last_number"], *(n for n in numbers if n <= settings.last_number)])
        settings.save(update_fields=["last_number"])
    return {**batch.counts, DONE: batch.counts.get(DONE, 0), KEPT: batch.counts.get(KEPT, 0)}
