"""Guessing is slowed, for whoever guesses, and forgotten in time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tilios.core.access import attempts
from tilios.core.access.models import Attempts

pytestmark = pytest.mark.django_db


def later(**delta: float) -> None:
    """Let time pass for every count."""
    shift = timedelta(**delta)
    for row in Attempts.objects.all():
        row.window_started_at -= shift
        row.blocked_until = row.blocked_until and row.blocked_until - shift
        row.save()


def test_five_tries_cost_nothing_and_the_next_one_waits() -> None:
    assert [attempts.begin(account="alice@example.org") for _try in range(5)] == [0] * 5
    assert attempts.begin(account="alice@example.org") == 2
    assert attempts.begin(account="bob@example.org") == 0


def test_the_wait_doubles_up_to_a_quarter_of_an_hour() -> None:
    for _try in range(5):
        attempts.begin(account="alice@example.org")
    waits = []
    for _try in range(10):
        waits.append(attempts.wait_s(account="alice@example.org"))
        later(seconds=waits[-1])
        attempts.begin(account="alice@example.org")
    assert waits[:5] == [2, 4, 8, 16, 32]
    assert max(waits) == 900


def test_a_try_that_must_wait_is_not_counted() -> None:
    for _try in range(50):
        attempts.begin(account="alice@example.org")
    assert attempts.wait_s(account="alice@example.org") <= 2


def test_a_right_answer_forgets_the_failures_of_the_account_only() -> None:
    for _try in range(4):
        attempts.begin(account="alice@example.org", network="192.0.2.1")
    attempts.begin(account="alice@example.org", network="192.0.2.1")
    attempts.succeeded(account="alice@example.org", network="192.0.2.1")
    assert [row.failures for row in Attempts.objects.all()] == [4]


def test_a_network_waits_a_minute_at_most() -> None:
    for number in range(200):
        attempts.begin(account=f"{number}@example.org", network="192.0.2.1")
        later(seconds=attempts.wait_s(network="192.0.2.1"))
    attempts.begin(network="192.0.2.1")
    assert 50 <= attempts.wait_s(network="192.0.2.1") <= 60


def test_capitals_and_spaces_are_the_same_address() -> None:
    for _try in range(5):
        attempts.begin(account="alice@example.org")
    assert attempts.wait_s(account=" Alice@Example.ORG ")


def test_failures_are_forgotten_after_a_quarter_of_an_hour() -> None:
    for _try in range(5):
        attempts.begin(account="alice@example.org")
    later(minutes=20)
    assert [attempts.begin(account="alice@example.org") for _try in range(5)] == [0] * 5


def test_the_table_holds_no_address() -> None:
    attempts.begin(account="alice@example.org")
    assert "alice" not in Attempts.objects.get().key


def test_old_counts_are_removed() -> None:
    attempts.begin(account="alice@example.org")
    later(days=2)
    assert attempts.forget_old() == 1
    assert not Attempts.objects.filter(blocked_until__gt=timezone.now()).exists()


@pytest.mark.django_db(transaction=True)
def test_guesses_sent_all_at_once_are_all_counted() -> None:
    def guess(_number: int) -> int:
        try:
            return attempts.begin(account="alice@example.org")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        waits = list(threads.map(guess, range(40)))
    assert waits.count(0) == 5
