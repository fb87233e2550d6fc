"""Receipts of payments, and tax receipts of gifts."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access.roles import may
from tilios.core.billing import queries
from tilios.core.billing.ledger import books
from tilios.core.billing.models import Allocation, BillingProfile, Paper, PaperKind, Payment
from tilios.core.billing.papers import content, giving
from tilios.core.billing.papers.voiding import void
from tilios.core.billing.papers.writing import write_paper
from tilios.core.errors import Conflict, Invalid, require
from tilios.core.people.models import Person


@transaction.atomic
def issue_receipt(*, by: Person | None, payment: Payment) -> Paper:
    """The receipt of `payment`; the one there is, the second time. Publishes "billing.paper_issued".

    `by` is None for the machine, which gives it with the payment. Raises NotAllowed, Conflict for a payment that is
    cancelled or cancels another.
    """
    require(by is None or may(by, "billing.record"))
    profile = books.lock()
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    existing = Paper.objects.filter(payment=payment, kind=PaperKind.RECEIPT).first()
    if existing is not None:
        return existing
    if payment.reverses_id or Payment.objects.filter(reverses=payment).exists():
        raise Conflict(_("This payment is cancelled."))
    paid = [one for one in _net(payment.allocations.select_related("charge")) if one.amount_cents > 0]
    return write_paper(
        profile, PaperKind.RECEIPT, by=by, issued_on=books.first_open_day(), payer=payment.payer,
        payer_name=payment.payer_name, total_cents=payment.amount_cents, payment=payment,
        content=content.receipt(profile, payment, paid),
    )  # fmt: skip


@transaction.atomic
def issue_tax_receipt(
    *,
    by: Person | None,
    payment: Payment,
    company: bool | None = None,
    siren: str = "",
    form: str = giving.Form.MANUAL,
    nature: str = giving.Nature.MONEY,
) -> Paper:
    """The tax receipt of what `payment` gives; the one there is, the second time (see `issue_yearly_tax_receipt`)."""
    held = Paper.objects.filter(kind=PaperKind.TAX_RECEIPT, gifts__payment=payment, voided_at=None).first()
    if held is not None:
        require(by is None or may(by, "billing.record"))
        return held
    gifts = queries.gifts_to_receipt().filter(payment=payment)
    payer = Person.objects.filter(pk=payment.payer_id).first()
    return _issue(by, payer, gifts, company=company, siren=siren, form=form, nature=nature)


@transaction.atomic
def issue_yearly_tax_receipt(
    *, by: Person | None, payer: Person, year: int, company: bool | None = None, siren: str = ""
) -> Paper:
    """One tax receipt of all that `payer` gave in `year` and has no receipt yet.

    Cerfa 11580 for somebody, 16216 for a company (an organisation whose record names nobody, unless `company` says).
    Publishes "billing.paper_issued". Raises NotAllowed, Conflict while nobody has declared that the structure is of
    general interest, or when there is nothing to receipt, Invalid("address") when the donor's is not whole.
    """
    gifts = queries.gifts_to_receipt(year).filter(payment__payer=payer)
    return _issue(by, payer, gifts, company=company, siren=siren)


@transaction.atomic
def void_tax_receipt(*, by: Person, paper: Paper, reason: str) -> Paper:
    """`paper` no longer holds; its gifts may be given another. Publishes "billing.paper_voided".

    Raises NotAllowed, Invalid("reason"), Conflict for another kind of paper or one that is void.
    """
    require(may(by, "billing.record"))
    if not reason.strip():
        raise Invalid("reason", _("Please say why the receipt is void."))
    books.lock()
    paper = Paper.objects.select_for_update().get(pk=paper.pk)
    if paper.kind != PaperKind.TAX_RECEIPT or paper.voided_at:
        raise Conflict(_("Only a tax receipt that still holds can be declared void."))
    void(paper, by=by, reason=reason.strip()[:300])
    return paper


def _issue(
    by: Person | None,
    payer: Person | None,
    gifts: Iterable[Allocation],
    *,
    company: bool | None,
    siren: str,
    form: str = giving.Form.MANUAL,
    nature: str = giving.Nature.MONEY,
) -> Paper:
    require(by is None or may(by, "billing.record"))
    profile = books.lock()
    _require_right(profile)
    held = list(gifts)
    total = sum(gift.amount_cents for gift in held)
    if total <= 0:
        raise Conflict(_("There is no gift without a tax receipt here."))
    if payer is None or not (payer.street.strip() and payer.postcode.strip() and payer.town.strip()):
        raise Invalid("address", _("A tax receipt bears the whole address of the donor: complete it first."))
    paper = write_paper(
        profile, PaperKind.TAX_RECEIPT, by=by, issued_on=timezone.localdate(), payer=payer, total_cents=total,
        content=giving.content(profile, payer, held, company=company, siren=siren, form=form, nature=nature),
    )  # fmt: skip
    Allocation.objects.filter(pk__in=[gift.pk for gift in held]).update(tax_receipt=paper)
    return paper


def _require_right(profile: BillingProfile) -> None:
    # SECURITY: a tax receipt given without the right to costs its amount (CGI, 1740 A): somebody must have answered.
    if profile.general_interest_on is None:
        raise Conflict(_("Somebody must first declare that your structure may give tax receipts."))


def _net(allocations: Iterable[Allocation]) -> list[Allocation]:
    """One for each charge, of what is left of it."""
    found: dict[int, Allocation] = {}
    for one in allocations:
        if one.charge_id in found:
            found[one.charge_id].amount_cents += one.amount_cents
        else:
            found[one.charge_id] = one
    return list(found.values())
