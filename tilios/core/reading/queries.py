"""Read what is known of documents."""

from django.db.models import QuerySet

from tilios.core.blobs.models import Blob
from tilios.core.reading.models import Reading
from tilios.core.structures.composed import composed


def text(blob: Blob) -> str:
    """The words of `blob`; "" until they are known, and for what has none. One query."""
    return next(iter(_text(blob.pk)), "")


@composed
def _text(blob_pk: int) -> QuerySet[Reading, str]:
    return Reading.objects.filter(blob_id=blob_pk).values_list("text", flat=True)


def reading_of(blob: Blob) -> Reading | None:
    """What is known of `blob`, its PDF and its cover, without its words. One query."""
    return Reading.objects.select_related("pdf", "cover").defer("text").filter(blob=blob).first()
