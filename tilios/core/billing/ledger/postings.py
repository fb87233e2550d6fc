"""What each event writes: a payment, money that changes what it pays, an invoice, a credit note, a deposit.

What was invoiced was written as revenue on the invoice, and is paid into 411. What was not is revenue when it is paid.
Money that pays nothing yet is an advance (4191).
"""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from tilios.core.billing.ledger.accounts import MONEY, account
from tilios.core.billing.ledger.entries import Line, write
from tilios.core.billing.models import BillingProfile, Charge, Journal, LedgerEntry, Means, Paper, Payment
from tilios.kit.money import vat_within

Share = tuple[Charge, int, int]  # a charge, the cents paid before, the cents paid now (below zero: taken back)


def payment(profile: BillingProfile, paid: Payment, shares: Iterable[Share]) -> LedgerEntry | None:
    """Money received: what it pays, and what is left as an advance."""
    lines = [Line(money_account(profile, paid), paid.amount_cents)]
    for charge, before, cents in shares:
        lines += _revenue(profile, charge, before, cents)
    lines.append(_advance(profile, paid, -paid.credit_cents))
    return _of_payment(profile, paid, lines, paid.received_on, paid.payer_name)


def reversal(profile: BillingProfile, counter: Payment, shares: Iterable[Share], credit_cents: int) -> None:
    """The contrary of a payment: `credit_cents` is what it had left as an advance."""
    of = counter.reverses or counter
    lines = [Line(money_account(profile, of), counter.amount_cents), _advance(profile, of, credit_cents)]
    for charge, before, cents in shares:
        lines += _revenue(profile, charge, before, cents)
    label = _("Cancelled: %(name)s") % {"name": of.payer_name}
    _of_payment(profile, counter, lines, counter.received_on, label)


def moved(profile: BillingProfile, paid: Payment, shares: Iterable[Share], day: date) -> None:
    """An advance that pays something after all, or money taken back from a charge into the advance."""
    lines, advance = [], 0
    for charge, before, cents in shares:
        lines += _revenue(profile, charge, before, cents)
        advance += cents
    lines.append(_advance(profile, paid, advance))
    write(
        profile, journal=Journal.OTHER, day=day, label=paid.payer_name or _("Advance"), lines=lines,
        piece=_piece(paid), piece_on=paid.received_on, payment=paid,
    )  # fmt: skip


def invoice(profile: BillingProfile, paper: Paper, charges: Iterable[Charge]) -> None:
    """The whole of an invoice; what of it was paid before had been written as revenue, and goes to 411."""
    lines = []
    for charge in charges:
        lines += [_party(profile, charge, charge.amount_cents), *_split(profile, charge, 0, charge.amount_cents)]
        if charge.paid_cents:
            already = [line.reversed() for line in _split(profile, charge, 0, charge.paid_cents)]
            lines += [*already, _party(profile, charge, -charge.paid_cents)]
    _of_paper(profile, paper, lines)


def credit_note(profile: BillingProfile, paper: Paper, charges: Iterable[Charge]) -> None:
    """The contrary of an invoice; what of it is paid stays revenue, as for what was never invoiced."""
    lines = []
    for charge in charges:
        whole = [_party(profile, charge, charge.amount_cents), *_split(profile, charge, 0, charge.amount_cents)]
        lines += [line.reversed() for line in whole]
        if charge.paid_cents:
            lines += [*_split(profile, charge, 0, charge.paid_cents), _party(profile, charge, charge.paid_cents)]
    _of_paper(profile, paper, lines)


def deposit(profile: BillingProfile, paper: Paper, total_cents: int) -> None:
    """Cheques that leave the drawer for the bank."""
    lines = [Line(account(profile, "bank"), total_cents), Line(account(profile, "cheques"), -total_cents)]
    write(
        profile, journal=Journal.BANK, day=paper.issued_on, label=_("Cheque deposit"), lines=lines,
        piece=paper.reference, paper=paper,
    )  # fmt: skip


def money_account(profile: BillingProfile, paid: Payment) -> str:
    """Where the money of a payment is: a cheque is in the drawer until it is taken to the bank."""
    return account(profile, "bank" if paid.deposit_id else MONEY[Means(paid.means)])


def _revenue(profile: BillingProfile, charge: Charge, before: int, cents: int) -> list[Line]:
    if charge.invoice_id:
        return [_party(profile, charge, -cents)]
    return _split(profile, charge, before, cents)


def _split(profile: BillingProfile, charge: Charge, before: int, cents: int) -> list[Line]:
    """Revenue and VAT of a part of a charge. Parts add up to the whole: VAT is the difference of what is due so far."""
    vat = vat_within(before + cents, charge.vat_rate) - vat_within(before, charge.vat_rate)
    return [Line(charge.account, vat - cents), Line(account(profile, "vat"), -vat)]


def _party(profile: BillingProfile, charge: Charge, cents: int) -> Line:
    return Line(account(profile, "parties"), cents, charge.payer, charge.payer_name)


def _advance(profile: BillingProfile, paid: Payment, cents: int) -> Line:
    return Line(account(profile, "advances"), cents, paid.payer, paid.payer_name)


def _of_payment(profile: BillingProfile, paid: Payment, lines: list[Line], day: date, label: str) -> LedgerEntry | None:
    journal = Journal.CASH if paid.means == Means.CASH else Journal.BANK
    return write(
        profile, journal=journal, day=day, label=label or str(Means(paid.means).label), lines=lines,
        piece=_piece(paid), piece_on=paid.received_on, payment=paid,
    )  # fmt: skip


def _piece(paid: Payment) -> str:
    return paid.cheque_number or paid.external_id or f"P{paid.pk}"


def _of_paper(profile: BillingProfile, paper: Paper, lines: list[Line]) -> None:
    write(
        profile, journal=Journal.SALES, day=paper.issued_on, label=f"{paper.reference} {paper.payer_name}",
        lines=lines, piece=paper.reference, paper=paper,
    )  # fmt: skip
