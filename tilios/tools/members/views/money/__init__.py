"""Pages of money, one module a subject: payments, cheques, papers, tax receipts, statements, debits, accounts."""
