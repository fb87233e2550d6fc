"""Write balanced entries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import override

from tilios.core.billing.ledger import accounts, books, numbering
from tilios.core.billing.models import BillingProfile, EntryLine, Journal, LedgerEntry, Paper, Payment
from tilios.core.people.models import Person
from tilios.core.structures.scope import current_structure

COUNTER = "entry"


@dataclass(frozen=True)
class Line:
    """An amount on one account, on the debit when it is above zero, on the credit below. Zero is left out."""

    account: str
    cents: int
    party: Person | None = None
    party_name: str = ""

    def reversed(self) -> "Line":
        return Line(self.account, -self.cents, self.party, self.party_name)


def write(
    profile: BillingProfile,
    *,
    journal: Journal,
    day: date,
    label: str,
    lines: Iterable[Line],
    piece: str = "",
    piece_on: date | None = None,
    payment: Payment | None = None,
    paper: Paper | None = None,
) -> LedgerEntry | None:
    """The entry of these lines, those of one account added up; None when they cancel out. `profile` is locked.

    Raises ValueError when the lines do not balance, Invalid("day") for a closed day.
    """
    lines = _added_up(lines)
    if sum(line.cents for line in lines):
        raise ValueError("An entry of the ledger does not balance.")
    if not lines:
        return None
    books.require_open(day, "day")
    year = books.fiscal_year(day, profile.fiscal_month)
    total = sum(line.cents for line in lines if line.cents > 0)
    entry = LedgerEntry.objects.create(
        journal=journal,
        fiscal_year=year,
        number=numbering.next_number(COUNTER, year),
        booked_on=day,
        label=label[:200],
        piece=piece[:60],
        piece_on=piece_on or day,
        debit_cents=total,
        credit_cents=total,
        payment=payment,
        paper=paper,
    )
    with override(current_structure().language):
        EntryLine.objects.bulk_create([_row(profile, entry, line) for line in lines])
    return entry


def _added_up(lines: Iterable[Line]) -> list[Line]:
    """One line an account, side and party, in the order they come; both sides of one account stay apart."""
    sums: dict[tuple[str, Person | None, str, bool], int] = {}
    for line in lines:
        key = (line.account, line.party, line.party_name, line.cents > 0)
        sums[key] = sums.get(key, 0) + line.cents
    return [Line(account, cents, party, name) for (account, party, name, _side), cents in sums.items() if cents]


def _row(profile: BillingProfile, entry: LedgerEntry, line: Line) -> EntryLine:
    return EntryLine(
        entry=entry,
        account=line.account,
        account_label=accounts.label(profile, line.account)[:120],
        debit_cents=max(line.cents, 0),
        credit_cents=max(-line.cents, 0),
        label=entry.label,
        party=f"C{line.party.pk:06}" if line.party else "",
        party_name=line.party_name[:160],
    )
