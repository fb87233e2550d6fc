"""Prove that the sums hold: entries balance, numbers have no gap, what is paid is what was allotted."""

from collections.abc import Iterator

from django.db.models import Count, F, Max, Min, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from tilios.core.billing.ledger.entries import COUNTER
from tilios.core.billing.models import Charge, Counter, LedgerEntry, Paper, Payment

SHOWN = 20


def verify() -> Iterator[str]:
    """What is wrong in the money of the structure in scope, in words; some statements, however much there is."""
    yield from _entries()
    yield from _numbers()
    yield from _charges()
    yield from _payments()


def _entries() -> Iterator[str]:
    debit, credit = Coalesce(Sum("lines__debit_cents"), 0), Coalesce(Sum("lines__credit_cents"), 0)
    summed = LedgerEntry.objects.annotate(debit=debit, credit=credit)
    wrong = summed.filter(~Q(debit=F("debit_cents")) | ~Q(credit=F("credit_cents")))
    for year, number in wrong.values_list("fiscal_year", "number")[:SHOWN]:
        yield _("The entry %(number)s of the fiscal year %(year)s does not balance.") % {"number": number, "year": year}


def _numbers() -> Iterator[str]:
    """Numbers run from 1 to the last one given: as many as the greatest, in every kind and year."""
    given = {(kind, year): last for kind, year, last in Counter.objects.values_list("kind", "year", "last")}
    entries = LedgerEntry.objects.order_by().values_list("fiscal_year").annotate(*_extent())
    papers = Paper.objects.order_by().values_list("kind", "year").annotate(*_extent())
    found = {(COUNTER, year): extent for year, *extent in entries}
    found |= {(kind, year): extent for kind, year, *extent in papers}
    for (kind, year), (first, last, count) in sorted(found.items()):
        if first != 1 or last != count or given.get((kind, year)) != last:
            yield _("Numbers of %(kind)s of %(year)s have a gap.") % {"kind": kind, "year": year}


def _extent() -> tuple[Min, Max, Count]:
    return Min("number"), Max("number"), Count("pk")


def _charges() -> Iterator[str]:
    summed = Charge.objects.annotate(allotted=Coalesce(Sum("allocations__amount_cents"), 0))
    for pk in summed.exclude(allotted=F("paid_cents")).values_list("pk", flat=True)[:SHOWN]:
        yield _("What was paid of the amount due %(number)s is not what was allotted to it.") % {"number": pk}


def _payments() -> Iterator[str]:
    """What is left of a payment is what it pays nothing of; nothing is left of one that is cancelled."""
    summed = Payment.objects.filter(reverses=None).annotate(allotted=Coalesce(Sum("allocations__amount_cents"), 0))
    stands = Q(reversal=None) & ~Q(allotted=F("amount_cents") - F("credit_cents"))
    cancelled = Q(reversal__isnull=False) & ~Q(credit_cents=0)
    for pk in summed.filter(stands | cancelled).values_list("pk", flat=True)[:SHOWN]:
        yield _("What is left of the payment %(number)s is not what it does not pay.") % {"number": pk}
