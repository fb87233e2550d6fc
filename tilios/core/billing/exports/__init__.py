"""The accounts in the formats of others: FEC, and sheets for Paheko, Dolibarr and everybody."""

from tilios.core.billing.exports.taking import Form, TakenOut, What, take_out

__all__ = ["Form", "TakenOut", "What", "take_out"]
