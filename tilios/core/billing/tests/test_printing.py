"""What stands on the pages, read back from the PDF."""

import io

import pypdfium2
import pytest
from django.utils.translation import activate

from tests.cast import Cast
from tilios.core.billing import actions
from tilios.core.billing.models import Means, Paper
from tilios.core.billing.papers.printing import laid_out
from tilios.core.billing.tests.money import DAY, IBAN, owe, pay, write_profile
from tilios.core.people.models import Person


def words_of(paper: Paper) -> str:
    """The words of every page, their spaces made plain."""
    with pypdfium2.PdfDocument(io.BytesIO(laid_out(paper))) as pages:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())


@pytest.fixture
def fabrique(fabrique: Cast) -> Cast:
    activate("fr")
    write_profile(fabrique)
    actions.declare_general_interest(by=fabrique.alice)
    return fabrique


def test_an_invoice_bears_what_the_law_asks(fabrique: Cast) -> None:
    actions.save_profile(by=fabrique.alice, vat_number="FR44732829320")
    charges = [owe(fabrique.bob, 4800, label="Salle", vat_rate=2000), owe(fabrique.bob, 2500, beneficiary=fabrique.gus)]
    pay(fabrique.bob, 1000)
    invoice = actions.issue_invoice(by=None, charges=charges)
    said = words_of(invoice)
    for asked in (
        f"Facture {invoice.reference}", "Association La Fabrique", "12 rue des Tilleuls", "SIREN 732829320",
        "FR44732829320", "Bob Lambert", "3 rue de la Paix", "59800 Lille", "Salle", "40,00 €", "20 %", "8,00 €",
        "pour Gus Petit", "73,00 €", "Déjà payé 10,00 €", "Reste à payer 63,00 €", IBAN,
        "TVA non applicable, article 293 B du CGI",
    ):  # fmt: skip
        assert asked in said


def test_an_invoice_to_an_organisation_says_what_a_late_payment_costs(fabrique: Cast) -> None:
    assert "40 €" not in words_of(actions.issue_invoice(by=None, charges=[owe(fabrique.gus)]))
    Person.objects.filter(pk=fabrique.bob.pk).update(organisation="Bois et Fils")
    fabrique.bob.refresh_from_db()
    said = words_of(actions.issue_invoice(by=None, charges=[owe(fabrique.bob)]))
    assert "indemnité forfaitaire de 40 €" in said
    assert "Bois et Fils" in said


def test_a_credit_note_names_the_invoice_it_corrects(fabrique: Cast) -> None:
    invoice = actions.issue_invoice(by=None, charges=[owe(fabrique.bob)])
    note = actions.issue_credit_note(by=None, invoice=invoice, reason="Salle fermée.")
    said = words_of(note)
    assert f"Avoir {note.reference}" in said
    assert f"Corrige la facture {invoice.reference}" in said
    assert "Salle fermée." in said


@pytest.mark.parametrize("is_company", [False, True])
def test_a_tax_receipt_bears_what_its_form_asks(fabrique: Cast, is_company: bool) -> None:
    owe(fabrique.bob, 7150, label="Don", account="gifts", is_gift=True)
    payment = pay(fabrique.bob, 7150, means=Means.CHEQUE)
    receipt = actions.issue_tax_receipt(by=None, payment=payment, company=is_company)
    said = words_of(receipt)
    for asked in (
        receipt.reference, "Association La Fabrique", "SIREN 732829320", "RNA W595001234", "12 rue des Tilleuls",
        "59000 Lille", "Ouvrir à toutes et tous un lieu", "Œuvre ou organisme d'intérêt général", "Bob Lambert",
        "3 rue de la Paix", "59800 Lille", "71,50 €", "soixante-et-onze euros et cinquante centimes", "3 mars 2025",
        "Déclaration de don manuel", "Numéraire", "Chèque", "certifie sur l'honneur", "Alice Moreau, Trésorière",
        "238 bis" if is_company else "article 200 du code général des impôts",
        "16216*01" if is_company else "11580*05",
    ):  # fmt: skip
        assert asked in said


def test_a_slip_lists_the_cheques_and_their_sum(fabrique: Cast) -> None:
    cheques = [pay(fabrique.bob, cents, means=Means.CHEQUE, cheque_number=f"N{cents}") for cents in (1000, 2550)]
    said = words_of(actions.deposit_cheques(by=None, cheques=cheques, deposited_on=DAY).slip)
    for asked in ("Remise de chèques", "N1000", "N2550", "2 chèques", "35,50 €", IBAN):
        assert asked in said


def test_what_somebody_wrote_is_text_and_nothing_else(fabrique: Cast) -> None:
    owe(fabrique.bob, 100, label='<img src="file:///etc/passwd"> & <b>fin</b>')
    said = words_of(actions.issue_receipt(by=None, payment=pay(fabrique.bob, 100)))
    assert "<b>fin</b>" in said
