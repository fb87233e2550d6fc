"""Write a paper: its number, and what it says as of today."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.billing.ledger.numbering import next_number
from tilios.core.billing.models import BillingProfile, Paper, PaperKind, Payment
from tilios.core.billing.naming import name_of
from tilios.core.errors import Invalid
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.core.structures.scope import current_structure

#: The law wants their numbers and their days to follow one another.
IN_ORDER = (PaperKind.INVOICE, PaperKind.CREDIT_NOTE)


def write_paper(
    profile: BillingProfile,
    kind: PaperKind,
    *,
    by: Person | None,
    issued_on: date,
    total_cents: int,
    content: dict[str, Any],
    payer: Person | None = None,
    payer_name: str = "",
    vat_cents: int = 0,
    payment: Payment | None = None,
    corrects: Paper | None = None,
) -> Paper:
    """The paper, under the next number of its kind and year. `profile` is locked; `content` comes from content.py.

    Publishes "billing.paper_issued"; raises Invalid("issued_on") for a day to come, or before the last of its kind.
    """
    if issued_on > timezone.localdate():
        raise Invalid("issued_on", _("This day has not come yet."))
    if kind in IN_ORDER:
        last = Paper.objects.filter(kind=kind).order_by("-issued_on").values_list("issued_on", flat=True).first()
        if last is not None and issued_on < last:
            raise Invalid("issued_on", _("A paper with a later day was already issued: days follow one another."))
    paper = Paper.objects.create(
        kind=kind,
        year=issued_on.year,
        number=next_number(kind, issued_on.year),
        issued_on=issued_on,
        payer=payer,
        payer_name=name_of(payer) or payer_name,
        total_cents=total_cents,
        vat_cents=vat_cents,
        content=content,
        payment=payment,
        corrects=corrects,
        signature=profile.signature if kind == PaperKind.TAX_RECEIPT else None,
        logo=current_structure().logo,
        made_by=by,
    )
    publish("billing.paper_issued", by=by, target=paper, subject=payer, kind=str(kind), cents=total_cents)
    return paper
