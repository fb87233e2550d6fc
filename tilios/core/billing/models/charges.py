"""What somebody owes."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from tilios.core.people.models import Person
from tilios.core.structures.models import Owned


class Charge(Owned):
    """Something owed by `payer` for `beneficiary`, for a thing of a tool or for none.

    `paid_cents` is the sum of its allocations, kept with it so that the database itself refuses that more be paid than
    is owed; `settled_at` is set while it is wholly paid.
    """

    source_kind = models.CharField(max_length=60, blank=True)  # "members.membership"
    source_pk = models.BigIntegerField(null=True)
    payer = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    payer_name = models.CharField(max_length=160, blank=True)
    beneficiary = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    beneficiary_name = models.CharField(max_length=160, blank=True)
    label = models.CharField(max_length=200)
    amount_cents = models.BigIntegerField()  # VAT included
    vat_rate = models.PositiveSmallIntegerField(default=0)  # hundredths of a percent: 2000 is 20 %; 0 is exempt
    account = models.CharField(max_length=12)
    is_gift = models.BooleanField(default=False)  # gives right to a tax receipt
    due_on = models.DateField()
    paid_cents = models.BigIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    invoice = models.ForeignKey("billing.Paper", on_delete=models.PROTECT, null=True, related_name="charges")
    created_at = models.DateTimeField(default=timezone.now)

    #: (source_kind, source_pk) names a row of any exported kind: the archive renumbers it.
    generic_reference = ("source_kind", "source_pk")

    class Meta(Owned.Meta):
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="charge_above_zero"),
            models.CheckConstraint(
                condition=Q(paid_cents__gte=0, paid_cents__lte=F("amount_cents")), name="charge_never_overpaid"
            ),
        ]
        indexes = [
            models.Index(fields=["structure", "payer", "due_on"], name="charges_of_a_payer"),
            models.Index(fields=["structure", "source_kind", "source_pk"], name="charges_of_a_thing"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def left_cents(self) -> int:
        """What is still to be paid."""
        return 0 if self.cancelled_at else self.amount_cents - self.paid_cents
