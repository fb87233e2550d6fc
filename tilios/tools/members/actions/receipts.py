"""The receipt of a payment: numbered with the payment, laid out and sent by mail afterwards."""

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from tilios.core.billing import actions as billing
from tilios.core.billing.models import Paper, Payment
from tilios.core.billing.papers.printing import printed
from tilios.core.jobs import job
from tilios.core.people.models import Person
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import current_structure, scope


@transaction.atomic
def send_receipt(*, by: Person | None, payment: Payment) -> Paper:
    """Give the receipt of `payment` and, where the payer has an address, send it. Raises NotAllowed, Conflict."""
    paper = billing.issue_receipt(by=by, payment=payment)
    if payment.payer is not None and payment.payer.email:
        mail_paper.enqueue(payment.structure_id, paper.pk)
    return paper


@job
def mail_paper(structure_pk: int, paper_pk: int) -> None:
    """Lay a paper out and put its letter in the outbox."""
    with scope(Structure.objects.get(pk=structure_pk)):
        paper = Paper.objects.select_related("payer").filter(pk=paper_pk).first()
        if paper is None or paper.payer is None or not paper.payer.email:
            return
        blob = printed(paper)
        with translation.override(current_structure().language), blob.open() as stream:
            letter = EmailMessage(
                f"{paper.get_kind_display()} {paper.reference} – {current_structure().name}",
                _("Hello %(name)s,\n\nHere is your paper %(reference)s.\n\n%(structure)s")
                % {"name": paper.payer_name, "reference": paper.reference, "structure": current_structure().name},
                to=[paper.payer.email],
            )
            letter.attach(f"{paper.reference}.pdf", stream.read(), "application/pdf")
            letter.send()
