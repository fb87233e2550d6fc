"""Money that changes place: what the treasurer writes, what is refused, what begins from a payment."""

from typing import Any

import pytest
from django.utils import timezone

from tests.cast import Cast
from tilios.core.billing.models import LedgerEntry, Payment
from tilios.core.journal.models import Entry
from tilios.tools.members.tests.contract import member
from tilios.tools.members.tests.money_values import paid

MOVE = "/s/la-fabrique/adhesions/argent/comptes/mouvement/"


def form(**fields: Any) -> dict[str, Any]:
    today = timezone.localdate().isoformat()
    usual = {"source": "cash", "target": "bank", "amount_cents": "120,50", "moved_on": today, "label": "Buvette"}
    return usual | fields


def test_cash_goes_to_the_bank_by_one_entry_and_is_nobodys_payment(fabrique: Cast) -> None:
    client = fabrique.client("alice")
    assert client.post(MOVE, form()).status_code == 302
    entry = LedgerEntry.objects.get()
    lines = [(line.account, line.debit_cents - line.credit_cents) for line in entry.lines.all()]
    assert lines == [("512", 12050), ("530", -12050)]
    assert not Payment.objects.exists()
    assert Entry.objects.get(verb="billing.moved").actor == fabrique.alice.pk
    assert "Buvette" in client.get("/s/la-fabrique/adhesions/argent/comptes/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"target": "cash"}, "target"),
        ({"source": "cheques"}, "source"),
        ({"target": ""}, "target"),
        ({"amount_cents": "0"}, "amount_cents"),
        ({"amount_cents": "cent"}, "amount_cents"),
        ({"moved_on": "2999-01-01"}, "moved_on"),
        ({"label": " "}, "label"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_the_rest_stays(
    fabrique: Cast, wrong: dict[str, str], field: str
) -> None:
    answer = fabrique.client("alice").post(MOVE, form(**wrong))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert 'name="moved_on"' in answer.content.decode()
    assert ("Buvette" in answer.content.decode()) == (field != "label")
    assert not LedgerEntry.objects.exists()


def test_a_payment_in_the_wrong_place_fills_the_form(fabrique: Cast) -> None:
    camille = member().person
    cash, cheque = paid(camille, 2500, means="cash"), paid(camille, 2500)
    client = fabrique.client("alice")
    link = f"{MOVE}?paiement={cash.pk}"
    assert link in client.get(f"/s/la-fabrique/adhesions/argent/paiements/{cash.pk}/").content.decode()
    assert (
        "comptes/mouvement"
        not in client.get(f"/s/la-fabrique/adhesions/argent/paiements/{cheque.pk}/").content.decode()
    )
    begun = client.get(link).context["form"].initial
    assert (begun["source"], begun["amount_cents"]) == ("cash", 2500)
    assert "Camille Dupont" in begun["label"]
    for wrong in (cheque.pk, "x", 10**9):
        assert client.get(f"{MOVE}?paiement={wrong}").context["form"].initial == {}


def test_nobody_moves_money_without_the_right(fabrique: Cast) -> None:
    for who in ("bob", "manon", "gus"):
        assert fabrique.client(who).post(MOVE, form()).status_code == 403
    assert not LedgerEntry.objects.exists()
