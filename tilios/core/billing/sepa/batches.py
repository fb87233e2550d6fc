"""Debit what is owed by those who allowed it, and record what the bank answers."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access.roles import may
from tilios.core.billing.actions.paying import cancel_payment, record_payment
from tilios.core.billing.ledger import books, numbering
from tilios.core.billing.models import BillingProfile, Charge, Debit, DebitBatch, DebitState, Mandate, Means
from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person

SOURCE = "sepa"


@transaction.atomic
def make_batch(
    *,
    by: Person,
    charges: Iterable[Charge],
    collect_on: date,
    notified_on: date | None = None,
    notice_days: int | None = None,
) -> DebitBatch:
    """Debits of what is left of `charges`, to be collected on `collect_on`; payers are told on `notified_on` (today).

    Publishes "billing.debits_made". Raises NotAllowed, Conflict while the profile has no IBAN or creditor identifier or
    when a charge is paid, cancelled or being debited already, Invalid("charges") for a payer without a mandate,
    Invalid("collect_on") when it leaves less than `notice_days` to the payers (those of
    the profile).
    """
    require(may(by, "billing.record"))
    profile = books.lock()
    _require_creditor(profile)
    today = timezone.localdate()
    notified_on = notified_on or today
    notice_days = profile.notice_days if notice_days is None else notice_days
    if collect_on <= today or collect_on < notified_on + timedelta(days=notice_days):
        raise Invalid("collect_on", _("Payers must be told %(days)s days before.") % {"days": notice_days})
    held = _lock(charges)
    mandates = _mandates_of(held, collect_on)
    number = numbering.next_number("debits", today.year)
    batch = DebitBatch.objects.create(
        reference=f"PRLV{today.year}-{number:04}",
        collect_on=collect_on,
        notified_on=notified_on,
        amount_cents=sum(charge.left_cents for charge in held),
        made_by=by,
    )
    used: set[int] = set()
    for rank, charge in enumerate(held, 1):
        mandate = mandates[charge.payer_id or 0]
        is_first = mandate.last_used_on is None and mandate.pk not in used
        used.add(mandate.pk)
        Debit.objects.create(
            batch=batch,
            mandate=mandate,
            charge=charge,
            amount_cents=charge.left_cents,
            sequence="FRST" if is_first else "RCUR",
            end_to_end=f"{batch.reference}-{rank}",
        )
    Mandate.objects.filter(pk__in=used).update(last_used_on=collect_on)
    publish("billing.debits_made", by=by, target=batch, cents=batch.amount_cents, debits=len(held))
    return batch


@transaction.atomic
def confirm_debits(*, by: Person | None, debits: Iterable[Debit], received_on: date) -> list[Debit]:
    """The bank has paid `debits`: each becomes the payment of its charge; those it had answered for are left as they
    are. What was paid otherwise meanwhile becomes the credit of its payer.

    Publishes "billing.debit_confirmed"; raises what `record_payment` raises.
    """
    require(by is None or may(by, "billing.record"))
    books.lock()
    waiting = Debit.objects.select_for_update().filter(
        pk__in=[debit.pk for debit in debits], state=DebitState.WAITING
    )  # fmt: skip
    confirmed = []
    for debit in waiting.order_by("pk"):
        charge = debit.charge
        debit.payment = record_payment(
            by=by, payer=charge.payer, payer_name=charge.payer_name, means=Means.DEBIT, received_on=received_on,
            amount_cents=debit.amount_cents, source=SOURCE, external_id=debit.end_to_end,
            allocations={charge: min(debit.amount_cents, charge.left_cents)},
        )  # fmt: skip
        debit.state = DebitState.CONFIRMED
        debit.save(update_fields=["state", "payment"])
        publish("billing.debit_confirmed", by=by, target=debit, subject=charge.payer, cents=debit.amount_cents)
        confirmed.append(debit)
    return confirmed


@transaction.atomic
def reject_debit(*, by: Person | None, debit: Debit, reason: str, on: date | None = None) -> Debit:
    """The bank rejects `debit`, before or after it had paid it: the charge is owed again, by a counter-entry.

    Publishes "billing.debit_rejected"; nothing the second time. Raises NotAllowed, Invalid("reason").
    """
    require(by is None or may(by, "billing.record"))
    if not reason.strip():
        raise Invalid("reason", _("Please say why the bank rejects it."))
    books.lock()
    debit = Debit.objects.select_for_update().get(pk=debit.pk)
    if debit.state == DebitState.REJECTED:
        return debit
    if debit.payment is not None:
        cancel_payment(by=by, payment=debit.payment, reason=reason, on=on)
    debit.state, debit.reason = DebitState.REJECTED, reason.strip()[:200]
    debit.save(update_fields=["state", "reason"])
    publish("billing.debit_rejected", by=by, target=debit, subject=debit.charge.payer, cents=debit.amount_cents)
    return debit


def _require_creditor(profile: BillingProfile) -> None:
    if not (profile.iban and profile.creditor_id):
        raise Conflict(_("Direct debits need your IBAN and your SEPA creditor identifier: give them in the settings."))


def _lock(charges: Iterable[Charge]) -> list[Charge]:
    wanted = {charge.pk for charge in charges}
    held = list(Charge.objects.select_for_update().filter(pk__in=wanted).order_by("due_on", "pk"))
    if not held or len(held) < len(wanted):
        raise Invalid("charges", _("Choose at least one amount to debit."))
    waiting = set(Debit.objects.filter(charge__in=wanted, state=DebitState.WAITING).values_list("charge", flat=True))
    if waiting or any(charge.left_cents <= 0 for charge in held):
        raise Conflict(_("One of these is paid, cancelled or being debited already: look again."))
    return held


def _mandates_of(charges: list[Charge], day: date) -> dict[int, Mandate]:
    """The newest mandate that can be used, by the number of its payer. Raises Invalid("charges") where one lacks."""
    found: dict[int, Mandate] = {}
    for mandate in Mandate.objects.filter(payer__in=[charge.payer_id for charge in charges]).order_by(
        "signed_on", "pk"
    ):
        if mandate.is_usable(day) and mandate.payer_id:
            found[mandate.payer_id] = mandate
    without = sorted({charge.payer_name for charge in charges if charge.payer_id not in found})
    if without:
        raise Invalid("charges", _("No debit mandate that can be used: %(names)s.") % {"names": ", ".join(without)})
    return found
