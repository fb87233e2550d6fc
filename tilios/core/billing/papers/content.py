"""What a paper says, as JSON: frozen with it, so that nothing that changes later changes it.

    {"seller": {"name", "street", "postcode", "town", "country", "siren", "rna", "register", "purpose", "vat_number",
                "vat_exemption", "iban", "bic"},
     "buyer": {"name", "organisation", "street", "postcode", "town", "country"},
     "lines": [{"label", "for", "cents", "net_cents", "vat_cents", "vat_rate"}], …}

Days are ISO 8601, amounts are cents, rates hundredths of a percent. There is no mail address and no telephone in it:
what the law asks to keep of somebody is their name and where they live.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from tilios.core.billing.models import Allocation, BillingProfile, Charge, Paper, Payment
from tilios.core.billing.naming import name_of
from tilios.core.people.models import Person
from tilios.kit.money import vat_within

OF_SELLER = (
    "street", "postcode", "town", "country", "siren", "rna", "register", "purpose", "vat_number", "vat_exemption",
    "iban", "bic",
)  # fmt: skip


def seller(profile: BillingProfile) -> dict[str, str]:
    return {"name": profile.legal_name, **{name: getattr(profile, name) for name in OF_SELLER}}


def buyer(person: Person | None, name: str = "") -> dict[str, str]:
    """Somebody as they are now; `name` stands for a payer without a record."""
    if person is None:
        return {"name": name, "organisation": "", "street": "", "postcode": "", "town": "", "country": ""}
    return {
        "name": name_of(person),
        "organisation": person.organisation,
        "street": person.street,
        "postcode": person.postcode,
        "town": person.town,
        "country": person.country,
    }


def line(charge: Charge) -> dict[str, Any]:
    """A charge as one line: what is in it of VAT is taken out of its amount."""
    vat = vat_within(charge.amount_cents, charge.vat_rate)
    return {
        "label": charge.label,
        "for": charge.beneficiary_name if charge.beneficiary_name != charge.payer_name else "",
        "cents": charge.amount_cents,
        "net_cents": charge.amount_cents - vat,
        "vat_cents": vat,
        "vat_rate": charge.vat_rate,
    }


def invoice(
    profile: BillingProfile, payer: Person | None, payer_name: str, charges: list[Charge], issued_on: date
) -> dict[str, Any]:
    return {
        "seller": seller(profile),
        "buyer": buyer(payer, payer_name),
        "lines": [line(charge) for charge in charges],
        "paid_cents": sum(charge.paid_cents for charge in charges),
        "due_on": max(issued_on, *(charge.due_on for charge in charges)).isoformat(),
    }


def credit_note(profile: BillingProfile, invoice: Paper, charges: list[Charge], reason: str) -> dict[str, Any]:
    """The parties as they were on the invoice."""
    return {
        "seller": seller(profile),
        "buyer": invoice.content["buyer"],
        "lines": [line(charge) for charge in charges],
        "corrects": invoice.reference,
        "corrects_on": invoice.issued_on.isoformat(),
        "reason": reason,
    }


def receipt(profile: BillingProfile, payment: Payment, allocations: Iterable[Allocation]) -> dict[str, Any]:
    return {
        "seller": seller(profile),
        "buyer": buyer(payment.payer, payment.payer_name),
        "lines": [
            {"label": one.charge.label, "for": one.charge.beneficiary_name, "cents": one.amount_cents}
            for one in allocations
        ],
        "credit_cents": payment.credit_cents,
        "received_on": payment.received_on.isoformat(),
        "means": payment.means,
        "cheque_number": payment.cheque_number,
        "bank": payment.bank,
    }


def deposit(profile: BillingProfile, cheques: Iterable[Payment]) -> dict[str, Any]:
    return {
        "seller": seller(profile),
        "lines": [
            {
                "label": cheque.payer_name,
                "bank": cheque.bank,
                "number": cheque.cheque_number,
                "cents": cheque.amount_cents,
            }
            for cheque in cheques
        ],
    }
