"""SEPA direct debits: who allowed them, and the batches given to the bank."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.people.models import Person
from tilios.core.structures.models import Owned
from tilios.kit.dates import months_after

LAPSES_MONTHS = 36


class Mandate(Owned):
    """Somebody lets the structure debit their account. Not to be taken for a right to act for somebody.

    SECURITY: the IBAN is sealed (core/outside/sealing.py); its last four signs are there to be recognised.
    """

    payer = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    holder_name = models.CharField(max_length=70)
    reference = models.CharField(max_length=35)  # RUM, unique for the creditor
    iban_sealed = models.TextField(blank=True)
    iban_end = models.CharField(max_length=4)
    bic = models.CharField(max_length=11, blank=True)
    signed_on = models.DateField()
    scan = models.ForeignKey("blobs.Blob", on_delete=models.PROTECT, null=True, related_name="+")
    last_used_on = models.DateField(null=True)
    revoked_on = models.DateField(null=True)
    recorded_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta(Owned.Meta):
        ordering = ["-signed_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["structure", "reference"], name="one_mandate_a_reference")]

    def __str__(self) -> str:
        return self.reference

    def is_usable(self, day: date) -> bool:
        """Whether it allows a debit that day: it lapses when it is not used for 36 months (SEPA rulebook, 4.1)."""
        return self.revoked_on is None and day < months_after(self.last_used_on or self.signed_on, LAPSES_MONTHS)


class DebitState(models.TextChoices):
    WAITING = "waiting", _("Waiting for the bank")
    CONFIRMED = "confirmed", _("Confirmed")
    REJECTED = "rejected", _("Rejected")


class DebitBatch(Owned):
    """Debits given to the bank in one file, made again when it is asked for: it would hold IBANs unsealed."""

    reference = models.CharField(max_length=35)
    collect_on = models.DateField()
    notified_on = models.DateField()  # when payers were told: fourteen days before unless they agreed to less
    amount_cents = models.BigIntegerField()
    made_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta(Owned.Meta):
        ordering = ["-collect_on", "-pk"]

    def __str__(self) -> str:
        return self.reference


class Debit(Owned):
    """One debit of a batch, for one charge. The payment is recorded when the bank confirms."""

    batch = models.ForeignKey(DebitBatch, on_delete=models.PROTECT, related_name="debits")
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="debits")
    charge = models.ForeignKey("billing.Charge", on_delete=models.PROTECT, related_name="debits")
    amount_cents = models.BigIntegerField()
    sequence = models.CharField(max_length=4)  # "FRST" the first time a mandate is used, "RCUR" after
    end_to_end = models.CharField(max_length=35)
    state = models.CharField(max_length=10, choices=DebitState, default=DebitState.WAITING)
    reason = models.CharField(max_length=200, blank=True)  # of a rejection, as the bank says it
    payment = models.OneToOneField("billing.Payment", on_delete=models.PROTECT, null=True, related_name="debit")

    class Meta(Owned.Meta):
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="debit_above_zero"),
            models.UniqueConstraint(fields=["structure", "end_to_end"], name="one_debit_a_reference"),
            models.UniqueConstraint(
                fields=["charge"], condition=Q(state="waiting"), name="a_charge_is_debited_once_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.end_to_end
