"""The writes of billing, one module a subject."""

from tilios.core.billing.actions.charging import cancel_charge, charge
from tilios.core.billing.actions.closing import close_period
from tilios.core.billing.actions.depositing import deposit_cheques
from tilios.core.billing.actions.invoicing import issue_credit_note, issue_invoice
from tilios.core.billing.actions.moving import move_money
from tilios.core.billing.actions.paying import allot_credit, cancel_payment, record_payment, release
from tilios.core.billing.actions.profile import declare_general_interest, save_profile, withdraw_general_interest
from tilios.core.billing.actions.receipting import (
    issue_receipt,
    issue_tax_receipt,
    issue_yearly_tax_receipt,
    void_tax_receipt,
)
from tilios.core.billing.sepa.batches import confirm_debits, make_batch, reject_debit
from tilios.core.billing.sepa.mandates import record_mandate, revoke_mandate

__all__ = [
    "allot_credit",
    "cancel_charge",
    "cancel_payment",
    "charge",
    "close_period",
    "confirm_debits",
    "declare_general_interest",
    "deposit_cheques",
    "issue_credit_note",
    "issue_invoice",
    "issue_receipt",
    "issue_tax_receipt",
    "issue_yearly_tax_receipt",
    "make_batch",
    "move_money",
    "record_mandate",
    "record_payment",
    "reject_debit",
    "release",
    "revoke_mandate",
    "save_profile",
    "void_tax_receipt",
    "withdraw_general_interest",
]
