"""The accounts: which account for what, entries that balance, days that are closed, numbers without a gap."""
