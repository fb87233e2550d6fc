"""What stands beside a text: conversations about passages, the chat, pictures and files."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tilios.core.access.links import link
from tilios.core.blobs import actions as blobs
from tilios.core.blobs.models import Blob
from tilios.core.conversations import mentions
from tilios.core.documents import limits, rights
from tilios.core.documents.access import Access, Writer
from tilios.core.documents.models import Attachment, Document, Remark, Saying, Thread
from tilios.core.documents.rooms import telling
from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.notify.actions import notify
from tilios.core.people.models import Person
from tilios.core.toolbox import registry
from tilios.kit.names import safe_filename
from tilios.kit.text import excerpt

LONGEST_REMARK = 5000
LONGEST_SAYING = 1000
LONGEST_QUOTE = 500
LONGEST_POSITION = 1000  # bytes of a Yjs relative position: it names one place of the text
MOST_THREADS = 2000


def _clean(body: str, longest: int) -> str:
    body = body.replace("\r\n", "\n").replace("\0", "").strip()
    if not body:
        raise Invalid("body", _("Write something first."))
    if len(body) > longest:
        raise Invalid("body", _("This is too long: %(most)s characters at most.") % {"most": longest})
    return body


@transaction.atomic
def begin_thread(*, document: Document, by: Writer, start: bytes, end: bytes, quote: str, body: str) -> Thread:
    """Speak of the passage from `start` to `end`. Publishes "portal.passage_commented"; tells who is named.

    Raises NotAllowed below Access.COMMENT, Invalid("body"), Invalid("start") for what is no position, Conflict when the
    text has more conversations than anybody reads.
    """
    require(rights.access_of(by, document) >= Access.COMMENT)
    if not (0 < len(start) <= LONGEST_POSITION and 0 < len(end) <= LONGEST_POSITION):
        raise Invalid("start", _("Choose a passage first."))
    if Thread.objects.filter(document=document).count() >= MOST_THREADS:
        raise Conflict(_("There are too many comments on this text."))
    quote = excerpt(quote.replace("\0", ""), LONGEST_QUOTE)
    thread = Thread.objects.create(document=document, start=start, end=end, quote=quote)
    _remark(document, thread, by, body)
    return thread


@transaction.atomic
def answer_thread(*, document: Document, by: Writer, thread: Thread, body: str) -> Remark:
    """Answer in a conversation, which is open again if it was settled. Publishes "portal.passage_commented".

    Raises NotAllowed below Access.COMMENT, Invalid("body").
    """
    require(rights.access_of(by, document) >= Access.COMMENT)
    row = Thread.objects.select_for_update(of=("self",)).get(pk=thread.pk, document=document)
    if row.settled_at is not None:
        row.settled_at = row.settled_by = None
        row.save(update_fields=["settled_at", "settled_by"])
    return _remark(document, row, by, body)


def _remark(document: Document, thread: Thread, by: Writer, body: str) -> Remark:
    allowed = mentions.mentionable(by.person, document.kind, document.target)
    found = mentions.resolve(_clean(body, LONGEST_REMARK), allowed)
    before = list(thread.remarks.exclude(person=None).select_related("person"))
    remark = Remark.objects.create(thread=thread, body=found.text, **by.columns)
    thing = rights.owner_of(document)
    publish("portal.passage_commented", by=by.person, visitor=by.visitor, target=thing, thread=thread.pk)
    _notify(document, thing, by, remark, found.people, {row.person for row in before if row.person})
    telling.tell(f"beside {document.pk} threads")
    return remark


def _notify(
    document: Document, thing: Any, by: Writer, remark: Remark, named: list[Person], answered: set[Person]
) -> None:
    """Tell who is named, and who spoke in the conversation before: those alone who may read the text."""
    kind = registry.kind(document.kind)
    if kind is None or thing is None:
        return
    words = {"who": by.name, "what": excerpt(str(thing), 80), "text": excerpt(remark.body, 120)}
    url = f"{link(kind.url, thing.pk)}#thread-{remark.thread_id}"

    def readers(people: set[Person]) -> list[Person]:
        for person in people:
            person.structure = document.structure
        return [one for one in people if rights.access_of(Writer(person=one), document) >= Access.READ]

    told = readers(set(named))
    notify(
        "portal.mentioned",
        to=told,
        target=thing,
        by=by.person,
        url=url,
        text=lambda: gettext("%(who)s mentions you about “%(what)s”: %(text)s") % words,
    )
    notify(
        "portal.replied",
        to=readers(answered - set(told)),
        target=thing,
        by=by.person,
        url=url,
        text=lambda: gettext("%(who)s answers you about “%(what)s”: %(text)s") % words,
    )


@transaction.atomic
def settle_thread(*, document: Document, by: Writer, thread: Thread, settled: bool) -> Thread:
    """Close a conversation as settled, or open it again. Publishes "portal.passage_settled" when it is closed.

    Whoever may write may settle; who may only comment, what they began. Raises NotAllowed.
    """
    row = Thread.objects.select_for_update(of=("self",)).get(pk=thread.pk, document=document)
    access = rights.access_of(by, document)
    first = row.remarks.order_by("pk").first()
    mine = first is not None and by.wrote(first)
    require(access >= Access.WRITE or (access >= Access.COMMENT and mine))
    if settled == (row.settled_at is not None):
        return row
    row.settled_at = timezone.now() if settled else None
    row.settled_by = by.person if settled else None
    row.save(update_fields=["settled_at", "settled_by"])
    if settled:
        thing = rights.owner_of(document)
        publish("portal.passage_settled", by=by.person, visitor=by.visitor, target=thing, thread=row.pk)
    telling.tell(f"beside {document.pk} threads")
    return row


@transaction.atomic
def say(*, document: Document, by: Writer, body: str) -> Saying:
    """A line in the chat beside the text; nothing is published, as nobody looks for it later.

    Raises NotAllowed below Access.COMMENT, Invalid("body").
    """
    require(rights.access_of(by, document) >= Access.COMMENT)
    saying = Saying.objects.create(document=document, body=_clean(body, LONGEST_SAYING), **by.columns)
    telling.tell(f"beside {document.pk} sayings")
    return saying


def attach(*, document: Document, by: Writer, stream: Any, name: str, media_type: str = "") -> Attachment:
    """Take a picture or a file into the text; a node names it by its number.

    The bytes are stored before the transaction. Raises NotAllowed below Access.WRITE, TooLarge, DiskFull.
    """
    require(rights.access_of(by, document) >= Access.WRITE)
    name = safe_filename(name)
    blob = blobs.store(stream, media_type=media_type or None, name=name, max_size=limits.FILE)
    return _attach(document, by, blob, name)


@transaction.atomic
def _attach(document: Document, by: Writer, blob: Blob, name: str) -> Attachment:
    row = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    blobs.keep(blob)
    last = Attachment.objects.filter(document=row).aggregate(last=Max("number"))["last"] or 0
    return Attachment.objects.create(document=row, number=last + 1, blob=blob, name=name[:255], **by.columns)
