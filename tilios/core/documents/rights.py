"""What somebody may do with a text: what the kind of its owner answers, asked again each time."""

from typing import Any

from django.apps import apps
from django.utils.module_loading import import_string

from tilios.core.documents.access import Access, Writer
from tilios.core.documents.models import Document
from tilios.core.documents.rooms import telling
from tilios.core.journal.models import Entry
from tilios.core.people.models import Account
from tilios.core.structures.models import Structure
from tilios.core.toolbox import registry

#: What the house publishes when somebody may do less than before, or their session shows another face.
ENDS_RIGHTS = frozenset(
    {
        "people.acting_stopped",
        "people.erased",
        "people.group_changed",
        "people.group_deleted",
        "people.left",
        "people.left_group",
        "people.mandate_ended",
        "people.role_changed",
        "portal.account_closed",
        "portal.host_left",
        "portal.link_changed",
        "portal.link_revoked",
        "portal.rules_changed",
        "portal.structure_changed",
        "portal.structure_suspended",
    }
)


def owner_of(document: Document) -> Any:
    """The thing the text belongs to, or None once it is gone or its tool is switched off. One query."""
    kind = registry.kind(document.kind)
    tool = registry.tool(document.kind.partition(".")[0])
    if kind is None or tool is None or not kind.document_access:
        return None
    if not tool.house and tool.slug not in document.structure.enabled_tools:
        return None
    return apps.get_model(kind.model).objects.filter(pk=document.target).first()


def access_of(writer: Writer, document: Document) -> Access:
    """What `writer` may do with the text now. Access.NONE when its owner is gone or the structure suspended.

    SECURITY: nothing is remembered from one question to the next, so that a right taken away is gone at once. Whether
    the person is still there and the link still good is asked here; the rest is the owner's to say.
    """
    kind, thing = registry.kind(document.kind), owner_of(document)
    if kind is None or thing is None or document.structure.suspended_at is not None:
        return Access.NONE
    if writer.person is not None and not writer.person.is_active:
        return Access.NONE
    if writer.visitor is not None:
        link = writer.visitor.link
        if (link.kind, link.target) != (document.kind, document.target) or not link.is_live:
            return Access.NONE
    return Access(import_string(kind.document_access)(writer, thing))


def recheck(document: Document) -> None:
    """Once the transaction ends well, ask again for everybody connected to the text: who may no more is put out."""
    telling.tell(f"rights {document.pk}")


def recheck_structure(structure: Structure) -> None:
    """The same for every text of `structure`."""
    telling.tell(f"rights-of {structure.pk}")


def published(entry: Entry) -> None:
    """Watches the journal: what ends rights is asked again at once, without each action having to think of it."""
    if entry.verb in ENDS_RIGHTS and entry.structure_id is not None:
        telling.tell(f"rights-of {entry.structure_id}")


def signed_out(account: Account | None) -> None:
    """Somebody ended a session: their sockets in it are closed."""
    if account is not None:
        telling.tell(f"rights-by {account.pk}")
