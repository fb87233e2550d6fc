"""Tax receipts that no longer hold: their number stays, they are void."""

from django.utils import timezone

from tilios.core.billing.models import Paper, Payment
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person


def void(paper: Paper, *, by: Person | None, reason: str) -> None:
    """`paper` no longer holds. Books locked. Publishes "billing.paper_voided"."""
    paper.voided_at, paper.void_reason = timezone.now(), reason
    paper.save(update_fields=["voided_at", "void_reason"])
    publish("billing.paper_voided", by=by, target=paper, subject=paper.payer)


def void_receipts_of(payment: Payment, *, by: Person | None, reason: str) -> None:
    """The same for the tax receipts that tell of `payment` and still hold."""
    for paper in Paper.objects.filter(gifts__payment=payment, voided_at=None).distinct():
        void(paper, by=by, reason=reason)
