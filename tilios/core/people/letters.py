"""The letters that bring people in. They leave by the outbox, in the caller's transaction."""

from typing import Any

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from tilios.core.people.models import Account, Invitation
from tilios.core.structures.scope import current_structure

PROOF = "tilios.people.proof"
PROOF_AGE_S = 60 * 60 * 24 * 3


def invitation_url(invitation: Invitation, proof: str = "") -> str:
    """The full address of the invitation. `proof` shows that the holder reads a mailbox."""
    path = reverse("invitation", args=[invitation.token])
    return f"{settings.TILIOS_URL}{path}" + (f"?preuve={proof}" if proof else "")


def send_invitation(invitation: Invitation) -> None:
    """Invite the address of the invitation: the link itself proves that it is theirs."""
    name = invitation.created_by.display_name if invitation.created_by else current_structure().name
    _send(
        invitation,
        to=invitation.email,
        template="people/letters/invitation.txt",
        subject=lambda: (
            gettext("%(name)s invites you to join %(structure)s")
            % {"name": name, "structure": current_structure().name}
        ),
        context={"name": name, "url": invitation_url(invitation)},
    )


def send_proof(invitation: Invitation, email: str) -> None:
    """Write to an address given on the page of a link: the answer shows that it is theirs.

    SECURITY: the same letter whether or not the address has an account, so that the page tells a stranger nothing.
    """
    _send(
        invitation,
        to=email,
        template="people/letters/proof.txt",
        subject=lambda: gettext("Confirm your address to join %(structure)s") % {"structure": current_structure().name},
        context={"url": invitation_url(invitation, make_proof(invitation, email))},
    )


def make_proof(invitation: Invitation, email: str) -> str:
    return signing.dumps([invitation.pk, email], salt=PROOF, compress=True)


def proven_address(invitation: Invitation, proof: str) -> str:
    """The address that `proof` shows to be the visitor's, for this invitation and these three days; else ""."""
    if invitation.email:
        return invitation.email
    try:
        pk, email = signing.loads(proof, salt=PROOF, max_age=PROOF_AGE_S)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return email if pk == invitation.pk else ""


def _send(invitation: Invitation, *, to: str, template: str, subject: Any, context: dict[str, Any]) -> None:
    structure = current_structure()
    known = Account.objects.filter(email=to).values_list("language", flat=True).first()
    with translation.override(known or structure.language):
        message = EmailMessage(
            # A name that holds a line break would be refused as a header: nothing of it reaches one.
            subject=" ".join(subject().split()),
            body=render_to_string(template, {"invitation": invitation, "structure": structure, **context}),
            to=[to],
            reply_to=[structure.email] if structure.email else None,
        )
    message.send()
