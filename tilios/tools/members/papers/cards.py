"""Cards of the size of a bank card (ISO/IEC 7810 ID-1): ten a sheet with marks to cut along, or one alone."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from tilios.core.blobs.errors import Damaged, NotAnImage
from tilios.core.blobs.images import thumbnail
from tilios.core.blobs.models import Blob
from tilios.core.structures.models import Structure
from tilios.tools.members.models import Card, Record
from tilios.tools.members.papers.addresses import address_of
from tilios.tools.members.papers.labels import Sheet
from tilios.tools.members.queries.columns import FOREVER
from tilios.ui import colour, qr

WIDTH, HEIGHT = 85.6, 53.98
SHEET = Sheet("cartes", "", 2, 5, WIDTH, HEIGHT, (210 - 2 * WIDTH) / 2, (297 - 5 * HEIGHT) / 2)
PHOTO = 320  # pixels
MARK, AWAY = 5.0, 1.5  # a mark to cut along: how long, how far from the card


def drawn(records: Sequence[Record], cards: dict[int, Card], said: dict[str, Any]) -> list[dict[str, Any]]:
    """What the card of each record shows. `said`: "title", "with_photo", "with_due"."""
    return [_drawn(record, cards[record.pk], said) for record in records]


def _drawn(record: Record, card: Card, said: dict[str, Any]) -> dict[str, Any]:
    name = record.person.display_name
    return {
        "record": record,
        "name": name,
        "size": "l" if len(name) <= 22 else ("m" if len(name) <= 40 else "s"),
        "photo": f"photo-{record.pk}" if said["with_photo"] and record.photo_id else "",
        "due_on": record.due_on if said["with_due"] and record.due_on and record.due_on != FOREVER else None,
        "for_life": said["with_due"] and record.due_on == FOREVER,
        "qr": qr.svg(address_of(card), label=name),
    }


def sheet_of(cards: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Ten cards a page, each with its place; the page with the marks to cut along."""
    pages = []
    for start in range(0, len(cards), SHEET.count):
        placed = [
            {**card, "x": f"{SHEET.place(n)[0]:.2f}", "y": f"{SHEET.place(n)[1]:.2f}"}
            for n, card in enumerate(cards[start : start + SHEET.count])
        ]
        pages.append({"cards": placed, "marks": _marks()})
    return pages


def _marks() -> list[dict[str, str]]:
    """Short lines in the margins, at each edge of the cards."""
    marks = []
    right, bottom = SHEET.size
    for column in range(SHEET.columns + 1):
        x = SHEET.left + column * WIDTH
        for y in (SHEET.top - AWAY - MARK, bottom + AWAY):
            marks.append((x, y, 0.0, MARK))
    for row in range(SHEET.rows + 1):
        y = SHEET.top + row * HEIGHT
        for x in (SHEET.left - AWAY - MARK, right + AWAY):
            marks.append((x, y, MARK, 0.0))
    return [dict(zip("xywh", (f"{value:.2f}" for value in mark), strict=True)) for mark in marks]


def pictures_of(records: Sequence[Record], structure: Structure, *, with_photo: bool) -> dict[str, tuple[bytes, str]]:
    """The photographs of the records and the logo, small, by the name that the page calls them; a lost one is not."""
    asked: dict[str, Blob | None] = {"logo": structure.logo}
    if with_photo:
        asked |= {f"photo-{record.pk}": record.photo for record in records}
    found = {}
    for name, blob in asked.items():
        if blob is None:
            continue
        try:
            small = thumbnail(blob, PHOTO)
            with small.open() as file:
                found[name] = (file.read(), small.media_type)
        except (Damaged, NotAnImage):
            continue
    return found


def looks(structure: Structure) -> dict[str, Any]:
    """The colours of the structure as a card wears them, and how long its name is."""
    fill = structure.colour
    return {
        "structure": structure, "fill": fill, "ink": colour.readable_on(fill), "width": f"{WIDTH}",
        "height": f"{HEIGHT}", "today": timezone.localdate(), "long": len(structure.name) > 30,
    }  # fmt: skip
