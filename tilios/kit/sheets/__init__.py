"""Spreadsheets in and out: CSV, ODS and XLSX, as rows of text with their line number.

    with open_sheet(upload, name="membres.csv") as sheet:
        for row in sheet:          # again and again if needed: each loop starts at the first row
            if row.problem: ...    # a Refusal that says what is wrong on that line; the others are still read
            row.line, row.cells

What comes in is hostile until read: sizes, repetitions and compression are bounded by `Limits` before memory is used.
"""

from tilios.kit.sheets.reading import Limits, Row, Sheet, open_sheet
from tilios.kit.sheets.writing import Cell, write_csv, write_ods, write_xlsx

__all__ = ["Cell", "Limits", "Row", "Sheet", "open_sheet", "write_csv", "write_ods", "write_xlsx"]
