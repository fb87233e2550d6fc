"""What archives and erasure need to know of money (docs/archive-format.md)."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from tilios.core.billing import queries
from tilios.core.billing.exports import fec, rows
from tilios.core.billing.models import LedgerEntry, Mandate
from tilios.core.outside.sealing import unseal
from tilios.core.portability.archive import Writer
from tilios.core.portability.personal import keep

_TEN_YEARS = keep(_("The law asks to keep accounts and their papers for ten years (Code de commerce, L123-22)."))

PERSONAL = {
    "billing.BillingProfile": keep(_("Who declared that tax receipts may be given is kept with the receipts.")),
    "billing.Charge": _TEN_YEARS,
    "billing.ClosedPeriod": "unlinked",
    "billing.DebitBatch": "unlinked",
    "billing.Deposit": "unlinked",
    "billing.KnownPayer": "delete",
    "billing.Mandate": keep(_("The proof of what allowed a debit is kept as long as the accounts.")),
    "billing.Mandate.recorded_by": "unlinked",
    "billing.Paper": _TEN_YEARS,
    "billing.Paper.made_by": "unlinked",
    "billing.Payment": _TEN_YEARS,
    "billing.Payment.recorded_by": "unlinked",
    "billing.StatementFile": "unlinked",
    "billing.StatementLine": "unlinked",
}

LABELS = {
    "billing.Allocation": pgettext_lazy("rows of a table", "What payments pay"),
    "billing.BillingProfile": pgettext_lazy("rows of a table", "How papers and accounts are made"),
    "billing.Charge": pgettext_lazy("rows of a table", "Amounts due"),
    "billing.ClosedPeriod": pgettext_lazy("rows of a table", "Periods closed"),
    "billing.Counter": pgettext_lazy("rows of a table", "Last numbers given"),
    "billing.Debit": pgettext_lazy("rows of a table", "Direct debits"),
    "billing.DebitBatch": pgettext_lazy("rows of a table", "Files of direct debits"),
    "billing.Deposit": pgettext_lazy("rows of a table", "Cheque deposits"),
    "billing.EntryLine": pgettext_lazy("rows of a table", "Lines of the accounts"),
    "billing.KnownPayer": pgettext_lazy("rows of a table", "Names under which people paid"),
    "billing.LedgerEntry": pgettext_lazy("rows of a table", "Entries of the accounts"),
    "billing.Mandate": pgettext_lazy("rows of a table", "Debit mandates"),
    "billing.Paper": pgettext_lazy("rows of a table", "Numbered papers"),
    "billing.Payment": pgettext_lazy("rows of a table", "Payments"),
    "billing.StatementFile": pgettext_lazy("rows of a table", "Files of payments"),
    "billing.StatementLine": pgettext_lazy("rows of a table", "Lines of files of payments"),
}

#: Sealed with a key of this server, unreadable elsewhere: the sheet of mandates holds it, to be typed again.
SECRETS = {"billing.Mandate": {"iban_sealed": lambda there: "elsewhere" if there else ""}}


def accounts(archive: Writer) -> None:
    """Payments and entries of each fiscal year, with the file that the tax office reads."""
    profile = queries.profile()
    for year in LedgerEntry.objects.order_by("fiscal_year").values_list("fiscal_year", flat=True).distinct():
        archive.csv(f"open/billing/payments-{year}.csv", rows.payments(profile, year))
        archive.csv(f"open/billing/entries-{year}.csv", rows.entries(profile, year))
        archive.text(f"open/billing/fec-{year}.txt", fec.fec(year))


def mandates(archive: Writer) -> None:
    """The mandates with their IBAN, which no other server can unseal."""
    archive.csv("open/billing/mandates.csv", _mandates())


def _mandates() -> Iterator[Iterable[str]]:
    yield [
        pgettext("column", "Reference"), pgettext("column", "Account holder"), "IBAN", "BIC",
        pgettext("column", "Signed on"), pgettext("column", "Revoked on"),
    ]  # fmt: skip
    for mandate in Mandate.objects.order_by("pk"):
        iban = unseal(mandate.iban_sealed) or f"…{mandate.iban_end}"
        revoked = mandate.revoked_on.isoformat() if mandate.revoked_on else ""
        yield [mandate.reference, mandate.holder_name, iban, mandate.bic, mandate.signed_on.isoformat(), revoked]


OPEN = (accounts, mandates)
