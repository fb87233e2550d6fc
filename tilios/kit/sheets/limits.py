"""How much of a sheet is read at most."""

from dataclasses import dataclass

from tilios.kit.refusals import Refusal, _


@dataclass(frozen=True)
class Limits:
    """`size` and `unpacked` in bytes, `cell` and `text` in characters; `cells` is rows times columns in a workbook."""

    size: int = 20 * 2**20
    rows: int = 100_000
    columns: int = 300
    cell: int = 32_767
    cells: int = 2_000_000
    text: int = 64 * 2**20
    unpacked: int = 256 * 2**20

    def too_large(self) -> Refusal:
        return Refusal("sheet_too_large", _("This file is too large: %(limit)s MB at most."), limit=self.size // 2**20)

    def too_many_rows(self) -> Refusal:
        return Refusal("sheet_too_many_rows", _("This sheet has more than %(limit)s rows."), limit=self.rows)

    def too_much_inside(self) -> Refusal:
        return Refusal("sheet_too_large", _("This sheet holds too much once unpacked. Cut it in several files."))
