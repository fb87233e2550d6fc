"""Attach a line to who paid it, undo it, set it aside."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access.roles import may
from tilios.core.billing.actions.paying import cancel_payment, record_payment
from tilios.core.billing.ledger import books
from tilios.core.billing.models import Charge, KnownPayer, LineState, Means, Payment, StatementLine
from tilios.core.billing.naming import name_of
from tilios.core.billing.reconciling.columns import HELLOASSO
from tilios.core.billing.reconciling.suggesting import Suggester, Suggestion, signs_of
from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.kit.text import words


@transaction.atomic
def attach(
    *,
    by: Person,
    line: StatementLine,
    payer: Person,
    allocations: Mapping[Charge, int] | None = None,
    payment: Payment | None = None,
) -> Payment:
    """`payer` paid `line`: their payment is recorded, unless `payment`, recorded by hand already, is this one.

    Under whatever name or address it came, the next one is recognised. A line within a closed period is recorded on the
    first open day. Publishes "billing.line_attached" and "billing.paid"; raises NotAllowed, Conflict when the line is
    not waiting any more or `payment` is not of its amount, and what `record_payment` raises.
    """
    require(may(by, "billing.record"))
    books.lock()
    line = _waiting(line)
    if payment is not None:
        _check_same(line, payment, payer)
    else:
        payment = record_payment(
            by=by,
            payer=payer,
            payer_name=line.payer_name,
            means=Means.HELLOASSO if line.origin == HELLOASSO else Means.TRANSFER,
            received_on=books.first_open_day(line.received_on),
            amount_cents=line.amount_cents,
            allocations=allocations,
            source=line.origin,
            external_id=_external_id(line),
            note=line.label,
        )
    line.state, line.payment = LineState.ATTACHED, payment
    _handled(line, by)
    _remember(line, payer)
    publish("billing.line_attached", by=by, target=line, subject=payer, payment=payment.pk)
    return payment


@transaction.atomic
def attach_certain(*, by: Person, lines: Iterable[StatementLine]) -> list[Payment]:
    """Attach those of `lines` of which it is certain whose they are; the others stay in the queue.

    Each is judged after the one before is paid: two lines never pay the same charge. Raises NotAllowed.
    """
    require(may(by, "billing.record"))
    books.lock()
    paid, suggester = [], Suggester()
    for line in StatementLine.objects.filter(pk__in=[one.pk for one in lines], state=LineState.WAITING):
        sure = next((one for one in suggester.suggest(line) if one.is_certain), None)
        if sure is not None:
            paid.append(_attach_suggested(by, line, sure))
            suggester.look_again()
    return paid


@transaction.atomic
def detach(*, by: Person, line: StatementLine) -> StatementLine:
    """Undo what `line` was attached to: the payment it made is cancelled by its contrary, one recorded by hand stays,
    and who paid is recognised no more by this name. The line waits again.

    Publishes "billing.line_detached"; raises NotAllowed, Conflict for a line that is not attached.
    """
    require(may(by, "billing.record"))
    books.lock()
    line = StatementLine.objects.select_for_update().get(pk=line.pk)
    payment = line.payment
    if line.state != LineState.ATTACHED or payment is None:
        raise Conflict(_("This line is not attached any more: look again."))
    if (payment.source, payment.external_id) == (line.origin, _external_id(line)):
        cancel_payment(by=by, payment=payment, reason=_("The line of the statement was attached by mistake."))
        line.attempts += 1
    KnownPayer.objects.filter(person=payment.payer_id, sign__in=signs_of(line)).delete()
    line.state, line.payment = LineState.WAITING, None
    _handled(line, by)
    publish("billing.line_detached", by=by, target=line, subject=payment.payer, payment=payment.pk)
    return line


@transaction.atomic
def ignore(*, by: Person, line: StatementLine, why: str) -> StatementLine:
    """Set `line` aside: it is nobody's payment, such as a grant or the transfer of HelloAsso.

    Publishes "billing.line_ignored"; raises NotAllowed, Invalid("why"), Conflict when it is not waiting any more.
    """
    require(may(by, "billing.record"))
    if not why.strip():
        raise Invalid("why", _("Please say why the line is set aside."))
    line = _waiting(line)
    line.state, line.ignored_why = LineState.IGNORED, why.strip()[:300]
    _handled(line, by)
    publish("billing.line_ignored", by=by, target=line)
    return line


@transaction.atomic
def take_back(*, by: Person, line: StatementLine) -> StatementLine:
    """Put a line that was set aside in the queue again. Raises NotAllowed, Conflict for one that was not."""
    require(may(by, "billing.record"))
    line = StatementLine.objects.select_for_update().get(pk=line.pk)
    if line.state != LineState.IGNORED:
        raise Conflict(_("This line is not set aside any more: look again."))
    line.state, line.ignored_why = LineState.WAITING, ""
    _handled(line, by)
    publish("billing.line_detached", by=by, target=line)
    return line


def _attach_suggested(by: Person, line: StatementLine, found: Suggestion) -> Payment:
    return attach(by=by, line=line, payer=found.person, allocations=found.parts, payment=found.payment)


def _waiting(line: StatementLine) -> StatementLine:
    held = StatementLine.objects.select_for_update().get(pk=line.pk)
    if held.state != LineState.WAITING:
        raise Conflict(_("Somebody has handled this line meanwhile: look again."))
    return held


def _check_same(line: StatementLine, payment: Payment, payer: Person) -> None:
    taken = StatementLine.objects.filter(payment=payment).exists() or Payment.objects.filter(reverses=payment).exists()
    if taken or payment.amount_cents != line.amount_cents or payment.payer_id != payer.pk:
        raise Conflict(_("This payment is not the one of the line: look again."))


def _external_id(line: StatementLine) -> str:
    """A line that was undone makes another payment: what the first one was called stays its own."""
    return f"{line.reference}#{line.attempts}" if line.attempts else line.reference


def _handled(line: StatementLine, by: Person) -> None:
    line.handled_by, line.handled_at = by, timezone.now()
    line.save(update_fields=["state", "payment", "attempts", "ignored_why", "handled_by", "handled_at"])


def _remember(line: StatementLine, payer: Person) -> None:
    """Under which names and addresses somebody pays, their own left out."""
    own = {payer.email.lower(), " ".join(sorted(words(name_of(payer))))}
    for sign in signs_of(line):
        if sign not in own:
            KnownPayer.objects.update_or_create(person=payer, sign=sign, defaults={"last_seen_at": timezone.now()})
