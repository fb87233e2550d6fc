"""A cell of a CSV that begins like a formula is run by the spreadsheet that opens it: an apostrophe makes it text."""

import re

# SECURITY: what Excel, LibreOffice and Google Sheets take for a formula (OWASP "CSV injection").
FORMULA = re.compile(r"'*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")
# A signed number or a telephone number computes to nothing worse than itself, and people must find it as they typed it.
HARMLESS = re.compile(r"[+-][0-9][0-9 .,\u00a0\u202f()]*|[+-]")


def guard(cell: str) -> str:
    """`cell` as it may be written in a CSV."""
    return f"'{cell}" if FORMULA.match(cell) and not HARMLESS.fullmatch(cell) else cell


def unguard(cell: str) -> str:
    """`cell` as it was before `guard`."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell
