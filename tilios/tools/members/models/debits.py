"""Who was told of a direct debit before it."""

from django.db import models
from django.utils import timezone

from tilios.core.billing.models import DebitBatch, Mandate
from tilios.core.structures.models import Owned
from tilios.tools.members.models.dues import Channel


class DebitNotice(Owned):
    """That the debits of one mandate in one batch were announced, or put on the list to print: once."""

    batch = models.ForeignKey(DebitBatch, on_delete=models.CASCADE, related_name="notices")
    mandate = models.ForeignKey(Mandate, on_delete=models.CASCADE, related_name="notices")
    channel = models.CharField(max_length=5, choices=Channel)
    sent_at = models.DateTimeField(default=timezone.now)
    printed_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        ordering = ["sent_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["batch", "mandate"], name="members_one_notice_a_debtor")]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.mandate_id}"
