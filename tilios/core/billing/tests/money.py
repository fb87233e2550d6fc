"""Charges, payments and profiles for the tests of billing."""

from datetime import date
from typing import TYPE_CHECKING, Any

from tilios.core.access import grants
from tilios.core.billing import actions
from tilios.core.billing.models import Charge, Means, Payment
from tilios.core.people.models import Person

if TYPE_CHECKING:  # it is read by the conftest, before pytest looks into the cast
    from tests.cast import Cast

DAY = date(2025, 3, 3)
IBAN = "FR7630006000011234567890189"


def make_treasurer(cast: "Cast") -> None:
    """Manon records payments and sees the accounts, by name; closing them and the settings stay with Alice."""
    for action in ("billing.view", "billing.record"):
        grants.give(by=cast.alice, person=cast.manon, action=action)


def owe(payer: Person, cents: int = 2500, **about: Any) -> Charge:
    asked = {"label": "Cotisation 2026", "due_on": DAY, "account": "dues", **about}
    return actions.charge(by=None, payer=payer, amount_cents=cents, **asked)


def pay(payer: Person | None, cents: int = 2500, **about: Any) -> Payment:
    told = {"means": Means.TRANSFER, "received_on": DAY, "allocations": None, **about}
    return actions.record_payment(by=None, payer=payer, amount_cents=cents, **told)


def write_profile(cast: "Cast", **more: Any) -> None:
    values = {
        "legal_name": "Association La Fabrique",
        "street": "12 rue des Tilleuls",
        "postcode": "59000",
        "town": "Lille",
        "siren": "732829320",
        "rna": "W595001234",
        "purpose": "Ouvrir à toutes et tous un lieu de travail, de réparation et de culture.",
        "vat_exemption": "TVA non applicable, article 293 B du CGI",
        "iban": IBAN,
        "bic": "AGRIFRPP",
        "creditor_id": "FR72ZZZ123456",
        "signatory_name": "Alice Moreau",
        "signatory_quality": "Trésorière",
        **more,
    }
    actions.save_profile(by=cast.alice, **values)
    for who in (cast.bob, cast.alice):
        Person.objects.filter(pk=who.pk).update(street="3 rue de la Paix", postcode="59800", town="Lille")
        who.refresh_from_db()


def lines_of(payment_or_paper: Any) -> list[tuple[str, int]]:
    """Accounts and amounts of what a payment or a paper wrote, credit below zero."""
    return [
        (line.account, line.debit_cents - line.credit_cents)
        for entry in payment_or_paper.entries.order_by("number")
        for line in entry.lines.all()
    ]
