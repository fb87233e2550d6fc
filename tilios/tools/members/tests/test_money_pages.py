"""Pages of payments, cheques, papers and gifts: what a treasurer does in a day, and who may not."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.cast import Cast
from tilios.core.access import grants
from tilios.core.billing import actions as billing
from tilios.core.billing.models import BillingProfile, Charge, ClosedPeriod, Deposit, Paper, PaperKind, Payment
from tilios.core.people.models import Person
from tilios.tools.members.models import Record
from tilios.tools.members.tests.contract import member
from tilios.tools.members.tests.money_values import able_profile, owed, paid

BASE = "/s/la-fabrique/adhesions/argent/"
TODAY = timezone.localdate


def press(client: Any, path: str, **form: Any) -> Any:
    return client.post(BASE + path, form)


@pytest.fixture
def camille(fabrique: Cast) -> Person:
    person = member(email="camille@example.org").person
    Person.objects.filter(pk=person.pk).update(street="1 rue Haute", postcode="59000", town="Lille")
    person.refresh_from_db()
    return person


def test_several_charges_a_family_and_a_gift_in_one_press(fabrique: Cast, camille: Person) -> None:
    child = member("Zoé", "Dupont", payer=Record.objects.get(person=camille))
    own, hers = owed(camille), owed(child.person, "Judo", 8000)
    client = fabrique.client("alice")
    page = client.get(f"{BASE}paiements/nouveau/{camille.pk}/?charge={own.pk}")
    assert [(charge.pk, ticked) for charge, ticked in page.context["form"].rows] == [(own.pk, True), (hers.pk, False)]
    answer = press(
        client, f"paiements/nouveau/{camille.pk}/", charge=[own.pk, hers.pk], means="cheque", gift_cents="10,00",
        received_on=TODAY().isoformat(), cheque_number="0001", bank="La Nef", receipt="on",
    )  # fmt: skip
    assert answer.status_code == 302
    payment = Payment.objects.get()
    assert (payment.amount_cents, payment.credit_cents, payment.cheque_number) == (11000, 0, "0001")
    assert Charge.objects.get(is_gift=True).paid_cents == 1000
    assert not Charge.objects.filter(settled_at=None).exists()
    assert Paper.objects.get().kind == PaperKind.RECEIPT


def test_less_than_what_is_ticked_pays_the_oldest_first_and_more_is_credit(fabrique: Cast, camille: Person) -> None:
    late, next_one = owed(camille, due_on=date(2020, 1, 1)), owed(camille, "Atelier", 3000)
    form = {"charge": [late.pk, next_one.pk], "means": "cash", "received_on": TODAY().isoformat()}
    press(fabrique.client("alice"), f"paiements/nouveau/{camille.pk}/", amount_cents="30", **form)
    late.refresh_from_db(), next_one.refresh_from_db()
    assert (late.paid_cents, next_one.paid_cents) == (2000, 1000)
    press(fabrique.client("alice"), f"paiements/nouveau/{camille.pk}/", amount_cents="50", **form)
    assert Payment.objects.order_by("pk").last().credit_cents == 3000  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"received_on": "2999-01-01", "amount_cents": "20"}, "received_on"),
        ({"amount_cents": "vingt"}, "amount_cents"),
        ({}, "amount_cents"),
        ({"amount_cents": "5", "gift_cents": "10"}, "amount_cents"),
        ({"amount_cents": "5", "means": "coquillages"}, "means"),
    ],
)
def test_what_is_refused_writes_nothing_and_keeps_what_was_typed(
    fabrique: Cast, camille: Person, form: dict[str, str], field: str
) -> None:
    usual = {"means": "cheque", "received_on": TODAY().isoformat(), "note": "Au stand"}
    answer = press(fabrique.client("alice"), f"paiements/nouveau/{camille.pk}/", **(usual | form))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "Au stand" in answer.content.decode()
    assert not Payment.objects.exists()
    assert not Charge.objects.exists()


def test_a_payment_is_cancelled_with_a_reason_never_without(fabrique: Cast, camille: Person) -> None:
    charge = owed(camille)
    payment = paid(camille)
    client = fabrique.client("alice")
    assert press(client, f"paiements/{payment.pk}/annuler/", reason=" ").status_code == 422
    assert Payment.objects.count() == 1
    assert press(client, f"paiements/{payment.pk}/annuler/", reason="Chèque sans provision").status_code == 302
    charge.refresh_from_db()
    assert charge.paid_cents == 0
    assert "Chèque sans provision" in client.get(f"{BASE}paiements/{payment.reversal.pk}/").content.decode()


def test_a_credit_pays_what_is_ticked_and_is_taken_back(fabrique: Cast, camille: Person) -> None:
    payment, charge = paid(camille, 5000), owed(camille)
    client = fabrique.client("alice")
    press(client, f"paiements/{payment.pk}/affecter/", charge=charge.pk)
    payment.refresh_from_db()
    assert payment.credit_cents == 3000
    press(client, f"paiements/{payment.pk}/liberer/", charge=charge.pk)
    payment.refresh_from_db()
    assert payment.credit_cents == 5000


def test_payments_are_found_by_name_means_days_and_what_is_left(fabrique: Cast, camille: Person) -> None:
    owed(camille)
    whole, left = paid(camille, means="transfer"), paid(member("Éloïse", "Roux").person, 900, note="Buvette")
    client = fabrique.client("alice")
    for query, found in (
        ("text=eloise", [left]), ("text=buvette", [left]), ("means=transfer", [whole]), ("allotted=no", [left]),
        (f"first={TODAY() + timedelta(days=1)}", []), ("means=coquillages", [left, whole]),
    ):  # fmt: skip
        page = client.get(f"{BASE}paiements/?{query}").context["page"]
        assert {one.pk for one in page} == {one.pk for one in found}, query


def test_the_sums_at_a_glance(fabrique: Cast, camille: Person) -> None:
    owed(camille, "Vieux", 700, due_on=date(2020, 1, 1))
    paid(member("Léo", "Roux").person, 2500)
    page = fabrique.client("alice").get(BASE)
    glance = page.context["glance"]
    assert {name: glance[name] for name in ("month", "late", "credits", "cheques", "cheque_count")} == {
        "month": 2500, "late": 700, "credits": 2500, "cheques": 2500, "cheque_count": 1,
    }  # fmt: skip
    assert "Vieux" in fabrique.client("alice").get(f"{BASE}retards/").content.decode()


def test_cheques_go_to_the_bank_with_their_slip(fabrique: Cast, camille: Person) -> None:
    kept, taken = paid(camille), paid(camille, 1500)
    client = fabrique.client("alice")
    later = (TODAY() + timedelta(days=3)).isoformat()
    refused = press(client, "cheques/", cheque=taken.pk, deposited_on=later)
    assert refused.status_code == 422
    assert [ticked for _cheque, ticked in refused.context["rows"]] == [False, True]
    assert press(client, "cheques/", deposited_on=TODAY().isoformat()).status_code == 422
    assert press(client, "cheques/", cheque=taken.pk, deposited_on=TODAY().isoformat()).status_code == 302
    deposit = Deposit.objects.get()
    assert deposit.amount_cents == 1500
    assert client.get(f"{BASE}papiers/{deposit.slip_id}/papier.pdf")["Content-Type"] == "application/pdf"
    assert [cheque.pk for cheque, _ticked in client.get(f"{BASE}cheques/").context["rows"]] == [kept.pk]


def test_an_invoice_is_made_corrected_and_read_by_its_payer_alone(fabrique: Cast) -> None:
    charge = owed(fabrique.bob, "Atelier")
    client = fabrique.client("alice")
    path = f"papiers/factures/nouvelle/{fabrique.bob.pk}/"
    refused = press(client, path, charge=charge.pk, issued_on=TODAY().isoformat())
    assert refused.status_code == 409  # nothing says why there is no VAT
    able_profile(fabrique.alice)
    assert press(client, path, issued_on=TODAY().isoformat()).status_code == 422
    assert press(client, path, charge=charge.pk, issued_on=TODAY().isoformat()).status_code == 302
    invoice = Paper.objects.get()
    pdf = f"{BASE}papiers/{invoice.pk}/papier.pdf"
    assert fabrique.client("bob").get(pdf).status_code == 200
    for who in ("manon", "gus"):
        assert fabrique.client(who).get(pdf).status_code == 404, who
    found = client.get(f"{BASE}papiers/?text={invoice.reference}").context["page"]
    assert [one.pk for one in found] == [invoice.pk]
    assert press(client, f"papiers/{invoice.pk}/avoir/", charge=charge.pk).status_code == 422
    press(client, f"papiers/{invoice.pk}/avoir/", charge=charge.pk, reason="Doublon")
    assert Paper.objects.get(kind=PaperKind.CREDIT_NOTE).corrects == invoice


def test_no_tax_receipt_before_the_declaration(fabrique: Cast, camille: Person) -> None:
    gift = owed(camille, "Don", 5000, is_gift=True, account="gifts")
    payment = paid(camille, 5000, allocations={gift: 5000})
    client = fabrique.client("alice")
    path = f"paiements/{payment.pk}/recu-fiscal/"
    form = {"form": "manual", "nature": "money"}
    assert press(client, path, **form).status_code == 422
    assert press(client, "dons/declaration/", sure="on").status_code == 422  # an address and a number lack
    able_profile(fabrique.alice)
    billing.withdraw_general_interest(by=fabrique.alice)
    assert press(client, "dons/declaration/").status_code == 422
    assert press(client, "dons/declaration/", sure="on").status_code == 302
    assert press(client, path, **form).status_code == 302
    receipt = Paper.objects.get(kind=PaperKind.TAX_RECEIPT)
    assert press(client, f"papiers/{receipt.pk}/invalider/").status_code == 422
    press(client, f"papiers/{receipt.pk}/invalider/", reason="Mauvaise adresse")
    assert press(client, path, **form).status_code == 302
    assert Paper.objects.filter(kind=PaperKind.TAX_RECEIPT, voided_at=None).count() == 1


def test_the_receipts_of_a_year_and_what_is_missing(fabrique: Cast, camille: Person) -> None:
    able_profile(fabrique.alice)
    without = member("Sans", "Adresse").person
    for person in (camille, without):
        gift = owed(person, "Don", 5000, is_gift=True, account="gifts")
        paid(person, 5000, allocations={gift: 5000})
    client, year = fabrique.client("alice"), TODAY().year
    page = client.get(f"{BASE}dons/?year={year}")
    assert [(donor["person"].pk, donor["missing"]) for donor in page.context["donors"]] == [
        (without.pk, True), (camille.pk, False),
    ]  # fmt: skip
    press(client, "dons/recus/", year=year, person=[camille.pk, without.pk], mail="1")
    assert Paper.objects.get(kind=PaperKind.TAX_RECEIPT).payer == camille
    assert [donor["person"].pk for donor in client.get(f"{BASE}dons/?year={year}").context["donors"]] == [without.pk]


def test_a_period_is_closed_once_it_is_understood(fabrique: Cast) -> None:
    client, day = fabrique.client("alice"), (TODAY() - timedelta(days=1)).isoformat()
    assert press(client, "comptes/cloture/", last_day=day).status_code == 422
    assert press(client, "comptes/cloture/", last_day=TODAY().isoformat(), sure="on").status_code == 422
    assert not ClosedPeriod.objects.exists()
    assert press(client, "comptes/cloture/", last_day=day, sure="on").status_code == 302
    assert ClosedPeriod.objects.get().closed_by == fabrique.alice


@pytest.mark.parametrize("what", ["fec", "entries", "payments", "paheko", "dolibarr"])
def test_the_accounts_are_taken_out(fabrique: Cast, camille: Person, what: str) -> None:
    paid(camille)
    client = fabrique.client("alice")
    for form in ("csv", "ods"):
        answer = client.get(f"{BASE}export/?what={what}&year={TODAY().year}&form={form}")
        assert answer.status_code == 200
        assert answer["Content-Disposition"].startswith("attachment")
        assert len(answer.content) > 100
    assert client.get(f"{BASE}export/?what=rien").status_code == 302


def test_entries_by_journal_and_period(fabrique: Cast, camille: Person) -> None:
    paid(camille), paid(camille, means="cash")
    client = fabrique.client("alice")
    assert [entry.journal for entry in client.get(f"{BASE}comptes/?journal=CA").context["page"]] == ["CA"]
    assert not client.get(f"{BASE}comptes/?last=2020-01-01").context["page"].object_list


PROFILE = {"legal_name": "La Fabrique", "country": "FR", "fiscal_month": "9", "notice_days": "14"}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"siren": "123456789"}, "siren"),
        ({"iban": "FR76 0000"}, "iban"),
        ({"creditor_id": "ICS"}, "creditor_id"),
        ({"account_dues": "abc"}, "account_dues"),
        ({"legal_name": ""}, "legal_name"),
        ({"signature_picture": io.BytesIO(b"no picture")}, "signature_picture"),
    ],
)
def test_a_wrong_number_is_said_at_its_field_and_the_rest_stays_typed(
    fabrique: Cast, wrong: dict[str, Any], field: str
) -> None:
    answer = press(fabrique.client("alice"), "reglages/", **(PROFILE | {"town": "Lille", "purpose": "Ouvert"} | wrong))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "Ouvert" in answer.content.decode()
    assert not BillingProfile.objects.exists()


def test_the_profile_is_kept_with_its_signature(fabrique: Cast) -> None:
    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (200, 80), "white").save(picture, "PNG")
    picture.seek(0)
    picture.name = "signature.png"
    client = fabrique.client("alice")
    form = PROFILE | {"account_dues": "7561", "signature_picture": picture}
    assert press(client, "reglages/", **form).status_code == 302
    profile = BillingProfile.objects.get()
    assert (profile.accounts, profile.fiscal_month, profile.signature is None) == ({"dues": "7561"}, 9, False)
    assert press(client, "reglages/", **PROFILE, without_signature="on").status_code == 302
    profile.refresh_from_db()
    assert (profile.accounts, profile.signature) == ({}, None)


def test_the_treasurer_by_name_and_nobody_else(fabrique: Cast, camille: Person) -> None:
    payment = paid(camille)
    for who in ("bob", "manon", "gus"):
        for path in ("", "paiements/", f"paiements/{payment.pk}/", "rapprochement/", "comptes/", "reglages/"):
            assert fabrique.client(who).get(BASE + path).status_code == 403, (who, path)
    for action in ("billing.view", "billing.record"):
        grants.give(by=fabrique.alice, person=fabrique.bob, action=action)
    bob = fabrique.client("bob")
    assert bob.get(BASE).status_code == 200
    assert press(bob, f"paiements/nouveau/{camille.pk}/", means="cash", received_on=TODAY().isoformat(),
                 amount_cents="5").status_code == 302  # fmt: skip
    for path in ("comptes/cloture/", "reglages/", "dons/declaration/"):
        assert bob.get(BASE + path).status_code == 403, path
    grants.give(by=fabrique.alice, person=fabrique.manon, action="members.register")
    assert fabrique.client("manon").get(BASE).status_code == 403
