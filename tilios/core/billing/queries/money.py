"""What is owed, what is paid, what is left."""

from typing import Any

from django.db.models import F, QuerySet, Sum

from tilios.core.billing.models import Charge, LineState, Means, Payment, StatementLine
from tilios.core.people.models import Person
from tilios.core.toolbox import registry


def due_charges(payer: Person) -> QuerySet[Charge]:
    """What `payer` still has to pay, the oldest first."""
    return unpaid_charges().filter(payer=payer)


def unpaid_charges() -> QuerySet[Charge]:
    """What is not wholly paid, whoever owes it, the oldest first."""
    return Charge.objects.filter(cancelled_at=None, paid_cents__lt=F("amount_cents")).order_by("due_on", "pk")


def charges_of(payer: Person) -> QuerySet[Charge]:
    """Everything that `payer` was asked, paid or not, with its invoice, the newest first."""
    return Charge.objects.filter(payer=payer).select_related("invoice").order_by("-due_on", "-pk")


def charges_for(source: Any) -> QuerySet[Charge]:
    """What is owed or was paid for a thing of a tool, cancelled ones included, the oldest first."""
    kind = registry.kind_of(source)
    return Charge.objects.filter(source_kind=kind.name if kind else source._meta.label_lower, source_pk=source.pk)


def owed_by(payer: Person) -> int:
    """How much `payer` still has to pay, in cents; their credit is not taken off."""
    found = due_charges(payer).aggregate(cents=Sum(F("amount_cents") - F("paid_cents")))
    return found["cents"] or 0


def payments() -> QuerySet[Payment]:
    """Every payment and counter-entry, the newest first, with what its list shows."""
    return Payment.objects.select_related("payer", "deposit", "reverses", "reversal")


def credits_of(payer: Person) -> QuerySet[Payment]:
    """The payments of `payer` of which something is left, the oldest first."""
    return Payment.objects.filter(payer=payer, credit_cents__gt=0).order_by("received_on", "pk")


def credit_of(payer: Person) -> int:
    """What `payer` has paid and that pays nothing yet, in cents."""
    found = credits_of(payer).aggregate(cents=Sum("credit_cents"))
    return found["cents"] or 0


def cheques_to_deposit() -> QuerySet[Payment]:
    """Cheques in the drawer, the oldest first: not taken to the bank, not cancelled."""
    return Payment.objects.filter(means=Means.CHEQUE, deposit=None, reverses=None, reversal=None).order_by(
        "received_on", "pk"
    )


def lines_to_match() -> QuerySet[StatementLine]:
    """The queue: lines of statements that are nobody's yet, the oldest first."""
    return StatementLine.objects.filter(state=LineState.WAITING).order_by("received_on", "pk")
