"""Whatever is paid, cancelled, allotted and taken back: the sums hold."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import Cast
from tilios.core.billing import actions
from tilios.core.billing.models import Allocation, Charge, EntryLine, Payment
from tilios.core.billing.tests.money import DAY, owe, pay
from tilios.core.billing.verification import verify
from tilios.core.errors import Refused

CENTS = st.integers(1, 500)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("owe"), CENTS, st.sampled_from([0, 550, 2000])),
        st.tuples(st.just("pay"), CENTS, st.booleans()),
        st.tuples(st.just("allot"), st.integers(0, 9), st.integers(0, 9), CENTS),
        st.tuples(st.just("cancel"), st.integers(0, 9)),
        st.tuples(st.just("release"), st.integers(0, 9), st.integers(0, 9)),
        st.tuples(st.just("drop"), st.integers(0, 9)),
    ),
    max_size=14,
)


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS)
def test_the_sums_hold_whatever_is_done(fabrique: Cast, steps: list[tuple]) -> None:
    charges: list[Charge] = []
    payments: list[Payment] = []
    for step in steps:
        try:
            _do(fabrique, step, charges, payments)
        except Refused:
            continue
    for charge in Charge.objects.filter(pk__in=[one.pk for one in charges]):
        allotted = sum(Allocation.objects.filter(charge=charge).values_list("amount_cents", flat=True))
        assert 0 <= charge.paid_cents == allotted <= charge.amount_cents
        assert (charge.settled_at is not None) == (allotted == charge.amount_cents and charge.cancelled_at is None)
        assert not (charge.cancelled_at and allotted)
    for payment in Payment.objects.filter(pk__in=[one.pk for one in payments]):
        allotted = sum(Allocation.objects.filter(payment=payment).values_list("amount_cents", flat=True))
        cancelled = Payment.objects.filter(reverses=payment).exists()
        assert payment.credit_cents >= 0
        assert cancelled or allotted + payment.credit_cents == payment.amount_cents
    assert list(verify()) == []
    assert _in_the_books("512", payments) == sum(
        Payment.objects.filter(pk__in=[one.pk for one in payments])
        .filter(reversal=None)
        .values_list("amount_cents", flat=True)
    )


def _do(cast: Cast, step: tuple, charges: list[Charge], payments: list[Payment]) -> None:
    match step:
        case ("owe", cents, rate):
            charges.append(owe(cast.bob, cents, vat_rate=rate, due_on=DAY + timedelta(days=len(charges))))
        case ("pay", cents, at_once):
            payments.append(pay(cast.bob, cents, allocations=None if at_once else {}))
        case ("allot", paying, paid, cents) if payments and charges:
            parts = {charges[paid % len(charges)]: cents}
            actions.allot_credit(by=None, payment=payments[paying % len(payments)], allocations=parts)
        case ("cancel", number) if payments:
            actions.cancel_payment(by=None, payment=payments[number % len(payments)], reason="Essai")
        case ("release", paying, paid) if payments and charges:
            actions.release(
                by=None, payment=payments[paying % len(payments)], charge=charges[paid % len(charges)]
            )  # fmt: skip
        case ("drop", number) if charges:
            actions.cancel_charge(by=None, charge=charges[number % len(charges)])


def _in_the_books(account: str, payments: list[Payment]) -> int:
    own = [one.pk for one in payments]
    sums: Counter[str] = Counter()
    for line in EntryLine.objects.select_related("entry__payment"):
        payment = line.entry.payment
        if payment and (payment.pk in own or payment.reverses_id in own):
            sums[line.account] += line.debit_cents - line.credit_cents
    return sums[account]
