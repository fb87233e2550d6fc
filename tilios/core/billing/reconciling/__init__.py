"""Lines of a bank or of HelloAsso, matched to people and to what they owe."""
