from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.cast import Cast
from tilios.core.billing import actions, queries
from tilios.core.billing.models import Allocation, Charge, LedgerEntry, Means, Payment
from tilios.core.billing.tests.money import DAY, lines_of, owe, pay
from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.core.journal.models import Entry
from tilios.core.structures.scope import no_scope, scope
from tilios.tools.polls.models import Poll
from tilios.tools.polls.tests.contract import open_choice

Told = list[tuple[str, int]]


def test_a_payment_pays_what_is_owed_the_oldest_first(fabrique: Cast) -> None:
    new, old = owe(fabrique.bob, 1000, due_on=DAY), owe(fabrique.bob, 1500, due_on=DAY - timedelta(days=30))
    payment = pay(fabrique.bob, 2000)
    new.refresh_from_db(), old.refresh_from_db()
    assert (old.left_cents, new.left_cents, payment.credit_cents) == (0, 500, 0)
    assert queries.owed_by(fabrique.bob) == 500
    assert lines_of(payment) == [("512", 2000), ("756", -2000)]


def test_one_payment_covers_several_people(fabrique: Cast) -> None:
    hers, his = owe(fabrique.alice, 2500), owe(fabrique.bob, 1500)
    pay(fabrique.alice, 4000, allocations={hers: 2500, his: 1500})
    assert not queries.due_charges(fabrique.alice)
    assert not queries.due_charges(fabrique.bob)


def test_what_is_left_is_credit_until_it_is_allotted(fabrique: Cast) -> None:
    payment = pay(fabrique.bob, 4000)
    assert queries.credit_of(fabrique.bob) == 4000
    charge = owe(fabrique.bob, 2500)
    actions.allot_credit(by=fabrique.manon, payment=payment)
    charge.refresh_from_db()
    assert (charge.left_cents, queries.credit_of(fabrique.bob)) == (0, 1500)
    assert lines_of(payment) == [("512", 4000), ("4191", -4000), ("756", -2500), ("4191", 2500)]


def test_the_tool_is_told_once_when_its_thing_is_wholly_paid_and_once_when_it_no_longer_is(
    fabrique: Cast, told: Told
) -> None:
    charge = owe(fabrique.bob, 2500, source=open_choice(fabrique.alice))
    assert charge.source_kind == "polls.poll"
    assert list(queries.charges_for(Poll.objects.get(pk=charge.source_pk))) == [charge]
    pay(fabrique.bob, 1000)
    assert told == []
    payment = pay(fabrique.bob, 1500)
    assert told == [("settled", charge.pk)]
    actions.cancel_payment(by=fabrique.manon, payment=payment, reason="Chèque sans provision")
    actions.cancel_payment(by=fabrique.manon, payment=payment, reason="Chèque sans provision")
    assert told == [("settled", charge.pk), ("unsettled", charge.pk)]


def test_a_tool_that_refuses_takes_the_whole_payment_with_it(fabrique: Cast, told: Told) -> None:
    owe(fabrique.bob, 2500, source=open_choice(fabrique.alice), label="Complet")
    with pytest.raises(Conflict):
        pay(fabrique.bob, 2500)
    assert not Payment.objects.exists()
    assert not LedgerEntry.objects.exists()
    assert queries.owed_by(fabrique.bob) == 2500


def test_a_payment_is_cancelled_by_its_contrary_and_stays(fabrique: Cast) -> None:
    charge = owe(fabrique.bob, 2500)
    payment = pay(fabrique.bob, 3000, means=Means.CASH)
    counter = actions.cancel_payment(by=fabrique.manon, payment=payment, reason="Erreur de saisie")
    charge.refresh_from_db(), payment.refresh_from_db()
    assert (counter.amount_cents, counter.reverses, charge.left_cents) == (-3000, payment, 2500)
    assert (payment.amount_cents, queries.credit_of(fabrique.bob)) == (3000, 0)
    assert lines_of(payment) == [("530", 3000), ("756", -2500), ("4191", -500)]
    assert lines_of(counter) == [("530", -3000), ("4191", 500), ("756", 2500)]
    assert {entry.journal for entry in payment.entries.all()} == {"CA"}


def test_a_counter_entry_is_not_cancelled(fabrique: Cast) -> None:
    counter = actions.cancel_payment(by=None, payment=pay(fabrique.bob), reason="Erreur")
    with pytest.raises(Conflict):
        actions.cancel_payment(by=None, payment=counter, reason="Encore")


def test_the_same_payment_told_twice_counts_once(fabrique: Cast) -> None:
    owe(fabrique.bob)
    first = pay(fabrique.bob, source="helloasso", external_id="123", means=Means.HELLOASSO)
    again = pay(fabrique.bob, source="helloasso", external_id="123", means=Means.HELLOASSO)
    other = pay(fabrique.bob, source="bank", external_id="123")
    assert first == again != other
    assert Payment.objects.count() == 2


