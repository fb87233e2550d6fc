"""Who wants to know when the words of a document are there."""

import logging
from collections.abc import Callable

from django.db import transaction

from tilios.core.blobs.models import Blob

Callback = Callable[[Blob], object]

_callbacks: list[Callback] = []
log = logging.getLogger(__name__)


def follow(callback: Callback) -> None:
    """Have `callback(blob)` called when the words of a document have been read. Called from an app's `ready()`.

    It is called by the job, outside any structure's scope, in the transaction that keeps the words: what it writes is
    kept with them. Documents that cannot be read have no words, and nobody is told.
    """
    if callback not in _callbacks:
        _callbacks.append(callback)


def tell(blob: Blob) -> None:
    """Call everybody who follows. One that fails undoes what it did itself, and is logged."""
    for callback in _callbacks:
        try:
            with transaction.atomic():
                callback(blob)
        except Exception:
            log.exception("a follower of readings failed", extra={"blob": blob.sha256})
