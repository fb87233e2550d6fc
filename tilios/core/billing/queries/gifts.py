"""Gifts, and which of them have their tax receipt."""

from django.db.models import Q, QuerySet, Sum

from tilios.core.billing.models import Allocation, Paper, PaperKind
from tilios.core.people.models import Person


def gifts(year: int | None = None) -> QuerySet[Allocation]:
    """What payments that stand give, with payment and charge, in order of their days; of one civil year.

    A part taken back from a gift is among them, below zero.
    """
    found = Allocation.objects.filter(
        charge__is_gift=True, payment__reverses=None, payment__reversal=None
    ).select_related("payment", "charge")
    if year is not None:
        found = found.filter(payment__received_on__year=year)
    return found.order_by("payment__received_on", "pk")


def gifts_to_receipt(year: int | None = None) -> QuerySet[Allocation]:
    """The gifts that no tax receipt tells of, or one that is void."""
    return gifts(year).filter(Q(tax_receipt=None) | Q(tax_receipt__voided_at__isnull=False))


def donors_to_receipt(year: int) -> QuerySet[Person]:
    """Who gave in `year` and still has no tax receipt for all of it, by name."""
    givers = gifts_to_receipt(year).order_by().values("payment__payer")
    return Person.objects.filter(pk__in=givers).order_by("sort_name", "pk")


def tax_receipts_of(year: int) -> dict[str, int]:
    """What the yearly declaration asks (CGI, 222 bis): how many receipts that hold were issued in `year`, for how much.

    {"count": 12, "cents": 84000}
    """
    held = Paper.objects.filter(kind=PaperKind.TAX_RECEIPT, year=year, voided_at=None)
    return {"count": held.count(), "cents": held.aggregate(cents=Sum("total_cents"))["cents"] or 0}
