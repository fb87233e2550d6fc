"""The reads of billing, one module a subject."""

from tilios.core.billing.queries.gifts import donors_to_receipt, gifts, gifts_to_receipt, tax_receipts_of
from tilios.core.billing.queries.money import (
    charges_for,
    charges_of,
    cheques_to_deposit,
    credit_of,
    credits_of,
    due_charges,
    lines_to_match,
    owed_by,
    payments,
    unpaid_charges,
)
from tilios.core.billing.queries.papers import papers_of, profile

__all__ = [
    "charges_for",
    "charges_of",
    "cheques_to_deposit",
    "credit_of",
    "credits_of",
    "donors_to_receipt",
    "due_charges",
    "gifts",
    "gifts_to_receipt",
    "lines_to_match",
    "owed_by",
    "papers_of",
    "payments",
    "profile",
    "tax_receipts_of",
    "unpaid_charges",
]
