"""Documents read and shown, whatever tool they are in: their words for the search, a preview for the page.

    reading.ask(version.blob, name=version.name)             # in an action: read once, in the background
    reading.follow(index_again)                              # in AppConfig.ready: index_again(blob) is called
    reading.text(version.blob)                               # the words, "" until they are known

    preview = reading.preview(blob, name=name, address=url)  # in a view
    {% load reading %}{% preview preview %}                  # in its template
    return reading.response(request, blob, name=name)        # the view behind `address`, after its guard

What is read is a blob, for everybody: one row, made once, that goes when the blob goes. Rights are those of whoever
points at the blob: nothing here checks any. See README.md for how hostile documents are kept harmless.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tilios.core.reading.actions import ask, text_of
    from tilios.core.reading.answering import response
    from tilios.core.reading.following import follow
    from tilios.core.reading.previews import Preview, preview
    from tilios.core.reading.queries import text
    from tilios.core.reading.thumbnails import thumbnail

__all__ = ["Preview", "ask", "follow", "preview", "response", "text", "text_of", "thumbnail"]

# Found when first used: models cannot be imported while Django is still finding its applications.
_PLACES = {
    "Preview": "previews",
    "ask": "actions",
    "follow": "following",
    "preview": "previews",
    "response": "answering",
    "text": "queries",
    "text_of": "actions",
    "thumbnail": "thumbnails",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
