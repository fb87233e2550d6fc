"""What is done behind the program's back is found."""

from collections.abc import Callable

import pytest

from tests.cast import Cast
from tilios.core.billing import actions
from tilios.core.billing.models import Allocation, Counter, EntryLine, LedgerEntry, Paper, Payment
from tilios.core.billing.tests.money import owe, pay, write_profile
from tilios.core.billing.verification import verify
from tilios.core.portability.verifying import verify as verify_all


@pytest.fixture
def fabrique(fabrique: Cast) -> Cast:
    write_profile(fabrique)
    actions.issue_invoice(by=None, charges=[owe(fabrique.bob), owe(fabrique.bob)])
    actions.cancel_payment(by=None, payment=pay(fabrique.bob, 3000), reason="Erreur")
    pay(fabrique.bob, 9000)
    return fabrique


def test_nothing_is_wrong_where_nothing_was_touched(fabrique: Cast) -> None:
    assert list(verify()) == []
    assert list(verify_all(("money",))) == []


@pytest.mark.parametrize(
    "touch",
    [
        lambda: EntryLine.objects.filter(pk=EntryLine.objects.order_by("pk")[0].pk).update(debit_cents=1),
        lambda: LedgerEntry.objects.filter(number=2).update(number=99),
        lambda: Paper.objects.update(number=7),
        lambda: Counter.objects.filter(kind="entry").update(last=1),
        lambda: Allocation.objects.filter(pk=Allocation.objects.order_by("-pk")[0].pk).update(amount_cents=1),
        lambda: Payment.objects.filter(credit_cents__gt=0).update(credit_cents=1),
    ],
    ids=["line", "entry", "paper", "counter", "allocation", "credit"],
)
def test_what_was_altered_is_found(fabrique: Cast, touch: Callable[[], int]) -> None:
    assert touch() > 0
    assert list(verify())
    [problem, *_more] = verify_all(("money",))
    assert (problem.part, problem.what) == ("money", "la-fabrique")
