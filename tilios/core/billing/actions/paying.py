"""Record money received, take it back by its contrary, and say what it pays."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access.roles import may
from tilios.core.billing.actions import settling
from tilios.core.billing.ledger import books, postings
from tilios.core.billing.models import BillingProfile, Charge, Means, Payment
from tilios.core.billing.naming import name_of
from tilios.core.billing.papers.voiding import void_receipts_of
from tilios.core.billing.queries import due_charges
from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.kit.money import LARGEST

Parts = Mapping[Charge, int]  # cents by charge


@transaction.atomic
def record_payment(
    *,
    by: Person | None,
    payer: Person | None,
    means: str,
    received_on: date,
    amount_cents: int,
    allocations: Parts | None = None,
    source: str = "",
    external_id: str = "",
    payer_name: str = "",
    cheque_number: str = "",
    bank: str = "",
    note: str = "",
) -> Payment:
    """Money received from `payer`, which pays `allocations` (cents by charge, of anybody); with None, what the payer
    owes, the oldest first. What is left is the payer's credit. `by` is None for the machine.

    A payment that `source` has told under the same `external_id` already counts once: it is given back as it is.
    Publishes "billing.paid". Raises NotAllowed, Invalid("amount_cents"), Invalid("means"), Invalid("received_on") for
    a day to come or closed, Invalid("allocations") for more than was received or is owed, Conflict.
    """
    require(by is None or may(by, "billing.record"))
    profile = books.lock()
    known = Payment.objects.filter(source=source, external_id=external_id).first() if external_id else None
    if known is not None:
        return known
    _check(means, received_on, amount_cents)
    parts = _oldest_first(payer, amount_cents) if allocations is None else _checked(allocations)
    if sum(parts.values()) > amount_cents:
        raise Invalid("allocations", _("More is allotted than was received."))
    payment = Payment.objects.create(
        payer=payer,
        payer_name=name_of(payer) or payer_name.strip()[:160],
        means=means,
        received_on=received_on,
        amount_cents=amount_cents,
        credit_cents=amount_cents - sum(parts.values()),
        source=source,
        external_id=external_id,
        cheque_number=cheque_number.strip()[:30],
        bank=bank.strip()[:80],
        note=note.strip()[:300],
        recorded_by=by,
    )
    shares = settling.allot(payment, parts)
    postings.payment(profile, payment, shares)
    publish("billing.paid", by=by, target=payment, subject=payer, cents=amount_cents, means=means)
    settling.tell(charge for charge, _before, _cents in shares)
    return payment


@transaction.atomic
def cancel_payment(*, by: Person | None, payment: Payment, reason: str, on: date | None = None) -> Payment:
    """The counter-entry of `payment`, on `on` (today by default) or the first open day after: what it paid is owed
    again, and the tax receipts given for it are void. `payment` itself stays as it was.

    Publishes "billing.payment_cancelled"; gives the counter-entry there is, the second time. Raises NotAllowed,
    Invalid("reason"), Conflict for a counter-entry.
    """
    require(by is None or may(by, "billing.record"))
    if not reason.strip():
        raise Invalid("reason", _("Please say why the payment is cancelled."))
    profile = books.lock()
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if payment.reverses_id:
        raise Conflict(_("This already cancels a payment: record a new payment instead."))
    existing = Payment.objects.filter(reverses=payment).first()
    if existing is not None:
        return existing
    paid, credit = _paid_by(payment), payment.credit_cents
    counter = Payment.objects.create(
        payer=payment.payer,
        payer_name=payment.payer_name,
        means=payment.means,
        received_on=books.first_open_day(on),
        amount_cents=-payment.amount_cents,
        cheque_number=payment.cheque_number,
        bank=payment.bank,
        deposit=payment.deposit,
        reverses=payment,
        reason=reason.strip()[:300],
        recorded_by=by,
    )
    shares = settling.allot(counter, {pk: -cents for pk, cents in paid.items()})
    Payment.objects.filter(pk=payment.pk).update(credit_cents=0)
    postings.reversal(profile, counter, shares, credit)
    void_receipts_of(payment, by=by, reason=counter.reason)
    publish("billing.payment_cancelled", by=by, target=payment, subject=payment.payer, cents=payment.amount_cents)
    settling.tell(charge for charge, _before, _cents in shares)
    return counter


@transaction.atomic
def allot_credit(*, by: Person | None, payment: Payment, allocations: Parts | None = None) -> Payment:
    """Have what is left of `payment` pay `allocations`; with None, what its payer owes, the oldest first.

    Publishes "billing.allotted"; raises NotAllowed, Invalid("allocations"), Conflict.
    """
    require(by is None or may(by, "billing.record"))
    profile = books.lock()
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    parts = _oldest_first(payment.payer, payment.credit_cents) if allocations is None else _checked(allocations)
    if not parts:
        return payment
    if sum(parts.values()) > payment.credit_cents:
        raise Invalid("allocations", _("More is allotted than is left of the payment."))
    shares = settling.allot(payment, parts)
    _move(profile, payment, shares)
    publish("billing.allotted", by=by, target=payment, subject=payment.payer, cents=sum(parts.values()))
    settling.tell(charge for charge, _before, _cents in shares)
    return payment


@transaction.atomic
def release(*, by: Person | None, payment: Payment, charge: Charge) -> Payment:
    """Take back what `payment` pays of `charge`: it becomes the credit of the payer. Nothing if it pays none of it.

    Publishes "billing.released"; raises NotAllowed, Conflict for a gift with a tax receipt.
    """
    require(by is None or may(by, "billing.record"))
    profile = books.lock()
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    cents = _paid_by(payment).get(charge.pk, 0)
    if not cents:
        return payment
    shares = _release(profile, payment, charge.pk, cents)
    publish("billing.released", by=by, target=payment, subject=payment.payer, cents=cents)
    settling.tell(charge for charge, _before, _cents in shares)
    return payment


def release_charge(profile: BillingProfile, charge: Charge) -> None:
    """Every payment of `charge` becomes credit; `charge` is left with nothing paid, its tool untold. Books locked."""
    for payment in Payment.objects.filter(allocations__charge=charge).distinct().order_by("pk"):
        cents = _paid_by(payment).get(charge.pk, 0)
        if cents:
            _release(profile, payment, charge.pk, cents)
    charge.refresh_from_db(fields=["paid_cents"])


def _release(profile: BillingProfile, payment: Payment, charge_pk: int, cents: int) -> list[settling.Share]:
    if payment.allocations.filter(charge=charge_pk, tax_receipt__isnull=False, tax_receipt__voided_at=None).exists():
        raise Conflict(_("A tax receipt was given for this gift: cancel the payment instead."))
    shares = settling.allot(payment, {charge_pk: -cents})
    _move(profile, payment, shares)
    return shares


def _move(profile: BillingProfile, payment: Payment, shares: list[settling.Share]) -> None:
    payment.credit_cents -= sum(cents for _charge, _before, cents in shares)
    payment.save(update_fields=["credit_cents"])
    postings.moved(profile, payment, shares, books.first_open_day())


def _paid_by(payment: Payment) -> dict[int, int]:
    """What `payment` pays of each charge now, by its number; nothing for a counter-entry or what one has cancelled."""
    if payment.reverses_id or Payment.objects.filter(reverses=payment).exists():
        return {}
    rows = payment.allocations.order_by().values_list("charge").annotate(cents=Sum("amount_cents"))
    return {pk: cents for pk, cents in rows if cents}


def _check(means: str, received_on: date, amount_cents: int) -> None:
    if means not in Means.values:
        raise Invalid("means", _("Choose how it was paid."))
    if not 0 < amount_cents <= LARGEST:
        raise Invalid("amount_cents", _("An amount received is above zero."))
    if received_on > timezone.localdate():
        raise Invalid("received_on", _("This day has not come yet."))
    books.require_open(received_on, "received_on")


def _checked(allocations: Parts) -> dict[int, int]:
    if any(cents < 0 for cents in allocations.values()):
        raise Invalid("allocations", _("An amount allotted is above zero."))
    return {charge.pk: cents for charge, cents in allocations.items() if cents}


def _oldest_first(payer: Person | None, amount_cents: int) -> dict[int, int]:
    parts: dict[int, int] = {}
    for charge in due_charges(payer).select_for_update() if payer else ():
        if amount_cents <= 0:
            break
        parts[charge.pk] = min(amount_cents, charge.left_cents)
        amount_cents -= parts[charge.pk]
    return parts
