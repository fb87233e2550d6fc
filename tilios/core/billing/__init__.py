"""Money that comes in: what is owed, what is paid, the papers given for it, the accounts kept of it.

It knows no tool. A tool says what is owed for a thing of its own (`actions.charge`) and is told when it is paid: the
capabilities "billing.settled" and "billing.unsettled", each a function called with the charge, in the transaction that
pays it.

    charge = actions.charge(by=manon, payer=bob, beneficiary=bob, source=membership, label="Cotisation 2026",
                            amount_cents=2500, due_on=day, account="dues")
    actions.record_payment(by=manon, payer=bob, means=Means.CHEQUE, received_on=day, amount_cents=2500)

Amounts are whole cents. Nothing that was written is changed: what is wrong is answered by its contrary
(docs/decisions/0022-what-is-kept-of-money.md).
"""
