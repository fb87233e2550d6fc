"""Reads of live texts."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import F, Max, Min, QuerySet, Sum

from tilios.core.documents import yjs
from tilios.core.documents.access import COLOURS
from tilios.core.documents.models import Attachment, Author, Document, Revision, Saying, Thread, Update
from tilios.core.toolbox import registry

SAYINGS_SHOWN = 200


def document_of(owner: Any) -> Document | None:
    """The text of a thing, or None if it has none. One query."""
    kind = registry.kind_of(owner)
    return Document.objects.filter(kind=kind.name, target=owner.pk).first() if kind else None


def updates_after(document: Document, number: int) -> list[bytes]:
    """The updates stored after `number`, in order."""
    rows = Update.objects.filter(document=document, number__gt=number).order_by("number")
    return [bytes(data) for data in rows.values_list("data", flat=True)]


def state(document: Document) -> bytes:
    """The whole text as it is stored now, one Yjs update. Two queries."""
    row = Document.objects.values_list("state", "state_number").get(pk=document.pk)
    whole, later = bytes(row[0]) or yjs.NOTHING, updates_after(document, row[1])
    return yjs.summed([whole, *later]) if later else whole


def state_at(document: Document, number: int) -> bytes:
    """The whole text as it stood after the update `number`, what was deleted since included; one Yjs update.

    Updates that were put together count as one: inside them, the text is that before them. One query.
    """
    rows = Update.objects.filter(document=document, number__lte=number).order_by("number")
    return yjs.summed((bytes(data) for data in rows.values_list("data", flat=True)), keeps_deleted=True)


def authors(document: Document) -> dict[int, dict[str, Any]]:
    """Whose hand each Yjs client is: {"name", "person", "colour"}; an empty name for somebody erased, or unsure."""
    rows = Author.objects.filter(document=document).select_related("person", "visitor")
    return {
        row.client: {
            "name": str(row.person or row.visitor or row.name),
            "person": row.person_id,
            "colour": (row.person_id or row.visitor_id or row.client) % COLOURS,
        }
        for row in rows
    }


def history(document: Document) -> list[dict[str, Any]]:
    """The moments kept, oldest first, and the present: {"number", "at", "name", "writers", "words"}. Three queries."""
    kept = list(Revision.objects.filter(document=document).order_by("number"))
    moments = [_moment(row.number, row.made_at, row.name, row.words) for row in kept]
    document = Document.objects.get(pk=document.pk)
    if document.last_number and (not kept or kept[-1].number < document.last_number):
        moments.append(_moment(document.last_number, document.written_at, "", document.words))
    hands = _hands(document)
    hand = next(hands, None)
    for moment in moments:
        while hand is not None and hand[0] <= moment["number"]:
            if hand[1] and hand[1] not in moment["writers"]:
                moment["writers"].append(hand[1])
            hand = next(hands, None)
    return moments


def _moment(number: int, at: datetime, name: str, words: int) -> dict[str, Any]:
    return {"number": number, "at": at, "name": name, "writers": [], "words": words}


def _hands(document: Document) -> Iterator[tuple[int, str]]:
    rows = Update.objects.filter(document=document).order_by("number")
    for number, person, visitor in rows.values_list("number", "person__display_name", "visitor__name"):
        yield number, person or visitor or ""


def contributions(document: Document) -> list[dict[str, Any]]:
    """Who wrote in the text, whoever wrote most first: {"person", "visitor", "name", "edits", "first", "last"}."""
    rows = (
        Update.objects.filter(document=document)
        .order_by()
        .values("person", "visitor", "person__display_name", "visitor__name")
        .annotate(edits=Sum(F("number") - F("first_number") + 1), first=Min("made_at"), last=Max("made_at"))
    )
    found = [
        {
            "person": row["person"],
            "visitor": row["visitor"],
            "name": row["person__display_name"] or row["visitor__name"] or "",
            "edits": row["edits"],
            "first": row["first"],
            "last": row["last"],
        }
        for row in rows
    ]
    return sorted(found, key=lambda one: (-one["edits"], one["name"]))


def revisions(document: Document) -> QuerySet[Revision]:
    return Revision.objects.filter(document=document).select_related("person", "visitor").order_by("number")


def threads(document: Document) -> QuerySet[Thread]:
    """The conversations about passages, with what is said in them, in the order they began. Two queries."""
    return (
        Thread.objects.filter(document=document).prefetch_related("remarks__person", "remarks__visitor").order_by("pk")
    )


def sayings(document: Document) -> list[Saying]:
    """The last lines of the chat, oldest first. One query."""
    rows = Saying.objects.filter(document=document).select_related("person", "visitor").order_by("-pk")
    return list(rows[:SAYINGS_SHOWN])[::-1]


def attachment(document: Document, number: int) -> Attachment | None:
    return Attachment.objects.select_related("blob").filter(document=document, number=number).first()
