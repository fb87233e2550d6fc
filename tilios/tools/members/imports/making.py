"""What rows name and the structure has not: statuses, families, groups, kinds of dues, rates, fields. Made once, noted
in the batch, so that an undoing takes back what nobody uses.
"""

from functools import cached_property
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext

from tilios.core.people.models import Group
from tilios.kit.money import parse_cents
from tilios.kit.refusals import Refusal
from tilios.kit.text import fold, slugify
from tilios.tools.members.imports.columns import choices_of
from tilios.tools.members.models import (
    DuesKind,
    Family,
    Field,
    FieldKind,
    MemberImport,
    MemberImportRow,
    Pricing,
    Rate,
    Record,
    Span,
    Status,
)


class Maker:
    """Finds by name, makes what is missing. Names are compared folded."""

    def __init__(self, batch: MemberImport) -> None:
        self.batch = batch
        self.kinds = {fold(kind.name): kind for kind in DuesKind.objects.all()}
        self.rates = {(rate.kind_id, fold(rate.name)): rate for rate in Rate.objects.all()}
        self.statuses = {fold(status.name): status for status in Status.objects.all()}
        self.families = {fold(family.name): family for family in Family.objects.all()}
        self.groups = {fold(group.name): group for group in Group.objects.all()}

    @cached_property
    def numbers(self) -> set[str]:
        """The numbers that members have, and those that rows still to come ask for. Two queries, once."""
        rows = MemberImportRow.objects.filter(batch=self.batch, applied=False).values_list("values", flat=True)
        asked = {values.get("number", "") for values in rows.iterator(chunk_size=2_000)}
        return {*Record.objects.values_list("number", flat=True), *asked}

    def note(self, made: Any) -> None:
        """Remember what the import made, in the transaction that made it."""
        name = type(made).__name__
        self.batch.made = {**self.batch.made, name: [*self.batch.made.get(name, []), made.pk]}
        MemberImport.objects.filter(pk=self.batch.pk).update(made=self.batch.made)

    def status(self, name: str) -> Status:
        if fold(name) not in self.statuses:
            order = self.batch.plan.get("statuses", [])
            place = order.index(name) if name in order else len(order)
            self.statuses[fold(name)] = made = Status.objects.create(name=name[:80], order=min(place, 999))
            self.note(made)
        return self.statuses[fold(name)]

    def family(self, name: str) -> Family:
        if fold(name) not in self.families:
            self.families[fold(name)] = made = Family.objects.create(name=name[:120])
            self.note(made)
        return self.families[fold(name)]

    def group(self, name: str) -> Group:
        if fold(name) not in self.groups:
            made = Group.objects.create(name=name[:80], description=gettext("Made by an import."))
            self.groups[fold(name)] = made
            self.note(made)
        return self.groups[fold(name)]

    def kind(self, name: str) -> DuesKind:
        if fold(name) not in self.kinds:
            plan = self.batch.plan.get("kinds", {}).get(name, {})
            months = int(plan.get("months", 12))
            made = DuesKind.objects.create(
                name=name[:120],
                description=str(plan.get("description", ""))[:2000],
                span=Span.MONTHS if months else Span.ONE_OFF,
                months=min(months or 12, 120),
                is_membership=bool(plan.get("is_membership", True)),
                is_public=False,  # what people may choose online is for the structure to say
            )
            self.kinds[fold(name)] = made
            self.note(made)
            if amount := _cents(plan.get("amount")):
                self._make_rate(made, made.name, amount)
        return self.kinds[fold(name)]

    def rate(self, kind: DuesKind, name: str) -> Rate | None:
        """The rate of this name; one that is missing is made when the file says its amount."""
        if not name:
            return None
        if (kind.pk, fold(name)) not in self.rates:
            amount = self.batch.plan.get("rates", {}).get(kind.name, {}).get(name)
            if amount is None:
                return None
            self._make_rate(kind, name, int(amount))
        return self.rates[(kind.pk, fold(name))]

    def _make_rate(self, kind: DuesKind, name: str, amount_cents: int) -> None:
        # Without an amount, the other program computes it: what is asked is free until somebody says better.
        pricing = Pricing.FIXED if amount_cents else Pricing.FREE
        made = Rate.objects.create(kind=kind, name=name[:120], pricing=pricing, amount_cents=amount_cents)
        self.rates[(kind.pk, fold(made.name))] = made
        self.note(made)


def _cents(amount: Any) -> int:
    try:
        return max(0, parse_cents(str(amount or "0")))
    except Refusal:
        return 0


def make_fields(batch: MemberImport) -> None:
    """Make the fields that columns ask for, and give these columns to them: done once, whatever dies after."""
    maker = Maker(batch)
    columns = list(batch.columns)
    for number, name in enumerate(columns):
        if name.startswith("new:"):
            kind = name.removeprefix("new:")
            header = batch.header[number] or gettext("Column %(number)s") % {"number": number + 1}
            made = Field.objects.create(
                name=header[:80],
                key=_key(header),
                kind=kind,
                choices=_choices(batch, number, header) if kind in {FieldKind.CHOICE, FieldKind.CHOICES} else [],
                order=(Field.objects.aggregate(last=Max("order"))["last"] or 0) + 1,
            )
            maker.note(made)
            columns[number] = f"field:{made.key}"
    batch.columns = columns
    MemberImport.objects.filter(pk=batch.pk).update(columns=columns)


def _key(header: str) -> str:
    """A word for the field in formulas that no other field has."""
    taken = {key.replace("_", "-") for key in Field.objects.values_list("key", flat=True)}
    return slugify(header, taken, length=36, default="champ").replace("-", "_")


def _choices(batch: MemberImport, column: int, header: str) -> list[str]:
    """The list of the other program, then what rows say beside it."""
    found = dict.fromkeys(batch.plan.get("choices", {}).get(header, []))
    several = batch.columns[column] == f"new:{FieldKind.CHOICES}"
    for cells in MemberImportRow.objects.filter(batch=batch).values_list("cells", flat=True).iterator():
        cell = cells[column].strip() if column < len(cells) else ""
        said = choices_of(cell) if several else [" ".join(cell.split())[:120]] if cell else []
        found.update(dict.fromkeys(said))
    return list(found)[:100]
