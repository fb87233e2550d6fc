"""Direct debits: mandates recorded, a batch made, its file, what the bank answers."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.cast import Cast
from tilios.core.billing.models import DebitBatch, Mandate
from tilios.tools.members.tests.contract import member
from tilios.tools.members.tests.money_values import IBAN, able_profile, owed

BASE = "/s/la-fabrique/adhesions/argent/"


def press(client: Any, path: str, **form: Any) -> Any:
    return client.post(BASE + path, form)


def mandate_form(**fields: Any) -> dict[str, Any]:
    return {"iban": IBAN, "signed_on": timezone.localdate().isoformat()} | fields


def test_from_the_mandate_to_the_answer_of_the_bank(fabrique: Cast) -> None:
    able_profile(fabrique.alice)
    camille, leo = member().person, member("Léo", "Roux").person
    client, today = fabrique.client("alice"), timezone.localdate()
    for payer in (camille, leo):
        assert press(client, f"prelevements/mandats/nouveau/{payer.pk}/", **mandate_form()).status_code == 302
    charges = [owed(camille), owed(leo, "Atelier", 3000)]
    days = {"notified_on": today.isoformat(), "collect_on": (today + timedelta(days=20)).isoformat()}
    early = days | {"collect_on": (today + timedelta(days=3)).isoformat()}
    sent = {"charge": [charge.pk for charge in charges]}
    assert press(client, "prelevements/", **sent, **early).status_code == 422
    assert press(client, "prelevements/", **sent, **days).status_code == 302
    batch = DebitBatch.objects.get()
    answer = client.get(f"{BASE}prelevements/{batch.pk}/fichier/")
    assert b"pain.008.001.08" in answer.content
    assert answer["Content-Disposition"].endswith('.xml"')
    first, second = batch.debits.order_by("pk")
    path = f"prelevements/{batch.pk}/confirmer/"
    assert press(client, path, received_on=today.isoformat()).status_code == 422
    assert press(client, path, debit=first.pk, received_on=today.isoformat()).status_code == 302
    press(client, f"prelevements/rejets/{second.pk}/")
    second.refresh_from_db()
    assert second.state == "waiting"
    press(client, f"prelevements/rejets/{second.pk}/", reason="Provision insuffisante")
    charges[0].refresh_from_db(), charges[1].refresh_from_db()
    assert [charge.paid_cents for charge in charges] == [2000, 0]
    assert "Provision insuffisante" in client.get(f"{BASE}prelevements/{batch.pk}/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"iban": "FR76 1234"}, "iban"),
        ({"signed_on": "2999-01-01"}, "signed_on"),
        ({"reference": "é"}, "reference"),
        ({"scan": io.BytesIO(b"MZ not a paper")}, "scan"),
    ],
)
def test_a_mandate_that_cannot_be_is_refused_at_its_field(fabrique: Cast, wrong: dict[str, Any], field: str) -> None:
    camille = member().person
    path = f"prelevements/mandats/nouveau/{camille.pk}/"
    answer = press(fabrique.client("alice"), path, **(mandate_form(holder_name="Camille D.") | wrong))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "Camille D." in answer.content.decode()
    assert not Mandate.objects.exists()


def test_a_mandate_is_revoked_and_its_paper_is_read_by_the_treasurer_alone(fabrique: Cast) -> None:
    camille, client = member().person, fabrique.client("alice")
    scan = io.BytesIO(b"%PDF-1.4\n%%EOF\n")
    scan.name = "mandat.pdf"
    press(client, f"prelevements/mandats/nouveau/{camille.pk}/", **mandate_form(scan=scan))
    mandate = Mandate.objects.get()
    page = client.get(f"{BASE}prelevements/mandats/").content.decode()
    assert mandate.iban_end in page
    assert IBAN.replace(" ", "") not in page
    assert client.get(f"{BASE}prelevements/mandats/{mandate.pk}/fichier/").status_code == 200
    assert fabrique.client("bob").get(f"{BASE}prelevements/mandats/{mandate.pk}/fichier/").status_code == 403
    press(client, f"prelevements/mandats/{mandate.pk}/revoquer/")
    mandate.refresh_from_db()
    assert mandate.revoked_on == timezone.localdate()
