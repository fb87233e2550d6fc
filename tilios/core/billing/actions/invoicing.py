"""Invoices, and the credit notes that correct them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tilios.core.access.roles import may
from tilios.core.billing.actions.charging import cancel
from tilios.core.billing.ledger import books, postings
from tilios.core.billing.models import BillingProfile, Charge, Paper, PaperKind
from tilios.core.billing.papers import content
from tilios.core.billing.papers.writing import write_paper
from tilios.core.errors import Conflict, Invalid, require
from tilios.core.people.models import Person


@transaction.atomic
def issue_invoice(*, by: Person | None, charges: Iterable[Charge], issued_on: date | None = None) -> Paper:
    """One invoice of `charges`, all of one payer, on `issued_on` (today) or the first open day after.

    Publishes "billing.paper_issued". Raises NotAllowed, Invalid("charges") for none or several payers, Conflict for one
    that is cancelled or invoiced already, or while the profile says nothing of VAT.
    """
    require(by is None or may(by, "billing.record"))
    profile = books.lock()
    held = _lock(charges)
    if any(charge.cancelled_at or charge.invoice_id for charge in held):
        raise Conflict(_("One of these is cancelled or on an invoice already: look again."))
    if len({(charge.payer_id, charge.payer_name) for charge in held}) > 1:
        raise Invalid("charges", _("An invoice is made to one payer."))
    _require_vat_words(profile, held)
    day = books.first_open_day(issued_on)
    said = content.invoice(profile, held[0].payer, held[0].payer_name, held, day)
    paper = write_paper(
        profile, PaperKind.INVOICE, by=by, issued_on=day, payer=held[0].payer, payer_name=held[0].payer_name,
        content=said, **_totals(said["lines"]),
    )  # fmt: skip
    postings.invoice(profile, paper, held)
    Charge.objects.filter(pk__in=[charge.pk for charge in held]).update(invoice=paper)
    return paper


@transaction.atomic
def issue_credit_note(
    *,
    by: Person | None,
    invoice: Paper,
    reason: str,
    charges: Iterable[Charge] | None = None,
    cancels: bool = True,
    issued_on: date | None = None,
) -> Paper:
    """The credit note of `invoice`, or of those `charges` of it: they are not owed any more, or, where `cancels` is
    False, may go on another invoice.

    Publishes "billing.paper_issued" and "billing.charge_cancelled". Raises NotAllowed, Invalid("reason"),
    Invalid("charges") for one that is not on the invoice, Conflict when there is nothing left to correct.
    """
    require(by is None or may(by, "billing.record"))
    if not reason.strip():
        raise Invalid("reason", _("Please say why the invoice is corrected."))
    profile = books.lock()
    on_it = list(Charge.objects.select_for_update().filter(invoice=invoice).order_by("pk"))
    if not on_it:
        raise Conflict(_("This invoice is wholly corrected already."))
    wanted = {charge.pk for charge in charges} if charges is not None else {charge.pk for charge in on_it}
    held = [charge for charge in on_it if charge.pk in wanted]
    if not held or len(held) < len(wanted):
        raise Invalid("charges", _("One of these is not on the invoice."))
    said = content.credit_note(profile, invoice, held, reason.strip()[:300])
    paper = write_paper(
        profile, PaperKind.CREDIT_NOTE, by=by, issued_on=books.first_open_day(issued_on), payer=invoice.payer,
        payer_name=invoice.payer_name, content=said, corrects=invoice, **_totals(said["lines"]),
    )  # fmt: skip
    postings.credit_note(profile, paper, held)
    for charge in held:
        charge.invoice = None
        charge.save(update_fields=["invoice"])
        if cancels:
            cancel(profile, by=by, charge=charge)
    return paper


def _lock(charges: Iterable[Charge]) -> list[Charge]:
    wanted = {charge.pk for charge in charges}
    held = list(Charge.objects.select_for_update().filter(pk__in=wanted).order_by("due_on", "pk"))
    if not held or len(held) < len(wanted):
        raise Invalid("charges", _("Choose at least one amount to put on the invoice."))
    return held


def _totals(lines: list[dict[str, Any]]) -> dict[str, Any]:
    return {"total_cents": sum(one["cents"] for one in lines), "vat_cents": sum(one["vat_cents"] for one in lines)}


def _require_vat_words(profile: BillingProfile, charges: list[Charge]) -> None:
    """An invoice bears the number of who collects VAT, or says why there is none (CGI, annexe II, 242 nonies A)."""
    if any(charge.vat_rate for charge in charges) and not profile.vat_number:
        raise Conflict(_("An invoice with VAT must bear your VAT number: give it in the settings of papers."))
    if not all(charge.vat_rate for charge in charges) and not profile.vat_exemption:
        raise Conflict(_("An invoice without VAT must say why: write it in the settings of papers."))
