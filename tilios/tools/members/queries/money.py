"""Reads of the pages of money: what came in at a glance, payments, what a family owes, the queue of statements."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from tilios.core.access.roles import may
from tilios.core.billing import queries as billing
from tilios.core.billing.ledger import books
from tilios.core.billing.models import (
    Allocation,
    Charge,
    Debit,
    DebitState,
    LedgerEntry,
    LineState,
    Mandate,
    Means,
    Paper,
    PaperKind,
    Payment,
    StatementLine,
)
from tilios.core.billing.reconciling.suggesting import Suggester, Suggestion
from tilios.core.people.models import Person
from tilios.kit.text import fold
from tilios.tools.members.models import Record

FOUND = 20  # people proposed for a name
JUDGED = 300  # lines of the queue of which it is asked whether they are certain


def glance() -> dict[str, Any]:
    """What a treasurer looks at first, in cents and counts: received in the month and in the fiscal year by means,
    what is late, what is nobody's yet.
    """
    today, profile = timezone.localdate(), billing.profile()
    year = books.fiscal_year(today, profile.fiscal_month)
    month, whole = (
        received(today.replace(day=1), today),
        received(books.fiscal_bounds(year, profile.fiscal_month)[0], today),
    )
    late = billing.unpaid_charges().filter(due_on__lt=today)
    cheques = billing.cheques_to_deposit()
    return {
        "rows": [(Means(means).label, month.get(means, 0), whole.get(means, 0)) for means in Means if means in whole],
        "month": sum(month.values()),
        "year": sum(whole.values()),
        "late": late.aggregate(cents=Sum(F("amount_cents") - F("paid_cents")))["cents"] or 0,
        "late_count": late.count(),
        "credits": Payment.objects.aggregate(cents=Sum("credit_cents"))["cents"] or 0,
        "cheques": cheques.aggregate(cents=Sum("amount_cents"))["cents"] or 0,
        "cheque_count": cheques.count(),
        "lines": billing.lines_to_match().count(),
    }


def received(first: date, last: date) -> dict[str, int]:
    """The cents received from `first` to `last`, by means; what was cancelled is taken off."""
    rows = Payment.objects.filter(received_on__range=(first, last)).order_by().values_list("means")
    return dict(rows.annotate(cents=Sum("amount_cents")))


def listed_payments(
    *, text: str = "", means: str = "", first: date | None = None, last: date | None = None, allotted: str = ""
) -> QuerySet[Payment]:
    """Payments that the filters keep, the newest first. `allotted` is "yes", "no" (something is left) or ""."""
    rows = billing.payments()
    for word in fold(text).split():
        rows = rows.filter(
            Q(payer__search_text__contains=word)
            | Q(payer_name__icontains=word)
            | Q(cheque_number__icontains=word)
            | Q(note__icontains=word)
        )
    if means:
        rows = rows.filter(means=means)
    if first:
        rows = rows.filter(received_on__gte=first)
    if last:
        rows = rows.filter(received_on__lte=last)
    if allotted:
        rows = rows.filter(credit_cents__gt=0) if allotted == "no" else rows.filter(credit_cents=0)
    return rows


def people_named(text: str) -> list[tuple[Person, int]]:
    """At most twenty people whom `text` names, each with what they still have to pay in cents; none for no text."""
    words = fold(text).split()
    rows = Person.objects.filter(visit_ends_at=None).order_by("sort_name", "pk")
    for word in words:
        rows = rows.filter(Q(search_text__contains=word) | Q(email__iexact=text.strip()))
    people = list(rows[:FOUND]) if words else []
    owed = dict(
        billing.unpaid_charges().filter(payer__in=people).order_by().values_list("payer")
        .annotate(cents=Sum(F("amount_cents") - F("paid_cents")))
    )  # fmt: skip
    return [(person, owed.get(person.pk, 0)) for person in people]


def family_charges(payer: Person) -> QuerySet[Charge]:
    """What is left to pay by `payer` and by those for whom they pay, theirs first, the oldest first."""
    others = Record.objects.filter(payer__person=payer).values("person")
    rows = billing.unpaid_charges().filter(Q(payer=payer) | Q(payer__in=others) | Q(beneficiary__in=others))
    return rows.order_by("due_on", "pk")


def paid_by(payment: Payment) -> list[tuple[Charge, int]]:
    """What `payment` pays of each charge now, in cents; nothing once it is cancelled."""
    if payment.reverses_id or hasattr(payment, "reversal"):
        return []
    found: dict[Charge, int] = {}
    for part in Allocation.objects.filter(payment=payment).select_related("charge"):
        found[part.charge] = found.get(part.charge, 0) + part.amount_cents
    return [(charge, cents) for charge, cents in found.items() if cents]


def visible_papers(person: Person) -> QuerySet[Paper]:
    """The papers that `person` may read: all for who sees the money, else those given to them; the newest first."""
    rows = Paper.objects.select_related("payer", "corrects", "pdf")
    # SECURITY: a slip of cheques names everybody's banks; it is given to nobody, so it has no payer.
    return rows if may(person, "billing.view") else rows.filter(payer=person)


def listed_papers(*, text: str = "", kind: str = "", year: int | None = None) -> QuerySet[Paper]:
    """Papers that the filters keep; `text` is a name or a number such as "F2026-0012"."""
    rows = Paper.objects.select_related("payer")
    for word in fold(text).split():
        digits = word.rpartition("-")[2]
        same = Q(payer_name__icontains=word) | Q(payer__search_text__contains=word)
        rows = rows.filter(same | Q(number=int(digits)) if digits.isdecimal() and len(digits) < 9 else same)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.filter(year=year) if year else rows


def to_invoice(payer: Person) -> QuerySet[Charge]:
    """What `payer` was asked and that stands on no invoice, the oldest first. Gifts are not invoiced."""
    return Charge.objects.filter(payer=payer, cancelled_at=None, invoice=None, is_gift=False).order_by("due_on", "pk")


def donors(year: int) -> list[dict[str, Any]]:
    """Who gave in `year` and has no tax receipt for all of it: {"person", "cents", "missing"}, by name.

    `missing` says that the address is not whole.
    """
    cents = dict(
        billing.gifts_to_receipt(year).order_by().values_list("payment__payer").annotate(cents=Sum("amount_cents"))
    )
    return [
        {
            "person": person,
            "cents": cents[person.pk],
            "missing": not (person.street.strip() and person.postcode.strip() and person.town.strip()),
        }
        for person in billing.donors_to_receipt(year)
        if cents.get(person.pk, 0) > 0
    ]


def tax_receipts(year: int) -> QuerySet[Paper]:
    """The tax receipts issued in `year`, void ones included, the newest first."""
    return Paper.objects.filter(kind=PaperKind.TAX_RECEIPT, year=year).select_related("payer")


def handled_lines() -> QuerySet[StatementLine]:
    """The lines that were attached or set aside, the last handled first."""
    rows = StatementLine.objects.exclude(state=LineState.WAITING)
    return rows.select_related("payment__payer", "handled_by").order_by("-handled_at", "-pk")


def suggested(lines: Iterable[StatementLine]) -> list[tuple[StatementLine, list[Suggestion]]]:
    """Each line with who may have paid it. The queries do not grow with the lines."""
    suggester = Suggester()
    return [(line, suggester.suggest(line)) for line in lines]


def debitable(day: date) -> list[tuple[Charge, Mandate]]:
    """What is due and may be debited on `day`: each charge with the mandate of its payer, the oldest first."""
    usable = {
        mandate.payer_id: mandate
        for mandate in Mandate.objects.exclude(payer=None).order_by("signed_on", "pk")
        if mandate.is_usable(day)
    }
    waiting = Debit.objects.filter(charge=OuterRef("pk"), state=DebitState.WAITING)
    rows = billing.unpaid_charges().filter(payer__in=usable).exclude(Exists(waiting))
    return [(charge, usable[charge.payer_id]) for charge in rows]


def entries(*, journal: str = "", first: date | None = None, last: date | None = None) -> QuerySet[LedgerEntry]:
    """The entries that the filters keep with their lines, the newest first."""
    rows = LedgerEntry.objects.prefetch_related("lines").order_by("-fiscal_year", "-number")
    if journal:
        rows = rows.filter(journal=journal)
    if first:
        rows = rows.filter(booked_on__gte=first)
    return rows.filter(booked_on__lte=last) if last else rows
