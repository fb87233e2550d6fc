"""Say that something is owed, and that it is not owed any more."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.billing.actions import settling
from tilios.core.billing.actions.paying import release_charge
from tilios.core.billing.ledger import accounts, books
from tilios.core.billing.models import BillingProfile, Charge, DebitState
from tilios.core.billing.naming import name_of
from tilios.core.errors import Conflict, Invalid
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.core.toolbox import registry
from tilios.kit.money import LARGEST


@transaction.atomic
def charge(
    *,
    by: Person | None,
    payer: Person | None,
    beneficiary: Person | None = None,
    source: Any = None,
    label: str,
    amount_cents: int,
    due_on: date,
    account: str = "",
    vat_rate: int = 0,
    is_gift: bool = False,
) -> Charge:
    """What `payer` owes for `beneficiary` (themselves by default), for `source`, a row of a tool, or for nothing else.

    The tool has asked whether `by` may. `account` is a use (ledger/accounts.py: "dues") or the number of an account;
    without one, gifts or services. `vat_rate` is in hundredths of a percent, the amount holds the VAT. Publishes
    "billing.charged"; raises Invalid("label"), Invalid("amount_cents"), Invalid("vat_rate"), Invalid("account").
    """
    label = " ".join(label.split())
    if not label:
        raise Invalid("label", _("Please say what is to be paid."))
    if not 0 < amount_cents <= LARGEST:
        raise Invalid("amount_cents", _("An amount to pay is above zero."))
    if not 0 <= vat_rate <= 10_000 or (is_gift and vat_rate):
        raise Invalid("vat_rate", _("This rate of VAT cannot be."))
    profile = books.lock()
    beneficiary = beneficiary or payer
    kind = registry.kind_of(source) if source is not None else None
    made = Charge.objects.create(
        source_kind="" if source is None else kind.name if kind else source._meta.label_lower,
        source_pk=source.pk if source is not None else None,
        payer=payer,
        payer_name=name_of(payer),
        beneficiary=beneficiary,
        beneficiary_name=name_of(beneficiary),
        label=label[:200],
        amount_cents=amount_cents,
        vat_rate=vat_rate,
        account=accounts.account(profile, account or ("gifts" if is_gift else "services")),
        is_gift=is_gift,
        due_on=due_on,
    )
    publish("billing.charged", by=by, target=made, subject=payer, cents=amount_cents)
    return made


@transaction.atomic
def cancel_charge(*, by: Person | None, charge: Charge) -> Charge:
    """Nothing is owed any more for `charge`; what was paid becomes the credit of who paid it.

    The tool is told if it was wholly paid. Publishes "billing.charge_cancelled"; does nothing the second time. Raises
    Conflict for one that is on an invoice (its credit note cancels it) or being debited.
    """
    profile = books.lock()
    held = Charge.objects.select_for_update().get(pk=charge.pk)
    if held.cancelled_at:
        return held
    if held.invoice_id:
        raise Conflict(_("“%(label)s” is on an invoice: make a credit note.") % {"label": held.label})
    return cancel(profile, by=by, charge=held)


def cancel(profile: BillingProfile, *, by: Person | None, charge: Charge) -> Charge:
    """The same once the books are locked and the invoice corrected."""
    if charge.debits.filter(state=DebitState.WAITING).exists():
        raise Conflict(_("“%(label)s” is being debited: wait for the answer of the bank.") % {"label": charge.label})
    release_charge(profile, charge)
    charge.cancelled_at = timezone.now()
    charge.save(update_fields=["cancelled_at", "paid_cents"])
    settling.tell([charge])
    publish("billing.charge_cancelled", by=by, target=charge, subject=charge.payer, cents=charge.amount_cents)
    return charge
