"""Read what is known of documents."""

from tilios.core.blobs.models import Blob
from tilios.core.reading.models import Reading


def text(blob: Blob) -> str:
    """The words of `blob`; "" until they are known, and for what has none. One query."""
    return Reading.objects.filter(blob=blob).values_list("text", flat=True).first() or ""


def reading_of(blob: Blob) -> Reading | None:
    """What is known of `blob`, its PDF and its cover, without its words. One query."""
    return Reading.objects.select_related("pdf", "cover").defer("text").filter(blob=blob).first()
