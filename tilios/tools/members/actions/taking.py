"""One press does all: dues taken, the payment recorded, the receipt sent, what they open opened, in one transaction."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from tilios.core.billing import actions as billing
from tilios.core.people.models import Person
from tilios.tools.members.actions.dues import charges_of, contribute
from tilios.tools.members.actions.receipts import send_receipt
from tilios.tools.members.models import Contribution, DuesKind, Rate, Record


@transaction.atomic
def take_dues(
    *,
    by: Person,
    record: Record,
    kind: DuesKind,
    rate: Rate | None,
    means: str = "",
    received_on: date | None = None,
    paid_cents: int | None = None,
    cheque_number: str = "",
    bank: str = "",
    receipt: bool = False,
    **fields: Any,
) -> Contribution:
    """Take dues as `contribute` and, with `means`, record what was received: the first instalment, or `paid_cents`.

    More than what is due stays as the credit of the payer. With `receipt`, it goes out by mail once all is written.
    Raises what `contribute` and `billing.record_payment` raise: then nothing is written.
    """
    made = contribute(by=by, record=record, kind=kind, rate=rate, **fields)
    charges = charges_of(made)
    if not means or not charges:
        return made
    left = paid_cents or charges[0].amount_cents
    parts = {}
    for charge in charges:
        if left <= 0:
            break
        parts[charge] = min(left, charge.left_cents)
        left -= parts[charge]
    payment = billing.record_payment(
        by=by,
        payer=made.payer,
        means=means,
        received_on=received_on or timezone.localdate(),
        amount_cents=paid_cents or charges[0].amount_cents,
        allocations=parts,
        cheque_number=cheque_number,
        bank=bank,
    )
    if receipt:
        send_receipt(by=by, payment=payment)
    made.refresh_from_db()
    return made
