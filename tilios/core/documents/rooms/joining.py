"""Who is at the socket, and what they may do: asked when they come, and again while they stay."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from tilios.core.access.entrance import ACTING
from tilios.core.access.models import Visitor
from tilios.core.documents import rights, tickets
from tilios.core.documents.access import Access, Writer
from tilios.core.documents.models import Document
from tilios.core.documents.rooms import protocol
from tilios.core.people import mandates
from tilios.core.people.models import Person
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope


@dataclass(frozen=True)
class Pass:
    """What somebody came with: what their ticket says, and the session of their browser."""

    said: dict[str, Any]
    session_key: str


@dataclass(frozen=True)
class Admission:
    structure: Structure
    document: int
    writer: Writer
    access: Access


def admit(number: int, ticket: str, session_key: str) -> tuple[Pass, Admission] | int:
    """The pass of somebody who comes to the text `number`, and what it opens now; else the code to close with."""
    said = tickets.read(ticket)
    if said is None:
        return protocol.TICKET_TOO_OLD
    if said.get("document") != number:
        return protocol.NO_TEXT
    shown = Pass(said, session_key)
    found = ask(shown)
    return (shown, found) if isinstance(found, Admission) else found


def ask(shown: Pass) -> Admission | int:
    """What the pass opens now, or the code to close with: NO_RIGHT, NO_TEXT. Five queries at most."""
    structure = Structure.objects.filter(pk=shown.said["structure"]).first()
    if structure is None:
        return protocol.NO_TEXT
    with scope(structure):
        document = Document.objects.defer("state", "html", "text").filter(pk=shown.said["document"]).first()
        if document is None:
            return protocol.NO_TEXT
        document.structure = structure
        writer = _visitor(shown) if "visitor" in shown.said else _person(shown, structure)
        access = rights.access_of(writer, document) if writer else Access.NONE
        if writer is None or access < Access.READ:
            return protocol.NO_RIGHT
        return Admission(structure, document.pk, writer, access)


def _visitor(shown: Pass) -> Writer | None:
    visitor = Visitor.objects.select_related("link").filter(pk=shown.said["visitor"]).first()
    # SECURITY: a link whose password has changed has closed what the old one had opened.
    if visitor is None or tickets.proof(visitor.link) != shown.said["link"]:
        return None
    return Writer(visitor=visitor)


def _person(shown: Pass, structure: Structure) -> Writer | None:
    """SECURITY: the session must still be open and be that of the account of the person, or of whoever acts for them
    under a mandate that is still good and still used in that session.
    """
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(shown.session_key)
    account = get_user(request)
    number, by = shown.said["person"], shown.said["by"]
    human = Person.objects.filter(pk=by or number, account=account.pk).first() if account.is_authenticated else None
    if human is None or not human.is_active:
        return None
    human.structure = structure
    if by is None:
        return Writer(person=human)
    mandate = (
        mandates.active(human)
        .filter(person=number, pk=request.session.get(ACTING, {}).get(str(structure.pk)) or 0)
        .first()
    )
    if mandate is None:
        return None
    mandate.person.structure = structure
    mandate.person.acted_by = human
    return Writer(person=mandate.person)
