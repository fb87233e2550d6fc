"""Have documents read and converted, once each, in the background."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from tilios.core.blobs.models import Blob
from tilios.core.reading import jailing
from tilios.core.reading.models import VERSION, Reading, State
from tilios.kit.documents import kinds, programs
from tilios.kit.documents.kinds import Kind
from tilios.kit.documents.problems import Problem, Unreadable

#: Reading can wait behind messages and what somebody is looking at.
LATER = -20


def text_of(blob: Blob, *, name: str) -> str:
    """The words of `blob` read here and now, at most a million characters in NFC; "" for what has none.

    Takes from half a second to the limits of the jail: for jobs and commands. `ask` and `text` are for pages.
    """
    kind = kinds.kind_of(blob.media_type, name)
    if kind not in kinds.READ or kind == Kind.OFFICE:
        return ""
    try:
        return str(jailing.read(blob, kind, kinds.format_of(blob.media_type, name))["text"])
    except Unreadable:
        return ""


@transaction.atomic
def ask(blob: Blob, *, name: str) -> bool:
    """Have `blob` read, unless that was done: queued in the caller's transaction. Whether its words are there already.

    What failed is not tried again, unless what was missing on the server is there now, or documents are read better.
    """
    kind = kinds.kind_of(blob.media_type, name)
    if kind not in kinds.READ:
        return True
    row = _row(blob, kind, kinds.format_of(blob.media_type, name))
    if row is None:
        return Reading.objects.filter(blob=blob, state=State.DONE).exists()
    from tilios.core.reading.jobs import read_blob

    read_blob.using(priority=LATER).enqueue(blob.pk)
    return False


@transaction.atomic
def ask_for_pdf(blob: Blob, *, name: str) -> bool:
    """Have the PDF of an office document made, unless that was done or cannot be. Whether to wait for it."""
    kind = kinds.kind_of(blob.media_type, name)
    if kind not in kinds.CONVERTED or not jailing.can_convert():
        return False
    ask(blob, name=name)
    row = Reading.objects.select_for_update().filter(blob=blob).defer("text").get()
    if row.pdf_state:
        return row.pdf_state == State.WAITING
    Reading.objects.filter(pk=row.pk).update(pdf_state=State.WAITING, pdf_tries=0)
    from tilios.core.reading.jobs import convert_blob

    convert_blob.enqueue(blob.pk)
    return True


def _row(blob: Blob, kind: Kind, form: str) -> Reading | None:
    """The row of `blob` when it is to be read now; None when it was, or is about to be."""
    row = Reading.objects.select_for_update().filter(blob=blob).defer("text", "html", "shown").first()
    if row is None:
        try:
            with transaction.atomic():
                return Reading.objects.create(blob=blob, kind=kind, form=form[:20])
        except IntegrityError:
            return None  # asked by somebody else since we looked
    if row.state == State.WAITING or not _may_be_better(row):
        return None
    row.kind, row.form, row.state, row.problem = kind, form[:20], State.WAITING, ""
    row.version, row.tries, row.asked_at = VERSION, 0, timezone.now()
    row.pdf_state = "" if row.pdf_state == State.FAILED else row.pdf_state
    row.save(update_fields=["kind", "form", "state", "problem", "version", "tries", "asked_at", "pdf_state"])
    return row


def _may_be_better(row: Reading) -> bool:
    """Whether a document that was read, or failed, is worth another reading."""
    if row.version < VERSION:
        return True
    if row.problem != Problem.NO_PROGRAM:
        return False
    return jailing.can_convert() if row.kind == Kind.OFFICE else programs.has_pandoc()
