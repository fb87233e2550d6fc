"""Pure Python that every layer may use: text, names, dates, money, sheets, identifiers. No Django here."""
