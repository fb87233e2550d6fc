import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from tests.cast import Cast
from tilios.core.billing import actions, queries
from tilios.core.billing.models import Means, Paper
from tilios.core.billing.papers.printing import printed
from tilios.core.billing.tests.money import DAY, lines_of, owe, pay, write_profile
from tilios.core.blobs import actions as blobs
from tilios.core.errors import Conflict, Invalid
from tilios.core.people.models import Person
from tilios.core.portability.erasing import erase


def give(cast: Cast, cents: int = 5000, **about: Any) -> Any:
    owe(cast.bob, cents, label="Don", account="gifts", is_gift=True)
    return pay(cast.bob, cents, **about)


def test_an_invoice_is_numbered_and_written_as_revenue_then_paid_into_the_account_of_its_payer(fabrique: Cast) -> None:
    write_profile(fabrique)
    charges = [owe(fabrique.bob, 2500, account="services"), owe(fabrique.bob, 1000, account="services")]
    invoice = actions.issue_invoice(by=fabrique.manon, charges=charges)
    assert (invoice.reference, invoice.total_cents) == (f"F{invoice.year}-0001", 3500)
    assert lines_of(invoice) == [("411", 3500), ("706", -3500)]
    assert lines_of(pay(fabrique.bob, 3500)) == [("512", 3500), ("411", -3500)]
    with pytest.raises(Conflict):
        actions.issue_invoice(by=fabrique.manon, charges=charges)


def test_what_was_paid_before_the_invoice_is_not_revenue_twice(fabrique: Cast) -> None:
    write_profile(fabrique, vat_number="FR44732829320")
    charge = owe(fabrique.bob, 12_000, account="services", vat_rate=2000)
    pay(fabrique.bob, 6000)
    invoice = actions.issue_invoice(by=None, charges=[charge])
    pay(fabrique.bob, 6000)
    sums: dict[str, int] = {}
    for account, cents in [*lines_of(invoice), *(line for one in queries.payments() for line in lines_of(one))]:
        sums[account] = sums.get(account, 0) + cents
    assert sums == {"411": 0, "706": -10_000, "44571": -2000, "512": 12_000}
    assert invoice.content["paid_cents"] == 6000


def test_a_credit_note_undoes_an_invoice_and_its_number_stays(fabrique: Cast) -> None:
    write_profile(fabrique)
    charge = owe(fabrique.bob, 2500, account="services")
    invoice = actions.issue_invoice(by=None, charges=[charge])
    pay(fabrique.bob, 2500)
    with pytest.raises(Conflict):
        actions.cancel_charge(by=None, charge=charge)
    note = actions.issue_credit_note(by=fabrique.manon, invoice=invoice, reason="Salle fermée")
    assert (note.reference, note.corrects) == (f"A{note.year}-0001", invoice)
    assert (queries.owed_by(fabrique.bob), queries.credit_of(fabrique.bob)) == (0, 2500)
    assert lines_of(note) == [("411", -2500), ("706", 2500), ("706", -2500), ("411", 2500)]
    with pytest.raises(Conflict):
        actions.issue_credit_note(by=fabrique.manon, invoice=invoice, reason="Encore")


def test_one_line_of_an_invoice_is_corrected_and_goes_on_another(fabrique: Cast) -> None:
    write_profile(fabrique)
    kept, wrong = owe(fabrique.bob, 2500), owe(fabrique.bob, 900)
    invoice = actions.issue_invoice(by=None, charges=[kept, wrong])
    note = actions.issue_credit_note(by=None, invoice=invoice, reason="Erreur", charges=[wrong], cancels=False)
    again = actions.issue_invoice(by=None, charges=[wrong])
    assert (note.total_cents, again.total_cents) == (900, 900)
    assert queries.owed_by(fabrique.bob) == 3400


def test_an_invoice_without_vat_must_say_why(fabrique: Cast) -> None:
    charge = owe(fabrique.bob)
    with pytest.raises(Conflict):
        actions.issue_invoice(by=None, charges=[charge])
    assert not Paper.objects.exists()


def test_an_invoice_has_one_payer_and_its_day_follows_the_last(fabrique: Cast) -> None:
    write_profile(fabrique)
    with pytest.raises(Invalid):
        actions.issue_invoice(by=None, charges=[owe(fabrique.bob), owe(fabrique.gus)])
    with pytest.raises(Invalid):
        actions.issue_invoice(by=None, charges=[])
    actions.issue_invoice(by=None, charges=[owe(fabrique.bob)])
    for day in (DAY, timezone.localdate() + timedelta(days=1)):
        with pytest.raises(Invalid) as refused:
            actions.issue_invoice(by=None, charges=[owe(fabrique.bob)], issued_on=day)
        assert refused.value.field == "issued_on"


def test_a_paper_says_what_it_said_whatever_changes_later(fabrique: Cast) -> None:
    write_profile(fabrique)
    invoice = actions.issue_invoice(by=None, charges=[owe(fabrique.bob)])
    actions.save_profile(by=fabrique.alice, legal_name="Autre nom")
    Person.objects.filter(pk=fabrique.bob.pk).update(family_name="Change", town="Ailleurs")
    invoice.refresh_from_db()
    assert invoice.content["seller"]["name"] == "Association La Fabrique"
    assert (invoice.content["buyer"]["name"], invoice.content["buyer"]["town"]) == ("Bob Lambert", "Lille")


