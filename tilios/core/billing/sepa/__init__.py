"""SEPA direct debits: mandates, batches, and their file for the bank (ISO 20022, pain.008)."""
