"""Dues: periods, amounts, instalments, what is paid, what opens and closes, racing renewals."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.cast import Cast
from tilios.core.billing import actions as billing
from tilios.core.billing.models import Charge
from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.core.journal.models import Entry
from tilios.core.people import actions as people
from tilios.core.people.models import Membership
from tilios.core.people.roles import Role
from tilios.tools.members import actions
from tilios.tools.members.actions import openings
from tilios.tools.members.actions.records import lock
from tilios.tools.members.models import (
    Contribution,
    ContributionState,
    DuesKind,
    Opened,
    Opening,
    Pricing,
    Rate,
    Record,
    Status,
)
from tilios.tools.members.tests.contract import member

TODAY = timezone.localdate


def kind(**fields: Any) -> DuesKind:
    return DuesKind.objects.create(**{"name": "Adhésion", "span": "months", "months": 12} | fields)


def rate(dues: DuesKind, **fields: Any) -> Rate:
    return Rate.objects.create(**{"kind": dues, "name": "Plein tarif", "amount_cents": 2000} | fields)


def pay(cast: Cast, record: Record, cents: int, means: str = "cash", **fields: Any) -> Any:
    return billing.record_payment(
        by=cast.alice, payer=record.person, means=means, received_on=TODAY(), amount_cents=cents, **fields
    )


def test_dues_are_expected_then_paid(fabrique: Cast) -> None:
    record, dues = member(), kind()
    taken = actions.contribute(by=fabrique.alice, record=record, kind=dues, rate=rate(dues))
    charge = Charge.objects.get()
    assert (charge.amount_cents, charge.payer_id, charge.account) == (2000, record.person_id, "756")
    assert (taken.state, Record.objects.get(pk=record.pk).due_on) == (ContributionState.EXPECTED, None)
    pay(fabrique, record, 2000)
    taken.refresh_from_db()
    assert taken.state == ContributionState.PAID
    assert Record.objects.get(pk=record.pk).due_on == taken.last
    assert Entry.objects.filter(verb="members.contributed").count() == 1


def test_a_payment_cancelled_takes_back_what_it_gave(fabrique: Cast) -> None:
    record, dues = member(), kind()
    group = people.create_group(by=None, name="À jour")
    Opening.objects.create(kind=dues, group=group)
    taken = actions.contribute(by=fabrique.alice, record=record, kind=dues, rate=rate(dues))
    payment = pay(fabrique, record, 2000)
    assert Membership.objects.filter(person=record.person, group=group).exists()
    billing.cancel_payment(by=fabrique.alice, payment=payment, reason="Chèque sans provision")
    taken.refresh_from_db()
    assert taken.state == ContributionState.EXPECTED
    assert Record.objects.get(pk=record.pk).due_on is None
    assert not Membership.objects.filter(person=record.person, group=group).exists()


def test_instalments_hold_from_the_first_and_are_paid_with_the_last(fabrique: Cast) -> None:
    record, dues = member(), kind()
    taken = actions.contribute(
        by=fabrique.alice, record=record, kind=dues, rate=rate(dues, amount_cents=10000, instalments=3), times=3
    )
    charges = list(Charge.objects.order_by("due_on"))
    assert [charge.amount_cents for charge in charges] == [3334, 3333, 3333]
    assert charges[0].due_on == TODAY()
    assert 28 <= (charges[1].due_on - charges[0].due_on).days <= 31
    pay(fabrique, record, 3334)
    taken.refresh_from_db()
    assert taken.state == ContributionState.EXPECTED
    assert Record.objects.get(pk=record.pk).due_on == taken.last
    pay(fabrique, record, 6666)
    taken.refresh_from_db()
    assert taken.state == ContributionState.PAID


def test_renewed_too_early_is_refused_and_twice_too(fabrique: Cast) -> None:
    record, dues = member(), kind(renewal_days=60)
    full = rate(dues)
    first = actions.contribute(by=fabrique.alice, record=record, kind=dues, rate=full)
    with pytest.raises(Conflict):
        actions.contribute(by=fabrique.alice, record=record, kind=dues, rate=full)
    assert first.last is not None
    near = first.last - timedelta(days=30)
    second = actions.contribute(by=fabrique.alice, record=record, kind=dues, rate=full, on=near)
    assert second.first == first.last + timedelta(days=1)
    with pytest.raises(Conflict):
        actions.contribute(by=fabrique.alice, record=record, kind=dues, rate=full, on=near)


def test_one_payment_covers_several_people(fabrique: Cast) -> None:
    parent = member("Anne", "Martin")
    child = member("Zoé", "Martin", payer=parent)
    dues = kind()
    full = rate(dues)
    for record in (parent, child):
        actions.contribute(by=fabrique.alice, record=record, kind=dues, rate=full)
    pay(fabrique, parent, 4000)
    assert set(Contribution.objects.values_list("state", flat=True)) == {"paid"}


def test_who_owes_nothing_holds_their_dues_at_once(fabrique: Cast) -> None:
    honour = Status.objects.create(name="Honneur", is_exempt=True)
    record, dues = member(status=honour), kind()
    taken = actions.contribute(by=fabrique.alice, record=record, kind=dues, rate=rate(dues))
    assert (taken.amount_cents, taken.state) == (0, ContributionState.PAID)
    assert not Charge.objects.exists()
    assert Record.objects.get(pk=record.pk).due_on == taken.last


def test_members_take_their_own_dues_at_the_rates_meant_for_them(fabrique: Cast) -> None:
    own = actions.add_record(by=None, person=fabrique.bob)
    other = member()
    dues = kind()
    full, young = rate(dues), rate(dues, name="Moins de 26 ans", max_age=25)
    with pytest.raises(NotAllowed):
        actions.contribute(by=fabrique.bob, record=other, kind=dues, rate=full)
    with pytest.raises(NotAllowed):
        actions.contribute(by=fabrique.bob, record=own, kind=dues, rate=young)
    with pytest.raises(NotAllowed):
        actions.contribute(by=fabrique.bob, record=own, kind=dues, amount_cents=1)
    assert actions.contribute(by=fabrique.bob, record=own, kind=dues, rate=full).amount_cents == 2000


@pytest.mark.parametrize(
    ("fields", "given", "cents"),
    [
        ({"pricing": Pricing.FREE, "amount_cents": 2000, "floor_cents": 500}, {"amount_cents": 700}, 700),
        ({"pricing": Pricing.BRACKETS, "brackets": [[50000, 500], [100000, 1500], [None, 3000]]},
         {"quotient_cents": 90000}, 1500),
        ({"pricing": Pricing.FORMULA, "formula": "max(5, quotient / 100)"}, {"quotient_cents": 123000}, 1230),
        ({"pricing": Pricing.FORMULA, "formula": "10 if age < 26 else 25"}, {}, 2500),
    ],
)  # fmt: skip
def test_what_is_owed(fabrique: Cast, fields: dict[str, Any], given: dict[str, Any], cents: int) -> None:
    record, dues = member(birth_date=date(1980, 5, 4)), kind()
    taken = actions.contribute(by=fabrique.alice, record=record, kind=dues, rate=rate(dues, **fields), **given)
    assert taken.amount_cents == cents


@pytest.mark.parametrize(
    ("fields", "given", "field"),
    [
        ({"pricing": Pricing.FREE, "floor_cents": 500}, {"amount_cents": 499}, "amount"),
        ({"pricing": Pricing.FREE}, {}, "amount"),
        ({"pricing": Pricing.BRACKETS, "brackets": [[None, 3000]]}, {}, "quotient"),
        ({"pricing": Pricing.FORMULA, "formula": "unknown * 2"}, {}, "rate"),
        ({"amount_cents": 2000}, {"times": 13}, "times"),
    ],
)
def test_what_is_refused(fabrique: Cast, fields: dict[str, Any], given: dict[str, Any], field: str) -> None:
    record, dues = member(), kind()
    with pytest.raises(Invalid) as refused:
        actions.contribute(by=fabrique.alice, record=record, kind=dues, rate=rate(dues, **fields), **given)
    assert refused.value.field == field
    assert not Contribution.objects.exists()


def test_what_dues_open_closes_after_the_days_of_grace(fabrique: Cast) -> None:
    record, dues = member(role=Role.GUEST), kind(grace_days=10)
    group = people.create_group(by=None, name="Atelier bois")
    Opening.objects.create(kind=dues, group=group)
    Opening.objects.create(kind=dues, role=Role.MEMBER)
    taken = actions.contribute(by=fabrique.alice, record=record, kind=dues, rate=rate(dues))
    pay(fabrique, record, 2000)
    record.person.refresh_from_db()
    assert record.person.role == Role.MEMBER
    assert taken.last is not None
    openings.follow(lock(record), today=taken.last + timedelta(days=10))
    assert Membership.objects.filter(group=group).count() == 1
    openings.follow(lock(record), today=taken.last + timedelta(days=11))
    record.person.refresh_from_db()
    assert (Membership.objects.filter(group=group).count(), record.person.role) == (0, Role.GUEST)
    assert not Opened.objects.exists()


def test_a_place_given_by_hand_stays_when_dues_end(fabrique: Cast) -> None:
    record, dues = member(), kind()
    group = people.create_group(by=None, name="Atelier bois")
    people.add_to_group(by=None, person=record.person, group=group)
    Opening.objects.create(kind=dues, group=group)
    taken = actions.contribute(by=fabrique.alice, record=record, kind=dues, rate=rate(dues))
    pay(fabrique, record, 2000)
    actions.cancel_contribution(by=fabrique.alice, contribution=taken)
    assert Membership.objects.filter(group=group).count() == 1


def test_what_dues_open_never_makes_a_manager(fabrique: Cast) -> None:
    record, dues = member(role=Role.GUEST), kind()
    Opening.objects.create(kind=dues, role=Role.ADMIN)
    actions.contribute(by=fabrique.alice, record=record, kind=dues, rate=rate(dues))
    pay(fabrique, record, 2000)
    record.person.refresh_from_db()
    assert record.person.role == Role.MEMBER


def test_renewed_it_stays_open_without_a_break(fabrique: Cast) -> None:
    record, dues = member(), kind()
    group = people.create_group(by=None, name="Atelier bois")
    Opening.objects.create(kind=dues, group=group)
    full = rate(dues)
    first = actions.contribute(by=fabrique.alice, record=record, kind=dues, rate=full)
    pay(fabrique, record, 2000)
    assert first.last is not None
    actions.contribute(by=fabrique.alice, record=record, kind=dues, rate=full, on=first.last)
    pay(fabrique, record, 2000)
    place = Membership.objects.get(group=group)
    openings.follow(lock(record), today=first.last + timedelta(days=40))
    assert Membership.objects.get(group=group) == place


def test_dues_given_up_make_credit_of_what_was_paid(fabrique: Cast) -> None:
    record, dues = member(), kind()
    taken = actions.contribute(by=fabrique.alice, record=record, kind=dues, rate=rate(dues))
    payment = pay(fabrique, record, 2000)
    actions.cancel_contribution(by=fabrique.alice, contribution=taken)
    payment.refresh_from_db()
    assert payment.credit_cents == 2000
    assert Record.objects.get(pk=record.pk).due_on is None


def test_only_the_treasurer_takes_and_cancels_dues(fabrique: Cast) -> None:
    record, dues = member(), kind()
    full = rate(dues)
    with pytest.raises(NotAllowed):
        actions.contribute(by=fabrique.manon, record=record, kind=dues, rate=full)
    taken = actions.contribute(by=fabrique.alice, record=record, kind=dues, rate=full)
    with pytest.raises(NotAllowed):
        actions.cancel_contribution(by=fabrique.manon, contribution=taken)
