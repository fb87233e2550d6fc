"""Dues taken and given up, and what follows when they are paid: the register, what they open."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access.roles import may
from tilios.core.billing import actions as billing
from tilios.core.billing.models import Charge
from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.kit.dues import Period, Span, add_months
from tilios.tools.members import pricing, queries, rules
from tilios.tools.members.actions import openings
from tilios.tools.members.actions.records import lock
from tilios.tools.members.models import Contribution, ContributionState, DuesKind, Rate, Record

SOURCE = "members.contribution"


@transaction.atomic
def contribute(
    *,
    by: Person | None,
    record: Record,
    kind: DuesKind,
    rate: Rate | None = None,
    amount_cents: int | None = None,
    quotient_cents: int | None = None,
    on: date | None = None,
    times: int = 1,
    payer: Person | None = None,
    note: str = "",
    origin: str = "desk",
    settled_cents: int | None = None,
) -> Contribution:
    """Take dues of `kind` for `record` on `on` (today by default): what they cover follows what it had before.

    Without a rate, `amount_cents` is what the treasurer says. What is owed is asked of the payer in `times` charges, a
    month apart; a member who owes no membership dues pays 0, and holds them at once. `settled_cents` is the amount that
    was settled before, when a quotient that is kept nowhere was told. Publishes "members.contributed".

    Raises NotAllowed (a member takes only their own, at the rates meant for them), Conflict for a renewal before its
    time or one for life, Invalid(field) as pricing.amount.
    """
    # Two who renew at once come one after the other: the second finds the period of the first.
    record = lock(record)
    today = timezone.localdate()
    on = on or today
    keeper = by is None or rules.keeps_money(by)
    if by is not None and not keeper:
        require(rules.is_own(by, record) and may(by, "members.own"))
        require(rate is not None and kind.is_public and on == today and settled_cents is None)
        require(any(one.pk == rate.pk for one in pricing.rates_for(kind, record, on)) if rate else False)
    if rate is not None and rate.kind_id != kind.pk:
        raise Invalid("rate", _("This rate is that of other dues."))
    period = next_period(record, kind, on)
    if settled_cents is None:
        cents = _amount(record, kind, rate, amount_cents, quotient_cents, on)
    else:
        cents = _amount(record, kind, None, settled_cents, None, on)
    times = _times(rate, times, cents, keeper=keeper)
    contribution = Contribution.objects.create(
        record=record,
        payer=payer or (record.payer.person if record.payer else record.person),
        kind=kind,
        rate=rate,
        first=period.first,
        last=period.last,
        anchor=period.anchor,
        amount_cents=cents,
        note=note.strip()[:300],
        origin=origin,
        created_by=by,
    )
    _charge(contribution, by, times, max(on, today))
    publish("members.contributed", by=by, target=contribution, subject=record.person, cents=cents)
    if not cents:
        _hold(contribution)
    return contribution


def next_period(record: Record, kind: DuesKind, on: date) -> Period:
    """The days that dues of `kind` taken on `on` cover for `record`, which is locked. Raises Conflict."""
    latest = queries.latest_contribution(record, kind)
    if latest is None or kind.span == Span.ONE_OFF:
        return kind.term.period(on)
    if latest.last is None:
        raise Conflict(_("These dues are held for life."))
    if (latest.last - on).days > kind.renewal_days:
        raise Conflict(
            _("These dues run until %(day)s: they can be renewed from %(days)s days before.")
            % {"day": latest.last.strftime("%d/%m/%Y"), "days": kind.renewal_days}
        )
    return kind.term.period(on, previous=latest.period)


def _amount(
    record: Record, kind: DuesKind, rate: Rate | None, amount_cents: int | None, quotient_cents: int | None, on: date
) -> int:
    if kind.is_membership and not record.owes_dues:
        return 0
    if rate is not None:
        return pricing.amount(rate, record, on=on, quotient_cents=quotient_cents, chosen_cents=amount_cents)
    if amount_cents is None or amount_cents < 0:
        raise Invalid("amount", _("Choose a rate, or say the amount."))
    return amount_cents


def _times(rate: Rate | None, times: int, cents: int, *, keeper: bool) -> int:
    most = 12 if keeper else (rate.instalments if rate else 1)
    if not 1 <= times <= most:
        raise Invalid("times", _("It can be paid in %(most)s times at most.") % {"most": most})
    return min(times, max(1, cents))


def _charge(contribution: Contribution, by: Person | None, times: int, due: date) -> None:
    """Ask for what is owed, in so many parts a month apart from `due` on."""
    if not contribution.amount_cents:
        return
    name = str(contribution.record.person)
    label = f"{contribution.kind.name} {label_of(contribution.period)} – {name}"
    for number, cents in enumerate(pricing.instalments(contribution.amount_cents, times)):
        billing.charge(
            by=by,
            payer=contribution.payer,
            beneficiary=contribution.record.person,
            source=contribution,
            label=label if times == 1 else f"{label} ({number + 1}/{times})",
            amount_cents=cents,
            due_on=add_months(due, number, due.day),
            account=contribution.kind.account,
            is_gift=contribution.kind.is_gift,
        )


def label_of(period: Period) -> str:
    """The days of a period in few signs: "2026", "2026-2027", or nothing where nothing ends."""
    if period.last is None:
        return str(period.first.year)
    first, last = period.first.year, period.last.year
    return str(first) if first == last else f"{first}-{last}"


@transaction.atomic
def cancel_contribution(*, by: Person | None, contribution: Contribution) -> Contribution:
    """Give dues up: what is not paid is not owed any more, what was paid becomes credit, what they opened closes.

    Publishes "members.contribution_cancelled"; raises NotAllowed, Conflict for one that is on an invoice.
    """
    require(by is None or rules.keeps_money(by))
    record = lock(contribution.record)
    contribution = Contribution.objects.select_for_update().get(pk=contribution.pk)
    if contribution.state == ContributionState.CANCELLED:
        return contribution
    contribution.state = ContributionState.CANCELLED
    contribution.save(update_fields=["state"])
    for charge in charges_of(contribution):
        billing.cancel_charge(by=by, charge=charge)
    openings.follow(record)
    publish("members.contribution_cancelled", by=by, target=contribution, subject=record.person)
    return contribution


def charges_of(contribution: Contribution) -> list[Charge]:
    """What was asked for these dues and not cancelled, the first due first."""
    return list(
        Charge.objects.filter(source_kind=SOURCE, source_pk=contribution.pk, cancelled_at=None).order_by("due_on", "pk")
    )


def settled(charge: Charge) -> None:
    """Capability "billing.settled": a charge of dues is wholly paid. Dues are held from the first instalment on."""
    contribution = _of(charge)
    if contribution is not None and contribution.state != ContributionState.CANCELLED:
        _hold(contribution)


def unsettled(charge: Charge) -> None:
    """Capability "billing.unsettled": it is not paid any more."""
    contribution = _of(charge)
    if contribution is None or contribution.state == ContributionState.CANCELLED:
        return
    if contribution.state == ContributionState.PAID:
        contribution.state, contribution.paid_at = ContributionState.EXPECTED, None
        contribution.save(update_fields=["state", "paid_at"])
    openings.follow(lock(contribution.record))


def _of(charge: Charge) -> Contribution | None:
    return queries.contributions().filter(pk=charge.source_pk or 0).first()


def _hold(contribution: Contribution) -> None:
    """Mark dues wholly paid as such, and bring the register and what they open up to date."""
    if not any(charge.settled_at is None for charge in charges_of(contribution)):
        contribution.state, contribution.paid_at = ContributionState.PAID, timezone.now()
        contribution.save(update_fields=["state", "paid_at"])
    openings.follow(lock(contribution.record))
