"""A text drawn for reading, kept in its row until it changes."""

from django.utils.translation import override

from tilios.core.documents import drawing, queries
from tilios.core.documents.models import Attachment, Document


def render(document: Document) -> Document:
    """`document` with `html`, `text`, `outline` and `words` of what is stored now; drawn again if it has changed.

    Addresses of pictures and files in it are `files/N`, relative to the address of the text: they hold whoever reads it
    by whichever door. One query when nothing changed.
    """
    document.refresh_from_db(fields=["html", "text", "outline", "words", "drawn_number", "last_number"])
    if document.drawn_number == document.last_number:
        return document
    number = document.last_number
    with override(document.language):  # kept for all its readers, whatever their own language
        drawn = drawing.draw(queries.state(document), files_of(document))
    document.html, document.text, document.outline, document.words = drawn.html, drawn.text, drawn.outline, drawn.words
    document.drawn_number = number
    # Of two that draw at once, the later text stays.
    Document.objects.filter(pk=document.pk, drawn_number__lt=number).update(
        html=drawn.html, text=drawn.text, outline=drawn.outline, words=drawn.words, drawn_number=number
    )
    return document


def files_of(document: Document) -> dict[int, tuple[str, str, str]]:
    """(name, address, media type) of each picture and file of the text, by its number. One query."""
    rows = Attachment.objects.filter(document=document).select_related("blob")
    return {row.number: (row.name, f"files/{row.number}", row.blob.media_type) for row in rows}