def test_a_receipt_is_given_once_for_a_payment(fabrique: Cast) -> None:
    owe(fabrique.bob, 2500)
    payment = pay(fabrique.bob, 3000, means=Means.CHEQUE, cheque_number="0001234")
    receipt = actions.issue_receipt(by=None, payment=payment)
    assert receipt == actions.issue_receipt(by=fabrique.manon, payment=payment)
    assert [line["cents"] for line in receipt.content["lines"]] == [2500]
    assert receipt.content["credit_cents"] == 500
    cancelled = pay(fabrique.bob, 100)
    actions.cancel_payment(by=None, payment=cancelled, reason="Erreur")
    with pytest.raises(Conflict):
        actions.issue_receipt(by=None, payment=cancelled)


def test_no_tax_receipt_before_somebody_has_declared_the_general_interest(fabrique: Cast) -> None:
    write_profile(fabrique)
    payment = give(fabrique)
    with pytest.raises(Conflict):
        actions.issue_tax_receipt(by=fabrique.manon, payment=payment)
    profile = actions.declare_general_interest(by=fabrique.alice)
    assert (profile.general_interest_by, profile.general_interest_name) == (fabrique.alice, "Alice Moreau")
    receipt = actions.issue_tax_receipt(by=fabrique.manon, payment=payment)
    assert receipt == actions.issue_tax_receipt(by=fabrique.manon, payment=payment)
    said = receipt.content
    assert (said["cerfa"], said["articles"], said["in_words"]) == ("11580*05", ["200"], "cinquante euros")
    actions.withdraw_general_interest(by=fabrique.alice)
    with pytest.raises(Conflict):
        actions.issue_tax_receipt(by=fabrique.manon, payment=give(fabrique))


def test_the_declaration_needs_what_the_receipt_must_bear(fabrique: Cast) -> None:
    for missing in ({"siren": "", "rna": "", "register": ""}, {"purpose": ""}, {"street": ""}):
        write_profile(fabrique, **missing)
        with pytest.raises(Conflict):
            actions.declare_general_interest(by=fabrique.alice)


def test_the_year_of_a_donor_is_one_receipt_of_what_has_none(fabrique: Cast) -> None:
    write_profile(fabrique)
    actions.declare_general_interest(by=fabrique.alice)
    actions.issue_tax_receipt(by=None, payment=give(fabrique, 1000))
    give(fabrique, 2000)
    give(fabrique, 3000, received_on=DAY + timedelta(days=60))
    give(fabrique, 9900, received_on=date(DAY.year - 1, 12, 31))
    owe(fabrique.bob, 2500)
    pay(fabrique.bob, 2500)
    assert list(queries.donors_to_receipt(DAY.year)) == [fabrique.bob]
    yearly = actions.issue_yearly_tax_receipt(by=fabrique.manon, payer=fabrique.bob, year=DAY.year)
    assert (yearly.total_cents, len(yearly.content["lines"])) == (5000, 2)
    with pytest.raises(Conflict):
        actions.issue_yearly_tax_receipt(by=fabrique.manon, payer=fabrique.bob, year=DAY.year)
    assert queries.tax_receipts_of(yearly.year) == {"count": 2, "cents": 6000}


def test_a_gift_taken_back_is_not_on_the_receipt_of_the_year(fabrique: Cast) -> None:
    write_profile(fabrique)
    actions.declare_general_interest(by=fabrique.alice)
    kept, taken_back = give(fabrique, 2000), give(fabrique, 3000)
    actions.release(by=None, payment=taken_back, charge=taken_back.allocations.get().charge)
    receipt = actions.issue_yearly_tax_receipt(by=None, payer=fabrique.bob, year=DAY.year)
    assert [line["cents"] for line in receipt.content["lines"]] == [kept.amount_cents]
    assert receipt.total_cents == 2000


def test_a_gift_cancelled_makes_its_receipt_void_and_its_number_stays(fabrique: Cast) -> None:
    write_profile(fabrique)
    actions.declare_general_interest(by=fabrique.alice)
    payment = give(fabrique)
    receipt = actions.issue_tax_receipt(by=None, payment=payment)
    with pytest.raises(Conflict):
        actions.release(by=None, payment=payment, charge=receipt.gifts.get().charge)
    actions.cancel_payment(by=fabrique.manon, payment=payment, reason="Chèque sans provision")
    receipt.refresh_from_db()
    assert receipt.voided_at
    assert not queries.gifts_to_receipt()
    assert queries.tax_receipts_of(receipt.year)["count"] == 0
    again = actions.issue_tax_receipt(by=None, payment=give(fabrique))
    assert again.number == receipt.number + 1


