"""What the QR of a card holds: an address that nobody can guess, nor make from what the database says."""

import base64

from django.utils.crypto import constant_time_compare, salted_hmac

from tilios.core.access.links import absolute, link
from tilios.core.structures.scope import current_structure
from tilios.tools.members.models import Card

SIGNED = 9  # bytes of the signature: twelve signs, so that the code stays coarse enough for a small card


def token_of(card: Card) -> str:
    return card.serial + _signature(card.serial)


def address_of(card: Card) -> str:
    """The full address that the card's QR holds."""
    return absolute(link("members:scan", token_of(card)))


def card_of_token(token: str) -> Card | None:
    """The card of an address, one that has ended included; None for what was never given. One query at most."""
    serial, signature = token[:-12], token[-12:]
    # SECURITY: whoever reads a copy of the database makes no card of it: the key of the server is not in it.
    if not serial or not constant_time_compare(signature, _signature(serial)):
        return None
    rows = Card.objects.select_related("record__person", "record__status", "record__photo")
    return rows.filter(serial=serial).first()


def _signature(serial: str) -> str:
    digest = salted_hmac(f"members.card.{current_structure().pk}", serial, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:SIGNED]).decode("ascii")
