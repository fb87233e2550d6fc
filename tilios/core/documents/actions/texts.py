"""Make a text, add to it."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.documents import limits, rights, yjs
from tilios.core.documents.access import Access, Writer
from tilios.core.documents.models import Author, Document, Update
from tilios.core.documents.rooms import telling
from tilios.core.errors import Conflict, Invalid, require
from tilios.core.people.models import Person
from tilios.core.toolbox import registry


@transaction.atomic
def create(*, owner: Any, by: Person | None, state: bytes = b"", language: str = "fr") -> Document:
    """The text of a thing, holding what the Yjs update `state` says. The caller, whose thing it is, publishes.

    Raises LookupError for a thing whose kind declares no `document_access`, Conflict when it has a text already,
    Invalid("state") for bytes that are no update.
    """
    kind = registry.kind_of(owner)
    if kind is None or not kind.document_access:
        raise LookupError(f"{type(owner).__name__} takes no live text")
    try:
        with transaction.atomic():
            document = Document.objects.create(kind=kind.name, target=owner.pk, language=language)
    except IntegrityError as error:
        raise Conflict(_("There is a text here already.")) from error
    if state and state != yjs.NOTHING:
        add(document, Writer(person=by) if by else None, state)
    return document


@transaction.atomic
def append(*, document: Document, writer: Writer | None, data: bytes) -> int:
    """Store a Yjs update and give its number; those connected see it once the transaction ends well.

    `writer` None is the house itself (an import). Raises NotAllowed without the right to write, Invalid("data") for
    bytes that are no update of this text, or too many.
    """
    if writer is not None:
        require(rights.access_of(writer, document) >= Access.WRITE)
    return add(document, writer, data)


@transaction.atomic
def remove(*, kind: str, targets: list[int]) -> None:
    """Remove for good the texts of things that are gone, with all their history; who has them open is put out.

    The caller publishes that the things are gone.
    """
    for start in range(0, len(targets), 100):
        for document in Document.objects.filter(kind=kind, target__in=targets[start : start + 100]):
            telling.tell(f"rights {document.pk}")
            document.delete()


def add(document: Document, writer: Writer | None, data: bytes) -> int:
    """What `append` does once the right is known. To be called in a transaction."""
    if len(data) > limits.MESSAGE:
        raise Invalid("data", _("This is too long for one text."))
    row = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    later = Update.objects.filter(document=row, number__gt=row.state_number).order_by("number")
    try:
        doc = yjs.new_doc(bytes(row.state), *(bytes(piece) for piece in later.values_list("data", flat=True)))
        clients = yjs.add(doc, data)
    except yjs.Malformed as error:
        raise Invalid("data", _("This does not fit on the text any more: open it again.")) from error
    row.last_number += 1
    row.written_at = timezone.now()
    columns = writer.columns if writer else {}
    Update.objects.create(
        document=row, number=row.last_number, first_number=row.last_number, data=data, made_at=row.written_at, **columns
    )
    row.save(update_fields=["last_number", "written_at"])
    if writer is not None:
        sign(row, dict.fromkeys(clients, writer))
    document.last_number, document.written_at = row.last_number, row.written_at
    telling.tell(f"text {row.pk}")
    return row.last_number


def sign(document: Document, hands: dict[int, Writer]) -> None:
    """Note whose hand each Yjs client is, for those that are not known.

    SECURITY: whoever first brought pieces of a client is its author. When somebody else brings more, the client is
    nobody's from then on: their words are kept, and are not put in the mouth of another.
    """
    known = {row.client: row for row in Author.objects.filter(document=document, client__in=list(hands))}
    fresh = [
        Author(document=document, client=client, **writer.columns)
        for client, writer in hands.items()
        if client not in known
    ]
    Author.objects.bulk_create(fresh, ignore_conflicts=True)
    contested = [
        known[client].pk for client, writer in hands.items() if client in known and not writer.wrote(known[client])
    ]
    if contested:
        Author.objects.filter(pk__in=contested).update(person=None, visitor=None, name="")
