"""The community over time: pure figures computed from plain days, and what of them may be shown."""
