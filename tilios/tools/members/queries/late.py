"""Reads of what is late: what is owed and since when, of whom a reminder is due, what was sent."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from tilios.core.billing import queries as billing
from tilios.core.billing.models import Charge, Debit, DebitState, Payment
from tilios.core.people.models import Person
from tilios.tools.members.models import Channel, LateLetter, LateReminded, LateRule, Record

#: A reminder whose day passed while the server was down is sent so many days late at most.
LATEST = timedelta(days=14)


@dataclass(frozen=True)
class Situation:
    """What one payer has not paid in time, the oldest first, and what of their money pays nothing yet."""

    payer: Person
    record: Record | None
    charges: list[Charge]
    credit_cents: int

    @property
    def to_pay_cents(self) -> int:
        """What a letter asks for: nothing where their credit covers it."""
        return max(0, sum(charge.left_cents for charge in self.charges) - self.credit_cents)


def late_charges(today: date) -> QuerySet[Charge]:
    """What should have been paid before `today` by somebody who is still there, and is not being debited."""
    debited = Debit.objects.filter(charge=OuterRef("pk"), state=DebitState.WAITING)
    return billing.unpaid_charges().filter(due_on__lt=today, payer__isnull=False).exclude(Exists(debited))


def situations(payers: Collection[int], today: date) -> dict[int, Situation]:
    """Where the payers of these numbers stand, by number; those who owe nothing late are left out. Four queries."""
    charges: dict[int, list[Charge]] = {}
    for charge in late_charges(today).filter(payer__in=payers):
        charges.setdefault(charge.payer_id or 0, []).append(charge)
    credit_rows = Payment.objects.filter(payer__in=charges, credit_cents__gt=0).order_by().values_list("payer")
    credit = dict(credit_rows.annotate(cents=Sum("credit_cents")))
    found = Record.objects.filter(person__in=charges).select_related("person")
    records = {record.person_id: record for record in found}
    return {
        payer.pk: Situation(payer, records.get(payer.pk), charges[payer.pk], credit.get(payer.pk, 0))
        for payer in Person.objects.filter(pk__in=charges)
    }


def payers_to_remind(rules: Sequence[LateRule], today: date) -> list[int]:
    """The numbers of those who owe something of which one of `rules` may have to remind. One query."""
    ripe = Q(pk__in=[])
    for rule in rules:
        last = today - timedelta(days=rule.days)
        told = LateReminded.objects.filter(Q(days=rule.days) | Q(rule=rule), charge=OuterRef("pk"))
        ripe |= Q(~Exists(told), due_on__range=(last - LATEST, last))
    rows = late_charges(today).filter(ripe).order_by("payer")
    return list(rows.values_list("payer", flat=True).distinct())


def ripe_today(charges: Iterable[Charge], rules: Sequence[LateRule], today: date) -> list[tuple[Charge, LateRule]]:
    """Of which of `charges` a reminder is due, and by which rule: the last whose day has come, and it alone.

    Never one of which it has reminded, nor one that is more than LATEST late. One query.
    """
    charges = list(charges)
    told: set[tuple[int, str, int | None]] = set()
    for charge_pk, days, rule_pk in LateReminded.objects.filter(charge__in=charges).values_list(
        "charge", "days", "rule"
    ):
        told |= {(charge_pk, "days", days), (charge_pk, "rule", rule_pk)}
    found = []
    for charge in charges:
        passed = (today - charge.due_on).days
        rule = max((one for one in rules if one.days <= passed), key=lambda one: one.days, default=None)
        if rule is None or passed - rule.days > LATEST.days:
            continue
        if not {(charge.pk, "days", rule.days), (charge.pk, "rule", rule.pk)} & told:
            found.append((charge, rule))
    return found


def late_rules() -> QuerySet[LateRule]:
    """The reminders of what is late, the first to leave first, those that rest included."""
    return LateRule.objects.all()


def late_letters() -> QuerySet[LateLetter]:
    """The reminders that were sent or put on the list to print, the latest first, with what each was about."""
    return LateLetter.objects.select_related("payer").prefetch_related("reminded__charge")


def late_letters_to_print() -> QuerySet[LateLetter]:
    """Those on paper that nobody has printed, the last one of each payer, while something is late."""
    waiting = LateLetter.objects.filter(channel=Channel.PAPER, printed_at=None)
    last = waiting.filter(payer=OuterRef("payer")).order_by("-pk").values("pk")[:1]
    late = late_charges(timezone.localdate()).filter(payer=OuterRef("payer"))
    rows = waiting.filter(Exists(late), pk=Subquery(last))
    return rows.select_related("payer").order_by("pk")


def reminders_of(charges: Iterable[Charge]) -> dict[int, list[LateLetter]]:
    """The reminders of each of `charges`, by its number, the oldest first. One query."""
    found: dict[int, list[LateLetter]] = {}
    rows = LateReminded.objects.filter(charge__in=list(charges)).select_related("letter")
    for one in rows.order_by("letter__sent_at", "pk"):
        found.setdefault(one.charge_id, []).append(one.letter)
    return found
