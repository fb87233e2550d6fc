"""Fifty at once, with real threads: no number skipped or given twice, nothing paid or settled twice."""

from functools import partial

import pytest
from django.db import transaction

from tests.cast import Cast, make_cast
from tests.harness import crowd
from tilios.core.billing import actions
from tilios.core.billing.ledger.numbering import next_number
from tilios.core.billing.models import Charge, Counter, LedgerEntry, Paper, Payment
from tilios.core.billing.tests.money import make_treasurer, owe, pay, write_profile
from tilios.core.errors import Refused
from tilios.core.structures.scope import scope
from tilios.tools.polls.tests.contract import open_choice

pytestmark = pytest.mark.django_db(transaction=True)
CROWD, THREADS = 50, 25
at_once = partial(crowd.at_once, count=CROWD, threads=THREADS, refused=Refused)


@pytest.fixture
def crowd_cast(transactional_db: None) -> Cast:
    cast = make_cast()
    with scope(cast.fabrique):
        make_treasurer(cast)
    return cast


class Wrong(Exception):
    """Something fails after the number was given."""


def test_fifty_numbers_at_once_have_no_gap_even_where_some_are_given_up(crowd_cast: Cast) -> None:
    def take(number: int) -> int | None:
        try:
            with transaction.atomic():
                taken = next_number("invoice", 2025)
                if number % 5 == 0:
                    raise Wrong
                return taken
        except Wrong:
            return None

    kept = sorted(taken for taken in at_once(crowd_cast, take) if taken is not None)
    assert kept == list(range(1, 41))
    with scope(crowd_cast.fabrique):
        assert Counter.objects.get().last == 40


def test_fifty_invoices_at_once_have_no_gap_and_no_double(crowd_cast: Cast) -> None:
    with scope(crowd_cast.fabrique):
        write_profile(crowd_cast)
        charges = [owe(crowd_cast.bob, 100 + number) for number in range(CROWD)]

    def invoice(number: int) -> Paper:
        return actions.issue_invoice(by=crowd_cast.manon, charges=[charges[number]])

    papers = at_once(crowd_cast, invoice)
    assert sorted(paper.number for paper in papers) == list(range(1, CROWD + 1))
    with scope(crowd_cast.fabrique):
        assert list(LedgerEntry.objects.values_list("number", flat=True)) == list(range(1, CROWD + 1))


def test_one_charge_invoiced_by_twenty_at_once_is_on_one_invoice(crowd_cast: Cast) -> None:
    with scope(crowd_cast.fabrique):
        write_profile(crowd_cast)
        charge = owe(crowd_cast.bob)
    found = at_once(crowd_cast, lambda _number: actions.issue_invoice(by=None, charges=[charge]), count=20, threads=20)
    assert sum(isinstance(one, Paper) for one in found) == 1


def test_a_number_is_given_in_a_transaction_only(crowd_cast: Cast) -> None:
    with scope(crowd_cast.fabrique), pytest.raises(transaction.TransactionManagementError):
        next_number("invoice", 2025)


def test_fifty_payments_at_once_are_entries_without_a_gap(crowd_cast: Cast) -> None:
    at_once(crowd_cast, lambda number: pay(crowd_cast.bob, 100 + number))
    with scope(crowd_cast.fabrique):
        assert list(LedgerEntry.objects.values_list("number", flat=True)) == list(range(1, CROWD + 1))
        assert Payment.objects.count() == CROWD


def test_the_same_payment_told_twenty_times_at_once_counts_once(crowd_cast: Cast) -> None:
    with scope(crowd_cast.fabrique):
        charge = owe(crowd_cast.bob)
    same = {"source": "helloasso", "external_id": "42", "means": "helloasso"}
    found = at_once(crowd_cast, lambda _number: pay(crowd_cast.bob, **same).pk, count=20, threads=20)
    assert len(set(found)) == 1
    with scope(crowd_cast.fabrique):
        charge.refresh_from_db()
        assert (Payment.objects.count(), LedgerEntry.objects.count(), charge.left_cents) == (1, 1, 0)


def test_payments_that_race_for_one_charge_settle_it_once(crowd_cast: Cast, told: list[tuple[str, int]]) -> None:
    with scope(crowd_cast.fabrique):
        charge = owe(crowd_cast.bob, 2500, source=open_choice(crowd_cast.alice))
    at_once(crowd_cast, lambda _number: pay(crowd_cast.bob, 2500), count=10, threads=10)
    assert told == [("settled", charge.pk)]
    with scope(crowd_cast.fabrique):
        assert Charge.objects.get().paid_cents == 2500
        assert sum(Payment.objects.values_list("credit_cents", flat=True)) == 9 * 2500
