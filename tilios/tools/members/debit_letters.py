"""What announces a direct debit: amount, day, creditor identifier, mandate, what it is for, whom to write to.

The SEPA Core rulebook (EPC130-08, pre-notification) asks for amount, day, creditor identifier and mandate reference.
"""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from tilios.core.billing.models import BillingProfile, Debit, DebitBatch
from tilios.core.structures.scope import current_structure


def text_of(batch: DebitBatch, debits: Sequence[Debit], profile: BillingProfile) -> str:
    """The announcement of `debits`, all of one mandate, in the language that is active."""
    context = {
        "batch": batch,
        "debits": debits,
        "mandate": debits[0].mandate,
        "total_cents": sum(debit.amount_cents for debit in debits),
        "profile": profile,
        "structure": current_structure(),
    }
    return render_to_string("members/money/letters/debit.txt", context).strip()


def mail(batch: DebitBatch, debits: Sequence[Debit], profile: BillingProfile) -> EmailMessage:
    """The announcement to the payer of the mandate; what they answer goes to the structure."""
    payer, structure = debits[0].mandate.payer, current_structure()
    assert payer is not None  # those who have left no trace are told on paper
    with override(structure.language):
        subject = _("%(structure)s: direct debit on %(day)s") % {
            "structure": structure.name,
            "day": date_format(batch.collect_on),
        }
        body = text_of(batch, debits, profile)
    back = [structure.email] if structure.email else None
    return EmailMessage(" ".join(subject.split()), body, to=[payer.email], reply_to=back)