def test_more_than_is_owed_or_was_received_is_refused_and_nothing_is_written(fabrique: Cast) -> None:
    charge = owe(fabrique.bob, 2500)
    for cents, part in ((3000, 2600), (1000, 2500)):
        with pytest.raises(Invalid) as refused:
            pay(fabrique.bob, cents, allocations={charge: part})
        assert refused.value.field == "allocations"
    with pytest.raises(Invalid):
        pay(fabrique.bob, 100, allocations={charge: -100})
    assert not Payment.objects.exists()
    assert not Allocation.objects.exists()


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("amount_cents", 0),
        ("amount_cents", -5),
        ("means", "shells"),
        ("received_on", date(2999, 1, 1)),
        ("received_on", date(205, 3, 3)),
    ],
)  # fmt: skip
def test_a_payment_that_cannot_be_is_refused(fabrique: Cast, field: str, wrong: object) -> None:
    said = {"means": Means.CASH, "received_on": DAY, "amount_cents": 100, field: wrong}
    with pytest.raises(Invalid) as refused:
        actions.record_payment(by=None, payer=fabrique.bob, **said)
    assert refused.value.field == field


def test_a_member_records_no_payment(fabrique: Cast) -> None:
    for work in (
        lambda: actions.record_payment(
            by=fabrique.bob, payer=fabrique.bob, means="cash", received_on=DAY, amount_cents=1
        ),
        lambda: actions.cancel_payment(by=fabrique.bob, payment=Payment(), reason="x"),
        lambda: actions.deposit_cheques(by=fabrique.bob, cheques=[], deposited_on=DAY),
        lambda: actions.close_period(by=fabrique.manon, last_day=DAY),
        lambda: actions.save_profile(by=fabrique.manon, legal_name="x"),
    ):
        with pytest.raises(NotAllowed):
            work()


def test_a_charge_cancelled_gives_back_what_was_paid_as_credit(fabrique: Cast, told: Told) -> None:
    charge = owe(fabrique.bob, 2500, source=open_choice(fabrique.alice))
    payment = pay(fabrique.bob, 2500)
    actions.cancel_charge(by=fabrique.manon, charge=charge)
    actions.cancel_charge(by=fabrique.manon, charge=charge)
    assert told == [("settled", charge.pk), ("unsettled", charge.pk)]
    assert queries.credit_of(fabrique.bob) == 2500
    assert queries.owed_by(fabrique.bob) == 0
    assert lines_of(payment)[2:] == [("756", 2500), ("4191", -2500)]
    with pytest.raises(Conflict):
        pay(fabrique.bob, 2500, allocations={charge: 2500})


def test_a_part_is_taken_back_and_pays_something_else(fabrique: Cast) -> None:
    wrong, right = owe(fabrique.bob, 2500), owe(fabrique.gus, 2500)
    payment = pay(fabrique.gus, 2500, allocations={wrong: 2500})
    payment = actions.release(by=fabrique.manon, payment=payment, charge=wrong)
    payment = actions.allot_credit(by=fabrique.manon, payment=payment, allocations={right: 2500})
    wrong.refresh_from_db(), right.refresh_from_db()
    assert (wrong.left_cents, right.left_cents, payment.credit_cents) == (2500, 0, 0)
    counter = actions.cancel_payment(by=fabrique.manon, payment=payment, reason="Rejetée")
    right.refresh_from_db()
    assert (right.left_cents, counter.allocations.count()) == (2500, 1)


def test_a_charge_that_cannot_be_is_refused(fabrique: Cast) -> None:
    for field, wrong in (
        ("amount_cents", 0), ("label", "  "), ("vat_rate", 20_000), ("account", "cotisations"),
    ):  # fmt: skip
        said = {"label": "Salle", "amount_cents": 100, "due_on": DAY, field: wrong}
        with pytest.raises(Invalid) as refused:
            actions.charge(by=None, payer=fabrique.bob, **said)
        assert refused.value.field == field


def test_the_vat_of_parts_adds_up_to_that_of_the_whole(fabrique: Cast) -> None:
    charge = owe(fabrique.bob, 10_000, account="services", vat_rate=2000)
    written = [line for cents in (3333, 3333, 3334) for line in lines_of(pay(fabrique.bob, cents))]
    sums: dict[str, int] = {}
    for account, cents in written:
        sums[account] = sums.get(account, 0) + cents
    assert sums == {"512": 10_000, "706": -8333, "44571": -1667}
    charge.refresh_from_db()
    assert charge.settled_at