def test_a_receipt_declared_void_lets_its_gifts_be_told_again(fabrique: Cast) -> None:
    write_profile(fabrique)
    actions.declare_general_interest(by=fabrique.alice)
    payment = give(fabrique)
    wrong = actions.issue_tax_receipt(by=None, payment=payment)
    actions.void_tax_receipt(by=fabrique.manon, paper=wrong, reason="Adresse fausse")
    right = actions.issue_tax_receipt(by=None, payment=payment)
    assert (right.number, right.total_cents) == (2, 5000)


def test_a_donor_without_a_whole_address_is_named_first(fabrique: Cast) -> None:
    write_profile(fabrique)
    actions.declare_general_interest(by=fabrique.alice)
    payment = give(fabrique)
    Person.objects.filter(pk=fabrique.bob.pk).update(town="")
    with pytest.raises(Invalid) as refused:
        actions.issue_tax_receipt(by=None, payment=payment)
    assert refused.value.field == "address"


def test_a_company_has_the_form_of_companies(fabrique: Cast) -> None:
    write_profile(fabrique, wealth_tax_gifts=True)
    actions.declare_general_interest(by=fabrique.alice)
    company = Person.objects.create(
        display_name="Bois et Fils", organisation="Bois et Fils SARL", street="1 quai", postcode="59000", town="Lille"
    )
    owe(company, 100_000, label="Mécénat", account="gifts", is_gift=True)
    receipt = actions.issue_tax_receipt(by=None, payment=pay(company, 100_000), siren="732829320")
    assert (receipt.content["cerfa"], receipt.content["articles"]) == ("16216*01", ["238 bis"])
    assert receipt.content["buyer"]["siren"] == "732829320"
    assert actions.issue_tax_receipt(by=None, payment=give(fabrique)).content["articles"] == ["200", "978"]


def test_a_pdf_is_laid_out_once_and_given_again(fabrique: Cast) -> None:
    write_profile(fabrique)
    actions.declare_general_interest(by=fabrique.alice)
    picture = io.BytesIO()
    Image.new("RGB", (60, 20), "navy").save(picture, "PNG")
    picture.seek(0)
    actions.save_profile(by=fabrique.alice, signature=blobs.store(picture, media_type="image/png"))
    receipt = actions.issue_tax_receipt(by=None, payment=give(fabrique))
    first = printed(receipt)
    again = printed(Paper.objects.get(pk=receipt.pk))
    assert first == again
    with first.open() as file:
        assert file.read(5) == b"%PDF-"


def test_erasing_somebody_keeps_what_the_law_keeps_and_no_address_of_theirs(fabrique: Cast) -> None:
    write_profile(fabrique)
    actions.issue_invoice(by=None, charges=[owe(fabrique.bob)])
    pay(fabrique.bob, note="bob.lambert@example.org a payé")
    erase(by=fabrique.alice, person=Person.objects.get(pk=fabrique.bob.pk))
    paper, payment = Paper.objects.get(), queries.payments().get()
    assert (paper.payer, paper.payer_name, payment.payer, payment.payer_name) == (
        None,
        "Bob Lambert",
        None,
        "Bob Lambert",
    )
    assert "bob.lambert" not in payment.note
    assert not Person.objects.filter(pk=fabrique.bob.pk).exists()


def test_numbers_begin_again_with_the_year(fabrique: Cast) -> None:
    write_profile(fabrique)
    days = [date(2024, 12, 30), date(2024, 12, 31), date(2025, 1, 2)]
    papers = [actions.issue_invoice(by=None, charges=[owe(fabrique.bob)], issued_on=day) for day in days]
    assert [paper.reference for paper in papers] == ["F2024-0001", "F2024-0002", "F2025-0001"]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("iban", "FR7630006000011234567890188"), ("bic", "AGRI"), ("siren", "123456789"), ("rna", "123"),
        ("vat_number", "FR00000000000"), ("creditor_id", "FR99ZZZ123456"), ("legal_name", " "), ("fiscal_month", 13),
        ("accounts", {"dues": "abc"}), ("accounts", {"unknown": "512"}),
    ],
)  # fmt: skip
def test_a_profile_that_cannot_be_is_refused(fabrique: Cast, field: str, wrong: object) -> None:
    with pytest.raises(Invalid) as refused:
        actions.save_profile(by=fabrique.alice, **{field: wrong})
    assert refused.value.field == field


def test_accounts_of_their_own_are_used_from_then_on(fabrique: Cast) -> None:
    actions.save_profile(by=fabrique.alice, accounts={"bank": "512 1", "dues": "756"})
    owe(fabrique.bob)
    assert lines_of(pay(fabrique.bob)) == [("5121", 2500), ("756", -2500)]
    with pytest.raises(Conflict):
        actions.save_profile(by=fabrique.alice, fiscal_month=9)
    assert queries.profile().fiscal_month == 1


def test_the_day_of_a_paper_within_a_closed_period_is_the_first_open_one(fabrique: Cast) -> None:
    write_profile(fabrique)
    last = timezone.localdate() - timedelta(days=1)
    actions.close_period(by=fabrique.alice, last_day=last)
    assert actions.issue_invoice(by=None, charges=[owe(fabrique.bob)], issued_on=DAY).issued_on > last
