"""Payments and entries as rows of a sheet: for people, for Paheko, for Dolibarr."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tilios.core.billing.exports.fec import lines_of
from tilios.core.billing.ledger.books import fiscal_bounds
from tilios.core.billing.models import BillingProfile, Journal, Means
from tilios.core.billing.queries import payments as all_payments
from tilios.kit.money import plain_cents
from tilios.kit.sheets import Cell

#: As Paheko writes its own, each entry on as many lines, what is said of it on the first alone.
PAHEKO = (
    "Numéro d'écriture", "Type", "Statut", "Libellé", "Date", "Remarques", "Numéro pièce comptable", "Numéro ligne",
    "Compte", "Crédit", "Débit", "Référence ligne", "Libellé ligne", "Rapprochement",
)  # fmt: skip
PAHEKO_TYPE = "Avancé"
#: In the order in which Dolibarr names the columns of its ledger (llx_accounting_bookkeeping).
DOLIBARR = (
    "piece_num", "doc_date", "doc_ref", "code_journal", "journal_label", "numero_compte", "label_compte",
    "subledger_account", "subledger_label", "label_operation", "debit", "credit",
)  # fmt: skip


def payments(profile: BillingProfile, year: int) -> Iterator[Iterable[Cell]]:
    """Every payment and counter-entry of a fiscal year, the oldest first, with what it pays."""
    yield [
        pgettext("column", "Number"), pgettext("column", "Day"), pgettext("column", "Payer"),
        pgettext("column", "Means"), pgettext("column", "Amount"), pgettext("column", "Not allotted"),
        pgettext("column", "What it pays"), pgettext("column", "Cheque"), pgettext("column", "Bank"),
        pgettext("column", "Reference"), pgettext("column", "Note"),
    ]  # fmt: skip
    found = all_payments().filter(received_on__range=fiscal_bounds(year, profile.fiscal_month))
    for payment in found.order_by("received_on", "pk").prefetch_related("allocations__charge").iterator(chunk_size=500):
        paid = ", ".join(dict.fromkeys(one.charge.label for one in payment.allocations.all()))
        note = payment.note or payment.reason
        if payment.reverses_id:
            note = _("Cancels the payment %(number)s: %(reason)s") % {
                "number": payment.reverses_id,
                "reason": payment.reason,
            }
        yield [
            payment.pk, payment.received_on, payment.payer_name, str(Means(payment.means).label),
            _euros(payment.amount_cents), _euros(payment.credit_cents), paid, payment.cheque_number, payment.bank,
            payment.external_id, note,
        ]  # fmt: skip


def entries(_profile: BillingProfile, year: int) -> Iterator[Iterable[Cell]]:
    """Every line of the entries of a fiscal year, for people."""
    yield [
        pgettext("column", "Journal"), pgettext("column", "Number"), pgettext("column", "Day"),
        pgettext("column", "Account"), pgettext("column", "Name of the account"), pgettext("column", "Party"),
        pgettext("column", "Piece"), pgettext("column", "Words"), pgettext("column", "Debit"),
        pgettext("column", "Credit"),
    ]  # fmt: skip
    for line in lines_of(year).iterator(chunk_size=500):
        entry = line.entry
        yield [
            entry.journal, entry.number, entry.booked_on, line.account, line.account_label, line.party_name,
            entry.piece, line.label, _euros(line.debit_cents), _euros(line.credit_cents),
        ]  # fmt: skip


def for_paheko(_profile: BillingProfile, year: int) -> Iterator[Iterable[Cell]]:
    """Entries for Paheko's import of grouped entries: days are JJ/MM/AAAA, the decimal mark is a comma."""
    yield list(PAHEKO)
    last = None
    for line in lines_of(year).iterator(chunk_size=500):
        entry = line.entry
        about: list[Cell] = ["", "", "", "", "", "", ""]
        if entry.pk != last:
            day = entry.booked_on.strftime("%d/%m/%Y")
            about = ["", PAHEKO_TYPE, "", entry.label, day, "", entry.piece]
        last = entry.pk
        yield [*about, "", line.account, _comma(line.credit_cents), _comma(line.debit_cents), "", line.label, ""]


def for_dolibarr(_profile: BillingProfile, year: int) -> Iterator[Iterable[Cell]]:
    """Entries for Dolibarr's import of its ledger: days are AAAA-MM-JJ, the decimal mark is a point."""
    yield list(DOLIBARR)
    for line in lines_of(year).iterator(chunk_size=500):
        entry = line.entry
        yield [
            str(entry.number), entry.booked_on.isoformat(), entry.piece, entry.journal,
            str(Journal(entry.journal).label), line.account, line.account_label, line.party,
            line.party_name if line.party else "", line.label, plain_cents(line.debit_cents),
            plain_cents(line.credit_cents),
        ]  # fmt: skip


def _euros(cents: int) -> Decimal:
    return Decimal(cents) / 100


def _comma(cents: int) -> str:
    return plain_cents(cents).replace(".", ",")
