"""FEC, the file of entries that the tax office reads (livre des procédures fiscales, A47 A-1).

Eighteen columns parted by tabs, lines ended by CR LF, in UTF-8; days are AAAAMMJJ, the decimal mark is a comma.
"""

from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from tilios.core.billing.ledger.books import fiscal_bounds
from tilios.core.billing.models import BillingProfile, EntryLine, Journal
from tilios.kit.money import plain_cents

COLUMNS = (
    "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib",
    "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate", "Montantdevise",
    "Idevise",
)  # fmt: skip


def file_name(profile: BillingProfile, year: int) -> str:
    """SIREN, FEC, and the last day of the fiscal year; the RNA number stands for a SIREN that was never given."""
    last = fiscal_bounds(year, profile.fiscal_month)[1]
    return f"{profile.siren or profile.rna or '000000000'}FEC{_day(last)}.txt"


def lines_of(year: int) -> QuerySet[EntryLine]:
    """The lines of the entries of the fiscal year that begins in `year`, in the order of their numbers."""
    lines = EntryLine.objects.filter(entry__fiscal_year=year).select_related("entry")
    return lines.order_by("entry__number", "pk")


def fec(year: int) -> Iterator[str]:
    """The file, line by line."""
    yield "\t".join(COLUMNS) + "\r\n"
    for line in lines_of(year).iterator(chunk_size=500):
        entry = line.entry
        cells = (
            entry.journal,
            str(Journal(entry.journal).label),
            str(entry.number),
            _day(entry.booked_on),
            line.account,
            line.account_label,
            line.party,
            line.party_name if line.party else "",
            entry.piece,
            _day(entry.piece_on),
            line.label,
            _amount(line.debit_cents),
            _amount(line.credit_cents),
            "",
            "",
            _day(timezone.localtime(entry.written_at).date()),
            "",
            "",
        )
        yield "\t".join(" ".join(cell.split()) for cell in cells) + "\r\n"


def _day(day: date) -> str:
    return day.strftime("%Y%m%d")


def _amount(cents: int) -> str:
    return plain_cents(cents).replace(".", ",")
