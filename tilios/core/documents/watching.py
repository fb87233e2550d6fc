"""Those who keep something made of a text (a search index, a page) and want to know when it came to rest."""

from collections.abc import Callable

from tilios.core.documents.models import Document

_watchers: dict[str, Callable[[Document], object]] = {}


def watch(kind: str, rested: Callable[[Document], object]) -> None:
    """Have `rested` called, in the scope of the structure, when a text of a `kind` of thing came to rest.

    That is some while after the last who had it open left, and now and then while it is written. From an app's
    `ready()`.
    """
    _watchers[kind] = rested


def rested(document: Document) -> None:
    if tell := _watchers.get(document.kind):
        tell(document)
