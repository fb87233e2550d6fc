"""What a page shows of a document."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from tilios.core.blobs import images
from tilios.core.blobs.errors import BlobError, Damaged
from tilios.core.blobs.models import Blob
from tilios.core.reading import actions, jailing
from tilios.core.reading.answering import FILE, PDF, PICTURE, address_of
from tilios.core.reading.models import Reading, State, Why
from tilios.core.reading.queries import reading_of
from tilios.kit.documents import cleaning, kinds, texts
from tilios.kit.documents.kinds import Kind

#: Of a text; the rest is in the document.
MOST_CHARACTERS = 200_000
MOST_LINES = 3000
SIDES = (768, 1536)


@dataclass(frozen=True)
class Preview:
    """What `{% preview %}` draws, by `reading/kinds/KIND.html`.

    `kind` is "image", "audio", "video", "pdf", "text", "html", "tables", "mail", "archive" or "none". `address` gives
    the bytes that are shown, `download` the document. While it is `waiting`, the page hears of `stream` and asks again;
    what is there already is shown meanwhile. `problem` is a sentence, or "".
    """

    kind: str
    name: str
    media_type: str
    size: int  # bytes of the document
    address: str
    download: str
    waiting: bool = False
    stream: int = 0
    problem: str = ""
    cut: bool = False
    html: SafeString = field(default_factory=SafeString)
    lines: tuple[str, ...] = ()
    wrapped: bool = False  # prose, whose lines are folded
    shown: dict[str, Any] = field(default_factory=dict)
    picture: str = ""  # address of an image of the first page, or of the image
    large_picture: str = ""
    width: int = 0
    height: int = 0
    converted: bool = False


def preview(blob: Blob, *, name: str, address: str) -> Preview:
    """What a page shows of `blob` called `name`. `address` is answered by `reading.response`, behind a guard.

    Has the document read, or its PDF made, when that was not done (two queries at most, and a job). Never waits.
    """
    kind = kinds.kind_of(blob.media_type, name)
    shown: dict[str, Any] = {
        "name": name,
        "media_type": blob.media_type,
        "size": blob.size,
        "address": address,
        "download": address_of(address, FILE),
        "stream": blob.pk,
    }
    if kind == Kind.IMAGE:
        return _image(blob, shown)
    if kind in (Kind.AUDIO, Kind.VIDEO):
        return Preview(kind.value, **shown)
    if kind == Kind.OTHER:
        return Preview("none", **shown)
    row = _row(blob, name)
    if row is not None and row.kind != kind:
        row = None  # the same bytes under another name: shown as plainly as can be
    if kind == Kind.PDF:
        return _pdf(row, shown)
    if kind in kinds.CONVERTED and jailing.can_convert():
        return _converted(blob, name, row, shown)
    return _own(blob, kind, row, shown)


def _row(blob: Blob, name: str) -> Reading | None:
    row = reading_of(blob)
    if row is None or row.state == State.FAILED:
        actions.ask(blob, name=name)
        row = reading_of(blob)
    return row


def _image(blob: Blob, shown: dict[str, Any]) -> Preview:
    try:
        width, height = images.dimensions(blob)
    except (BlobError, OSError):
        return Preview("none", problem=str(Why.DAMAGED.label), **shown)
    small, large = (address_of(shown["address"], PICTURE, side) for side in SIDES)
    return Preview("image", picture=small, large_picture=large, width=width, height=height, **shown)


def _pdf(row: Reading | None, shown: dict[str, Any], *, converted: bool = False) -> Preview:
    if not converted and row is not None and row.state == State.FAILED and row.problem != Why.TOO_HEAVY:
        return Preview("none", problem=_problem(row), **shown)
    picture = address_of(shown["address"], PICTURE, SIDES[0]) if row is not None and row.cover_id else ""
    if converted:
        shown = shown | {"address": address_of(shown["address"], PDF)}
    return Preview("pdf", picture=picture, converted=converted, **shown)


def _converted(blob: Blob, name: str, row: Reading | None, shown: dict[str, Any]) -> Preview:
    """An office document: its PDF, or its words until that is made."""
    kind = kinds.kind_of(blob.media_type, name)
    if row is not None and row.pdf_id and row.pdf_state == State.DONE:
        return _pdf(row, shown, converted=True)
    if row is not None and row.state == State.FAILED and row.problem in (Why.PASSWORD, Why.GONE):
        return Preview("none", problem=_problem(row), **shown)
    waiting = actions.ask_for_pdf(blob, name=name)
    return _own(blob, kind, row, shown, waiting=waiting)


def _own(blob: Blob, kind: Kind, row: Reading | None, shown: dict[str, Any], *, waiting: bool = False) -> Preview:
    """A document by what was read in it; a text by its own bytes until it was."""
    ready = row is not None and row.state == State.DONE
    failed = row is not None and row.state == State.FAILED
    waiting = waiting or not (ready or failed)
    if kind in (Kind.TEXT, Kind.CODE, Kind.MARKDOWN):
        return _text(blob, kind, row if ready else None, shown, waiting=waiting and kind != Kind.TEXT)
    if row is None or not ready:
        problem = _problem(row) if failed and row is not None and not waiting else ""
        return Preview("none", waiting=waiting, problem=problem, **shown)
    match kind:
        case Kind.TABLE | Kind.SHEET:
            return Preview("tables", shown=row.shown, waiting=waiting, **shown)
        case Kind.MAIL:
            return Preview("mail", shown=row.shown, cut=bool(row.shown.get("cut")), **shown)
        case Kind.ARCHIVE:
            return Preview("archive", shown=row.shown, **shown)
        case _:
            return Preview("html", html=_clean(row.html), cut=row.cut, waiting=waiting, **shown)


def _text(blob: Blob, kind: Kind, row: Reading | None, shown: dict[str, Any], *, waiting: bool) -> Preview:
    if row is not None and row.html and kind == Kind.MARKDOWN:
        return Preview("html", html=_clean(row.html), cut=row.cut, **shown)
    if row is not None and row.html and cleaning.is_shallow(row.html):
        # SECURITY: `cleaning` has just let through what it knows alone, whatever the jailed reader answered.
        lines: list[str] = [mark_safe(line) for line in cleaning.clean_code(row.html).split("\n")]  # noqa: S308 (cleaned)
        cut = row.cut
    else:
        try:
            with blob.open() as file:
                text = texts.read(file, MOST_CHARACTERS + 1)
        except Damaged:
            return Preview("none", problem=str(Why.GONE.label), **shown)
        lines, cut = text[:MOST_CHARACTERS].split("\n"), len(text) > MOST_CHARACTERS
    if lines and not lines[-1]:
        lines.pop()
    cut = cut or len(lines) > MOST_LINES
    return Preview(
        "text", lines=tuple(lines[:MOST_LINES]), cut=cut, wrapped=kind != Kind.CODE, waiting=waiting, **shown
    )


def _clean(html: str) -> SafeString:
    # SECURITY: cleaned in the jail already, by a process that the document may have taken over: cleaned again here,
    # unless that would take long, which what comes out of an honest jail never does.
    # SECURITY: cleaned here, at the last moment; what is too deep to be cleaned in bounded time is not shown.
    return mark_safe(cleaning.clean(html) if cleaning.is_shallow(html) else "")  # noqa: S308


def _problem(row: Reading) -> str:
    return str(Why(row.problem).label) if row.problem else ""
