"""What may be wrong with a whole file."""

from tilios.kit.refusals import Refusal, _


def empty() -> Refusal:
    return Refusal("sheet_empty", _("This file is empty."))


def not_a_sheet() -> Refusal:
    return Refusal("sheet_not_a_sheet", _("This file is not a sheet. Give a CSV, ODS or XLSX file."))


def damaged() -> Refusal:
    return Refusal("sheet_damaged", _("This file is damaged: it cannot be read."))
