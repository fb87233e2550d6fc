"""From a file to lines of money received; what went out is passed over."""

import hashlib
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from tilios.core.access.roles import may
from tilios.core.billing.ledger import books
from tilios.core.billing.models import StatementFile, StatementLine
from tilios.core.billing.reconciling import columns as known
from tilios.core.errors import Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.kit.dates import parse_date, parse_datetime
from tilios.kit.money import parse_cents
from tilios.kit.refusals import Refusal
from tilios.kit.sheets import Limits, Row, open_sheet
from tilios.kit.text import fold

LIMITS = Limits(size=20_000_000, rows=20_000, columns=80, cell=2_000)
PREAMBLE = 15  # rows that a bank may put above its headers
#: How HelloAsso calls an order that was not paid, or was given back.
NOT_PAID = ("refus", "annul", "rembours", "abandon", "attente", "echou", "conteste", "refund", "cancel", "pending")


@dataclass(frozen=True)
class Found:
    """One line of money received, as it was read."""

    reference: str
    received_on: date
    cents: int
    label: str
    payer_name: str = ""
    payer_email: str = ""


@dataclass(frozen=True)
class Read:
    """What reading a file did: lines that are new, lines known from another file, rows that could not be read."""

    file: StatementFile
    new: int
    known: int
    refused: list[tuple[int, str]]  # the number of the row, the reason in words


def read_statement(
    *, by: Person, stream: IO[bytes], name: str, origin: str, columns: Sequence[str] | None = None
) -> Read:
    """Keep the lines of a CSV, ODS or XLSX of `origin` ("bank", "helloasso"); `columns` says what each holds, else the
    headers do. The same bytes again change nothing, and a line that another file brought is not brought twice.

    Publishes "billing.statement_read". Raises NotAllowed, Invalid("origin"), Invalid("file") with the reason,
    Invalid("columns") when no day or no amount is among them.
    """
    require(may(by, "billing.record"))
    if origin not in known.FIELDS:
        raise Invalid("origin", _("Say where the file comes from."))
    content = stream.read(LIMITS.size + 1)
    try:
        header, rows = _rows(content, origin, columns)
    except Refusal as refusal:
        raise Invalid("file", _(refusal.message) % refusal.params) from refusal
    chosen = list(columns) if columns is not None else known.guessed(header, origin)
    if not known.is_whole(chosen):
        raise Invalid("columns", _("Say which column holds the day, and which one the amount."))
    found, refused = _lines(rows, chosen, origin)
    return _keep(by, hashlib.sha256(content).hexdigest(), name, origin, chosen, found, refused)


@transaction.atomic
def _keep(
    by: Person,
    sha256: str,
    name: str,
    origin: str,
    chosen: list[str],
    found: list[Found],
    refused: list[tuple[int, str]],
) -> Read:
    books.lock()
    file, is_new = StatementFile.objects.get_or_create(
        sha256=sha256, defaults={"name": name[:200], "origin": origin, "columns": chosen, "read_by": by}
    )
    if not is_new:
        return Read(file, 0, len(found), refused)
    there = set(StatementLine.objects.filter(origin=origin).values_list("reference", flat=True))
    lines = [
        StatementLine(
            file=file,
            reference=one.reference,
            origin=origin,
            received_on=one.received_on,
            amount_cents=one.cents,
            label=one.label[:400],
            payer_name=one.payer_name[:160],
            payer_email=one.payer_email[:254],
        )
        for one in found
        if one.reference not in there
    ]
    StatementLine.objects.bulk_create(lines)
    publish("billing.statement_read", by=by, target=file, lines=len(lines), known=len(found) - len(lines))
    return Read(file, len(lines), len(found) - len(lines), refused)


def _rows(content: bytes, origin: str, columns: Sequence[str] | None) -> tuple[list[str], list[Row]]:
    """The headers, found below what a bank writes above them, and the rows after."""
    with open_sheet(io.BytesIO(content), limits=LIMITS) as sheet:
        rows = list(sheet)
    if columns is not None:
        return rows[0].cells, rows[1:]
    for number, row in enumerate(rows[:PREAMBLE]):
        if known.is_whole(known.guessed(row.cells, origin)):
            return row.cells, rows[number + 1 :]
    return (rows[0].cells, rows[1:]) if rows else ([], [])


def _lines(rows: list[Row], chosen: list[str], origin: str) -> tuple[list[Found], list[tuple[int, str]]]:
    found, refused = [], []
    for row in rows:
        try:
            if row.problem is not None:
                raise row.problem
            if (line := _line(_values(row.cells, chosen), origin)) is not None:
                found.append(line)
        except Refusal as refusal:
            refused.append((row.line, _(refusal.message) % refusal.params))
    return list(_orders(found) if origin == known.HELLOASSO else _numbered(found)), refused


def _values(cells: list[str], chosen: list[str]) -> dict[str, str]:
    return {name: " ".join(cell.split()) for name, cell in zip(chosen, cells, strict=False) if name}


def _line(values: dict[str, str], origin: str) -> Found | None:
    """The line, None for money that went out or never came. Raises Refusal."""
    if any(word in fold(values.get("status", "")) for word in NOT_PAID):
        return None
    text = values.get("credit") or values.get("amount", "")
    if not text:
        return None  # a debit, in a statement with two columns
    cents = parse_cents(text)
    if cents <= 0:
        return None
    return Found(
        reference=values.get("reference", ""),
        received_on=_day(values.get("day", "")),
        cents=cents,
        label=" ".join(filter(None, (values.get("label"), values.get("detail")))),
        payer_name=f"{values.get('payer_given_name', '')} {values.get('payer_name', '')}".strip(),
        payer_email=values.get("payer_email", "").lower(),
    )


def _day(text: str) -> date:
    try:
        return parse_date(text)
    except Refusal:
        return parse_datetime(text).date()


def _orders(found: list[Found]) -> Iterator[Found]:
    """HelloAsso writes an order on a line for each thing bought: they are one payment."""
    orders: dict[str, Found] = {}
    alone = []
    for line in found:
        if not line.reference:
            alone.append(line)
        elif line.reference in orders:
            so_far = orders[line.reference]
            label = so_far.label if line.label in so_far.label else f"{so_far.label}, {line.label}"
            orders[line.reference] = replace(so_far, cents=so_far.cents + line.cents, label=label)
        else:
            orders[line.reference] = line
    yield from orders.values()
    yield from _numbered(alone)


def _numbered(found: list[Found]) -> Iterator[Found]:
    """Banks give no number that is a line's own: it is made of what the line says, and of its rank among the same."""
    seen: Counter[str] = Counter()
    for line in found:
        said = f"{line.received_on}|{line.cents}|{fold(line.label)}|{fold(line.payer_name)}|{line.reference}"
        seen[said] += 1
        digest = hashlib.sha256(f"{said}|{seen[said]}".encode()).hexdigest()
        yield replace(line, reference=digest[:40])