def test_the_database_itself_refuses_to_overpay_or_to_count_twice(fabrique: Cast) -> None:
    charge = owe(fabrique.bob, 100)
    with pytest.raises(IntegrityError), transaction.atomic():
        Charge.objects.filter(pk=charge.pk).update(paid_cents=101)
    pay(fabrique.bob, 100, source="bank", external_id="a")
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(means="cash", received_on=DAY, amount_cents=1, source="bank", external_id="a")
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(means="cash", received_on=DAY, amount_cents=-1)


def test_a_closed_day_takes_nothing_and_counter_entries_go_to_the_first_open_one(fabrique: Cast) -> None:
    payment = pay(fabrique.bob, received_on=DAY)
    last = timezone.localdate() - timedelta(days=1)
    actions.close_period(by=fabrique.alice, last_day=last)
    with pytest.raises(Invalid) as refused:
        pay(fabrique.bob, received_on=last)
    assert refused.value.field == "received_on"
    counter = actions.cancel_payment(by=fabrique.manon, payment=payment, reason="Rejet", on=DAY)
    assert counter.received_on == last + timedelta(days=1)
    assert {entry.booked_on for entry in counter.entries.all()} == {last + timedelta(days=1)}
    with pytest.raises(Invalid):
        actions.close_period(by=fabrique.alice, last_day=last)


def test_a_period_that_is_not_over_is_not_closed(fabrique: Cast) -> None:
    with pytest.raises(Invalid):
        actions.close_period(by=fabrique.alice, last_day=timezone.localdate())


def test_cheques_go_to_the_bank_once_and_one_that_bounces_comes_back_from_it(fabrique: Cast) -> None:
    owe(fabrique.bob)
    cheques = [
        pay(who, means=Means.CHEQUE, cheque_number=f"000{n}") for n, who in enumerate((fabrique.bob, fabrique.gus))
    ]
    assert lines_of(cheques[0]) == [("5112", 2500), ("756", -2500)]
    deposit = actions.deposit_cheques(by=fabrique.manon, cheques=cheques, deposited_on=DAY)
    assert (deposit.amount_cents, deposit.slip.reference) == (5000, "RC2025-0001")
    assert lines_of(deposit.slip) == [("512", 5000), ("5112", -5000)]
    assert [line["number"] for line in deposit.slip.content["lines"]] == ["0000", "0001"]
    with pytest.raises(Conflict):
        actions.deposit_cheques(by=fabrique.manon, cheques=cheques, deposited_on=DAY)
    counter = actions.cancel_payment(by=fabrique.manon, payment=cheques[0], reason="Sans provision")
    assert lines_of(counter) == [("512", -2500), ("756", 2500)]
    assert not queries.cheques_to_deposit()


def test_money_goes_from_one_place_to_another_and_is_nobodys_payment(fabrique: Cast) -> None:
    said = {"by": fabrique.manon, "source": "helloasso", "target": "bank", "amount_cents": 5000, "moved_on": DAY}
    entry = actions.move_money(label="Versement de HelloAsso", **said)
    assert [(line.account, line.debit_cents - line.credit_cents) for line in entry.lines.all()] == [
        ("512", 5000),
        ("517", -5000),
    ]
    assert not Payment.objects.exists()
    for field, wrong in (
        ("target", "cheques"), ("target", "helloasso"), ("target", "dues"), ("amount_cents", 0), ("label", " "),
        ("moved_on", date(2999, 1, 1)),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            actions.move_money(**{"label": "Versement", **said, field: wrong})
        assert refused.value.field == field
    with pytest.raises(NotAllowed):
        actions.move_money(label="Versement", **{**said, "by": fabrique.bob})
    actions.save_profile(by=fabrique.alice, accounts={"helloasso": "512"})
    with pytest.raises(Invalid):
        actions.move_money(label="Versement", **said)


def test_what_happens_to_money_is_in_the_journal(fabrique: Cast) -> None:
    payment = pay(fabrique.bob)
    actions.cancel_payment(by=fabrique.manon, payment=payment, reason="Erreur")
    verbs = list(Entry.objects.filter(verb__startswith="billing.").order_by("id").values_list("verb", flat=True))
    assert verbs == ["billing.paid", "billing.payment_cancelled"]
    assert "Erreur" not in str(list(Entry.objects.values_list("data", flat=True)))


def test_another_structure_sees_none_of_it(fabrique: Cast) -> None:
    owe(fabrique.bob)
    pay(fabrique.bob)
    with no_scope(), scope(fabrique.atelier):
        assert not Charge.objects.exists()
        assert not Payment.objects.exists()
