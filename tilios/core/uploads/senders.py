"""Who sends: somebody of the structure, or whoever came through a share link, known by their session."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from tilios.core.access import roles
from tilios.core.access.models import ShareLink
from tilios.core.errors import require
from tilios.core.people.models import Person
from tilios.core.toolbox import registry
from tilios.core.toolbox.declaration import Uploads
from tilios.core.uploads.errors import Malformed

SESSION_KEY = "uploads_guest"


@dataclass(frozen=True)
class Sender:
    """`person`, or else a guest of `link` whose session holds the secret that `guest` is made from."""

    person: Person | None = None
    link: ShareLink | None = None
    guest: str = ""

    @property
    def owns(self) -> Q:
        """The condition of the uploads that are theirs."""
        # SECURITY: a token names an upload, it does not open it: it must be the sender's own.
        if self.person is not None:
            return Q(person=self.person, link=None)
        return Q(link=self.link, guest=self.guest, person=None) if self.guest else Q(pk__in=())

    def receiver(self, tool: str) -> Uploads:
        """What `tool` does with files. Raises Malformed when it takes none, NotAllowed without the right it asks for.

        A guest's right is the link, which the share door and the view of the tool have judged.
        """
        found = registry.tool(tool)
        if found is None or found.uploads is None:
            raise Malformed
        if self.person is not None:
            require(roles.may(self.person, found.uploads.action))
        return found.uploads


def guest_of(request: HttpRequest, link: ShareLink) -> Sender:
    """The sender that this session is on `link`; a session that has none yet gets its secret."""
    secret = request.session.get(SESSION_KEY) or secrets.token_urlsafe(24)
    request.session[SESSION_KEY] = secret
    # SECURITY: hashed, so that a stolen table gives nobody's uploads away.
    return Sender(link=link, guest=hashlib.sha256(f"{link.token}:{secret}".encode()).hexdigest())


def person_of(request: Any) -> Sender:
    """The sender that a guarded request comes from."""
    return Sender(person=request.person)
