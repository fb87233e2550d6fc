"""Money received, what it pays, and cheques taken to the bank."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from tilios.core.people.models import Person
from tilios.core.structures.models import Owned


class Means(models.TextChoices):
    CASH = "cash", pgettext_lazy("means of payment", "Cash")
    CHEQUE = "cheque", pgettext_lazy("means of payment", "Cheque")
    TRANSFER = "transfer", pgettext_lazy("means of payment", "Transfer")
    CARD = "card", pgettext_lazy("means of payment", "Bank card")
    DEBIT = "debit", pgettext_lazy("means of payment", "Direct debit")
    HELLOASSO = "helloasso", pgettext_lazy("means of payment", "HelloAsso")
    OTHER = "other", pgettext_lazy("means of payment", "Other means")


class Deposit(Owned):
    """Cheques taken to the bank together; `slip` is the paper that goes with them."""

    slip = models.OneToOneField("billing.Paper", on_delete=models.PROTECT, related_name="deposit")
    deposited_on = models.DateField()
    amount_cents = models.BigIntegerField()
    made_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta(Owned.Meta):
        ordering = ["-deposited_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.deposited_on} {self.amount_cents}"


class Payment(Owned):
    """Money received. Negative when it is the counter-entry of another (`reverses`): nothing else takes one back.

    `credit_cents` is what pays nothing yet: the credit of the payer.
    """

    payer = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    payer_name = models.CharField(max_length=160, blank=True)
    means = models.CharField(max_length=10, choices=Means)
    received_on = models.DateField()
    amount_cents = models.BigIntegerField()
    credit_cents = models.BigIntegerField(default=0)
    source = models.CharField(max_length=40, blank=True)  # who told of it: "helloasso", "bank", or "" for a person
    external_id = models.CharField(max_length=120, blank=True)  # what they call it: the same twice counts once
    cheque_number = models.CharField(max_length=30, blank=True)
    bank = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=300, blank=True)
    deposit = models.ForeignKey(Deposit, on_delete=models.PROTECT, null=True, related_name="cheques")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversal")
    reason = models.CharField(max_length=300, blank=True)  # of a counter-entry
    recorded_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta(Owned.Meta):
        ordering = ["-received_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "source", "external_id"], condition=~Q(external_id=""), name="payment_told_once"
            ),
            models.CheckConstraint(
                condition=Q(reverses=None, amount_cents__gt=0) | Q(reverses__isnull=False, amount_cents__lt=0),
                name="payment_negative_to_reverse",
            ),
            models.CheckConstraint(
                condition=Q(credit_cents=0) | Q(credit_cents__gt=0, credit_cents__lte=F("amount_cents")),
                name="payment_credit_within",
            ),
        ]
        indexes = [
            models.Index(fields=["structure", "-received_on"], name="payments_newest"),
            models.Index(fields=["structure", "payer", "-received_on"], name="payments_of_a_payer"),
        ]

    def __str__(self) -> str:
        return f"{self.received_on} {self.payer_name} {self.amount_cents}"


class Allocation(Owned):
    """What part of a payment pays a charge; negative when it is taken back."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="allocations")
    charge = models.ForeignKey("billing.Charge", on_delete=models.PROTECT, related_name="allocations")
    amount_cents = models.BigIntegerField()
    tax_receipt = models.ForeignKey("billing.Paper", on_delete=models.PROTECT, null=True, related_name="gifts")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta(Owned.Meta):
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(amount_cents=0), name="allocation_of_something")]

    def __str__(self) -> str:
        return f"{self.amount_cents} of {self.payment_id} to {self.charge_id}"
