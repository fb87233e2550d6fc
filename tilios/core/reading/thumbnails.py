"""A small picture of a document: the image itself, or the first page."""

from tilios.core.blobs import images
from tilios.core.blobs.errors import BlobError
from tilios.core.blobs.models import Blob
from tilios.core.reading.queries import reading_of
from tilios.kit.documents.kinds import IMAGES


def thumbnail(blob: Blob, side: int = 384) -> Blob | None:
    """A WebP of `blob` that fits in a square of `side` pixels; None when there is none, or not yet.

    An image has one at once; a PDF when it has been read (`ask`); an office document when somebody has looked at it.
    """
    source: Blob | None = blob
    if blob.media_type not in IMAGES:
        row = reading_of(blob)
        source = row.cover if row else None
    if source is None:
        return None
    try:
        return images.thumbnail(source, side)
    except BlobError:
        return None
