"""Charges, payments, papers, the ledger, direct debits, statements."""

from tilios.core.billing.models.charges import Charge
from tilios.core.billing.models.debits import Debit, DebitBatch, DebitState, Mandate
from tilios.core.billing.models.ledger import ClosedPeriod, Counter, EntryLine, Journal, LedgerEntry
from tilios.core.billing.models.papers import Paper, PaperKind
from tilios.core.billing.models.payments import Allocation, Deposit, Means, Payment
from tilios.core.billing.models.profile import BillingProfile
from tilios.core.billing.models.statements import KnownPayer, LineState, StatementFile, StatementLine

__all__ = [
    "Allocation",
    "BillingProfile",
    "Charge",
    "ClosedPeriod",
    "Counter",
    "Debit",
    "DebitBatch",
    "DebitState",
    "Deposit",
    "EntryLine",
    "Journal",
    "KnownPayer",
    "LedgerEntry",
    "LineState",
    "Mandate",
    "Means",
    "Paper",
    "PaperKind",
    "Payment",
    "StatementFile",
    "StatementLine",
]
