"""Addresses of pages: `link("polls:detail", 3)` is the page in the structure in scope."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from tilios.core.structures.scope import current_structure


def link(name: str, *args: Any, structure: Any = None, **kwargs: Any) -> str:
    """The path of a page of the structure in scope (or of `structure`)."""
    slug = (structure or current_structure()).slug
    # Django refuses positional and named arguments together: name the structure through a prefix argument.
    return reverse(name, args=[slug, *args]) if not kwargs else reverse(name, kwargs={"structure": slug, **kwargs})


def absolute(path: str) -> str:
    """The full address of a path, for mails, feeds and QR codes."""
    return settings.TILIOS_URL + path
