"""Bring dues in: history for what was paid, a charge for what is still owed; then until when each member has paid."""

from collections.abc import Iterable
from datetime import date, datetime, time

from django.db.models import prefetch_related_objects
from django.utils import timezone

from tilios.core.billing import actions as billing
from tilios.core.people.imports.bringing import upsert
from tilios.tools.members.actions import openings
from tilios.tools.members.actions.dues import label_of
from tilios.tools.members.actions.records import lock
from tilios.tools.members.imports.duesjudging import external_id
from tilios.tools.members.imports.making import Maker
from tilios.tools.members.models import (
    Contribution,
    ContributionState,
    MemberImport,
    MemberImportRow,
    Opened,
    Opening,
    Record,
)


def bring_dues(batch: MemberImport, maker: Maker, rows: list[MemberImportRow]) -> None:
    """Write the dues of the rows. What was paid in the past makes no charge: its money is in the books of before."""
    rows = [row for row in rows if row.record is not None]
    prefetch_related_objects([row.record for row in rows if row.record], "person", "status")
    made = [_contribution(batch, maker, row) for row in rows]
    for row, contribution in zip(rows, Contribution.objects.bulk_create(made), strict=True):
        row.contribution = contribution
        owed = contribution.amount_cents - int(row.values.get("dues_received", 0))
        if contribution.state == ContributionState.EXPECTED and owed > 0:
            _charge(batch, contribution, owed)
    follow({row.record.pk for row in rows if row.record is not None})


def _contribution(batch: MemberImport, maker: Maker, row: MemberImportRow) -> Contribution:
    assert row.record is not None  # rows without one are passed over above
    said = row.values
    kind = maker.kind(said["dues_kind"])
    amount = int(said["dues_cents"])
    owed = amount - int(said.get("dues_received", 0))
    expected = said["dues_paid"] == "0" and owed > 0 and not (kind.is_membership and not row.record.owes_dues)
    first = date.fromisoformat(said["dues_first"])
    paid_on = date.fromisoformat(said.get("dues_paid_on") or said["dues_first"])
    return Contribution(
        record=row.record,
        payer_id=row.record.payer.person_id if row.record.payer else row.record.person_id,
        kind=kind,
        rate=maker.rate(kind, said.get("dues_rate", "")),
        first=first,
        last=date.fromisoformat(said["dues_last"]) if said["dues_last"] else None,
        anchor=first.day,
        amount_cents=amount,
        state=ContributionState.EXPECTED if expected else ContributionState.PAID,
        paid_at=None if expected else timezone.make_aware(datetime.combine(paid_on, time(12))),
        note=said.get("dues_note", "")[:300],
        origin="import",
        external_id=external_id(batch, said),
        created_by=batch.created_by,
    )


def _charge(batch: MemberImport, contribution: Contribution, owed_cents: int) -> None:
    """Ask for what is still owed, from today on: nobody is late for what they are told of today."""
    billing.charge(
        by=batch.created_by,
        payer=contribution.payer,
        beneficiary=contribution.record.person,
        source=contribution,
        label=f"{contribution.kind.name} {label_of(contribution.period)} – {contribution.record.person}",
        amount_cents=owed_cents,
        due_on=max(contribution.first, timezone.localdate()),
        account=contribution.kind.account,
        is_gift=contribution.kind.is_gift,
    )


def follow(numbers: Iterable[int]) -> None:
    """Bring records up to date with their dues: until when they are paid, for all at once; what they open, one by one
    for those whose dues open or have opened something.
    """
    records = Record.objects.in_bulk(numbers)
    paid = Contribution.objects.filter(record__in=records, state=ContributionState.PAID, kind__is_membership=True)
    until: dict[int, date] = {}
    for record, last in paid.values_list("record_id", "last"):
        until[record] = max(until.get(record, date.min), last or openings.FOR_LIFE)
    opening = Contribution.objects.filter(record__in=records, kind__in=Opening.objects.values("kind"))
    by_hand = set(opening.values_list("record_id", flat=True))
    by_hand |= set(
        Opened.objects.filter(contribution__record__in=records).values_list("contribution__record", flat=True)
    )
    # Those with instalments under way hold what is not wholly paid: the rule of everyday says it.
    expected = Contribution.objects.filter(record__in=records, state=ContributionState.EXPECTED)
    by_hand |= set(expected.values_list("record_id", flat=True))
    changed = []
    for pk, record in records.items():
        if pk not in by_hand and record.due_on != until.get(pk):
            record.due_on = until.get(pk)
            changed.append(record)
    upsert(Record, changed, ["due_on"])
    for pk in sorted(by_hand):
        openings.follow(lock(records[pk]))
