"""The key by which a page opens its socket: good for a minute, one text and one writer."""

from typing import Any

from django.core import signing
from django.utils.crypto import salted_hmac

from tilios.core.access.models import ShareLink
from tilios.core.documents.access import Writer
from tilios.core.documents.models import Document

SALT = "tilios.rooms"
AGE_S = 60
PATH = "/rooms/"


def seal(document: Document, writer: Writer) -> str:
    """A ticket for `writer`, who has passed the guard of a page.

    SECURITY: it opens nothing by itself. A person's socket also needs the session cookie of their account, a visitor's
    a link that is still good with the same password; rights are asked again when it is used, and after.
    """
    said: dict[str, Any] = {"structure": document.structure_id, "document": document.pk}
    if writer.person is not None:
        acted_by = writer.person.acted_by
        said |= {"person": writer.person.pk, "by": acted_by.pk if acted_by else None}
    elif writer.visitor is not None:
        said |= {"visitor": writer.visitor.pk, "link": proof(writer.visitor.link)}
    return signing.dumps(said, salt=SALT)


def read(ticket: str) -> dict[str, Any] | None:
    """What a ticket says; None when it is not ours, altered or too old."""
    try:
        said = signing.loads(ticket, salt=SALT, max_age=AGE_S)
    except signing.BadSignature:
        return None
    return said if isinstance(said, dict) else None


def proof(link: ShareLink) -> str:
    """Changes when the password of the link does: what was opened with the old one is closed."""
    return salted_hmac(SALT, link.token + link.password).hexdigest()[:24]
