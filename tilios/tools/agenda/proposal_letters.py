"""What visitors who propose an event are told by mail. The letters leave by the outbox, in the caller's transaction."""

from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from tilios.core.access.links import absolute, link
from tilios.core.structures.scope import current_structure
from tilios.tools.agenda.models import Entry, Proposal, Publication


def ask_confirmation(proposal: Proposal, path: str) -> None:
    """Have the visitor show that the address is theirs."""
    with override(current_structure().language):
        subject = _("Confirm your proposal: %(title)s") % {"title": proposal.title}
        _send(proposal, subject, "agenda/letters/confirm.txt", {"url": absolute(path)})


def tell_accepted(proposal: Proposal, entry: Entry) -> None:
    publication = Publication.objects.filter(calendar=proposal.calendar).first()
    path = link("agenda:public_event", publication.slug, entry.pk) if publication and not publication.busy_only else ""
    with override(current_structure().language):
        subject = _("Accepted: %(title)s") % {"title": proposal.title}
        _send(proposal, subject, "agenda/letters/accepted.txt", {"url": absolute(path) if path else ""})


def tell_refused(proposal: Proposal, reason: str) -> None:
    with override(current_structure().language):
        subject = _("Not kept: %(title)s") % {"title": proposal.title}
        _send(proposal, subject, "agenda/letters/refused.txt", {"reason": reason})


def _send(proposal: Proposal, subject: str, template: str, context: dict[str, Any]) -> None:
    structure = current_structure()
    EmailMessage(
        # A title that holds a line break would be refused as a header: nothing of it reaches one.
        subject=" ".join(subject.split()),
        body=render_to_string(template, {"proposal": proposal, "structure": structure, **context}),
        to=[proposal.email],
        reply_to=[structure.email] if structure.email else None,
    ).send()
