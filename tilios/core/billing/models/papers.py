"""Numbered papers: what they said is kept as it was said."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.people.models import Person
from tilios.core.structures.models import Owned


class PaperKind(models.TextChoices):
    INVOICE = "invoice", _("Invoice")
    CREDIT_NOTE = "credit_note", _("Credit note")
    RECEIPT = "receipt", _("Payment receipt")
    TAX_RECEIPT = "tax_receipt", _("Tax receipt")
    DEPOSIT = "deposit", _("Cheque deposit")


#: What the number of each begins with: "F2026-0001".
MARKS = {
    PaperKind.INVOICE: "F",
    PaperKind.CREDIT_NOTE: "A",
    PaperKind.RECEIPT: "R",
    PaperKind.TAX_RECEIPT: "RF",
    PaperKind.DEPOSIT: "RC",
}


class Paper(Owned):
    """A paper given to somebody. `content` holds the lines and the parties as they were that day (papers/content.py).

    `pdf` is laid out once, and given again as it is ever after. A credit note `corrects` an invoice; a tax receipt that
    no longer holds keeps its number and is void.
    """

    kind = models.CharField(max_length=12, choices=PaperKind)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    issued_on = models.DateField()
    payer = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    payer_name = models.CharField(max_length=160, blank=True)
    total_cents = models.BigIntegerField()
    vat_cents = models.BigIntegerField(default=0)
    content = models.JSONField()
    payment = models.ForeignKey("billing.Payment", on_delete=models.PROTECT, null=True, related_name="papers")
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="credit_notes")
    signature = models.ForeignKey("blobs.Blob", on_delete=models.PROTECT, null=True, related_name="+")
    logo = models.ForeignKey("blobs.Blob", on_delete=models.PROTECT, null=True, related_name="+")
    pdf = models.ForeignKey("blobs.Blob", on_delete=models.PROTECT, null=True, related_name="+")
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta(Owned.Meta):
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["structure", "kind", "year", "number"], name="one_paper_a_number")
        ]
        indexes = [models.Index(fields=["structure", "payer", "-issued_on"], name="papers_of_a_payer")]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """Its number as it is written: "F2026-0001"."""
        return f"{MARKS[PaperKind(self.kind)]}{self.year}-{self.number:04}"
