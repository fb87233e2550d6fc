"""Take cheques to the bank."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access.roles import may
from tilios.core.billing.ledger import books, postings
from tilios.core.billing.models import Deposit, PaperKind, Payment
from tilios.core.billing.papers import content
from tilios.core.billing.papers.writing import write_paper
from tilios.core.billing.queries import cheques_to_deposit
from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person


@transaction.atomic
def deposit_cheques(*, by: Person | None, cheques: Iterable[Payment], deposited_on: date) -> Deposit:
    """One deposit of `cheques`, with its numbered slip.

    Publishes "billing.deposited"; raises NotAllowed, Invalid("cheques") for none, Invalid("deposited_on"), Conflict for
    one that is no cheque, is cancelled, or was taken to the bank already.
    """
    require(by is None or may(by, "billing.record"))
    profile = books.lock()
    wanted = {cheque.pk for cheque in cheques}
    if not wanted:
        raise Invalid("cheques", _("Choose at least one cheque."))
    if deposited_on > timezone.localdate():
        raise Invalid("deposited_on", _("This day has not come yet."))
    books.require_open(deposited_on, "deposited_on")
    held = list(cheques_to_deposit().filter(pk__in=wanted))
    if len(held) < len(wanted):
        raise Conflict(_("One of these cheques is not in the drawer any more: look again."))
    total = sum(cheque.amount_cents for cheque in held)
    slip = write_paper(
        profile, PaperKind.DEPOSIT, by=by, issued_on=deposited_on, total_cents=total,
        content=content.deposit(profile, held),
    )  # fmt: skip
    deposit = Deposit.objects.create(slip=slip, deposited_on=deposited_on, amount_cents=total, made_by=by)
    Payment.objects.filter(pk__in=wanted).update(deposit=deposit)
    postings.deposit(profile, slip, total)
    publish("billing.deposited", by=by, target=deposit, cents=total, cheques=len(held))
    return deposit
