"""The work: a document read, a PDF made. Safe to run twice, and to be cut at any point."""

import io
from typing import Any

from django.db import transaction
from django.utils import timezone

from tilios.core import live
from tilios.core.blobs import images
from tilios.core.blobs.actions import store
from tilios.core.blobs.errors import BlobError
from tilios.core.blobs.models import Blob
from tilios.core.jobs import job
from tilios.core.reading import jailing
from tilios.core.reading.following import tell
from tilios.core.reading.models import Reading, State
from tilios.kit.documents.kinds import Kind
from tilios.kit.documents.problems import Problem, Unreadable

#: Times a document may take its process down before it is left alone.
MOST_TRIES = 2
LIVE = "reading"


@job
def read_blob(blob_id: int) -> None:
    """Read what was asked for by `ask`; tell who follows, and the pages that wait."""
    row = _begin(blob_id, state="state", tries="tries")
    if row is None:
        return
    try:
        pdf = _pdf_to_read(row)
        source, kind, form = (pdf, Kind.PDF, "pdf") if pdf else (row.blob, Kind(row.kind), row.form)
        found = jailing.read(source, kind, form)
        drawn = {"cover": _cover(source)} if kind == Kind.PDF else {}
    except Unreadable as unreadable:
        _end(row, state=State.FAILED, problem=unreadable.problem, text="", html="", shown={})
        return
    values: dict[str, Any] = {name: found[name] for name in ("text", "pages", "html", "cut", "shown")}
    made = {"pdf": pdf, "pdf_state": State.DONE} if pdf else {}
    _end(row, state=State.DONE, problem="", read_at=timezone.now(), **values, **made, **drawn)


@job
def convert_blob(blob_id: int) -> None:
    """Make the PDF asked for by `ask_for_pdf`, and the picture of its first page; tell the pages that wait."""
    row = _begin(blob_id, state="pdf_state", tries="pdf_tries")
    if row is None:
        return
    try:
        pdf = _stored_pdf(row)
    except Unreadable:
        _end(row, pdf_state=State.FAILED)
        return
    _end(row, pdf=pdf, pdf_state=State.DONE, cover=_cover(pdf))


def _begin(blob_id: int, *, state: str, tries: str) -> Reading | None:
    """The row to work on, one try less; None when there is nothing to do."""
    with transaction.atomic():
        row = Reading.objects.select_for_update().filter(blob=blob_id).defer("text", "html", "shown").first()
        if row is None or getattr(row, state) != State.WAITING:
            return None
        tried = getattr(row, tries) + 1
        Reading.objects.filter(pk=row.pk).update(**{tries: tried})
    if tried > MOST_TRIES:
        # It has ended our own process: whatever it is, not again.
        problem = {"problem": Problem.TOO_HEAVY} if state == "state" else {}
        _end(row, **{state: State.FAILED}, **problem)
        return None
    return row


@transaction.atomic
def _end(row: Reading, **values: Any) -> None:
    """Keep what was found, with the blobs it points at; nothing if the document went away meanwhile."""
    held = Reading.objects.select_for_update().select_related("blob").filter(pk=row.pk).first()
    if held is None:
        return
    Reading.objects.filter(pk=row.pk).update(**values)
    if values.get("state") == State.DONE:
        tell(held.blob)
    live.announce(LIVE, row.blob_id, shared=True)


def _pdf_to_read(row: Reading) -> Blob | None:
    """For what only an office suite reads, the PDF it makes: its words are read there."""
    if row.kind != Kind.OFFICE:
        return None
    return row.pdf or _stored_pdf(row)


def _stored_pdf(row: Reading) -> Blob:
    made = jailing.pdf_of(row.blob, Kind(row.kind), row.form)
    if not made.startswith(b"%PDF-"):
        raise Unreadable(Problem.DAMAGED)
    return store(io.BytesIO(made), media_type="application/pdf", name="document.pdf")


def _cover(pdf: Blob) -> Blob | None:
    """The picture of the first page; None when it cannot be drawn, which is no reason to lose the words."""
    try:
        # SECURITY: what comes out of the jail was made by a program that a document may have taken over: the picture is
        # decoded within bounds and written again, like those that people send.
        return images.store_image(io.BytesIO(jailing.cover_of(pdf)))
    except (Unreadable, BlobError):
        return None
