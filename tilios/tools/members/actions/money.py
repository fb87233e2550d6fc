"""One press, one transaction: a payment with what it pays, the gift beside it and its receipt; a line attached."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from tilios.core.billing import actions as billing
from tilios.core.billing.models import Charge, Paper, Payment, StatementLine
from tilios.core.billing.reconciling.attaching import attach
from tilios.core.billing.reconciling.suggesting import Suggester
from tilios.core.errors import Invalid
from tilios.core.people.models import Person
from tilios.tools.members.actions.receipts import mail_paper, send_receipt


@transaction.atomic
def take_payment(
    *,
    by: Person,
    payer: Person,
    charges: Iterable[Charge],
    means: str,
    received_on: date,
    amount_cents: int | None = None,
    gift_cents: int = 0,
    cheque_number: str = "",
    bank: str = "",
    note: str = "",
    receipt: bool = False,
) -> Payment:
    """Record what `payer` gave for `charges`, the oldest first, and `gift_cents` beside; their sum when none is said.

    What is left is their credit. With `receipt` it is given, and mailed where the payer has an address. Raises what
    `billing.record_payment` raises, Invalid("amount_cents") when nothing says how much or it is less than the gift.
    """
    due = sorted(charges, key=lambda charge: (charge.due_on, charge.pk))
    total = sum(charge.left_cents for charge in due) + gift_cents if amount_cents is None else amount_cents
    if total <= 0:
        raise Invalid("amount_cents", _("Tick what is paid, or write the amount received."))
    if total < gift_cents:
        raise Invalid("amount_cents", _("The amount received is less than the gift."))
    parts, left = {}, total - gift_cents
    for charge in due:
        if left > 0:
            parts[charge] = min(left, charge.left_cents)
            left -= parts[charge]
    if gift_cents:
        gift = billing.charge(
            by=by, payer=payer, label=_("Gift"), amount_cents=gift_cents, due_on=received_on, is_gift=True
        )
        parts[gift] = gift_cents
    payment = billing.record_payment(
        by=by, payer=payer, means=means, received_on=received_on, amount_cents=total, allocations=parts,
        cheque_number=cheque_number, bank=bank, note=note,
    )  # fmt: skip
    if receipt:
        send_receipt(by=by, payment=payment)
    return payment


def attach_to(*, by: Person, line: StatementLine, payer: Person) -> Payment:
    """Attach `line` to `payer` as it is suggested: to the payment recorded by hand already, to the charges it names,
    else to what they owe, the oldest first. Raises what `attach` raises.
    """
    found = next((one for one in Suggester().suggest(line) if one.person.pk == payer.pk), None)
    if found is None:
        return attach(by=by, line=line, payer=payer)
    return attach(by=by, line=line, payer=payer, allocations=found.parts, payment=found.payment)


@transaction.atomic
def give_yearly_receipts(*, by: Person, payers: Iterable[Person], year: int, mail: bool) -> tuple[list[Paper], int]:
    """The tax receipts of `payers` for what they gave in `year`, mailed to those with an address when `mail` says so;
    and how many could not be made, for want of an address.
    """
    made, without = [], 0
    for payer in payers:
        try:
            paper = billing.issue_yearly_tax_receipt(by=by, payer=payer, year=year)
        except Invalid:
            without += 1
            continue
        made.append(paper)
        if mail and payer.email:
            mail_paper.enqueue(paper.structure_id, paper.pk)
    return made, without


@transaction.atomic
def mail_again(*, paper: Paper) -> bool:
    """Mail a paper; False when its payer has no address."""
    if paper.payer is None or not paper.payer.email:
        return False
    mail_paper.enqueue(paper.structure_id, paper.pk)
    return True
