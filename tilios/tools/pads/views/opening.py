"""How the views of texts begin: the rights of who asks, and the item if they see it."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from tilios.core.documents import queries
from tilios.core.documents.models import Document
from tilios.tools.pads.actions.spaces import open_spaces
from tilios.tools.pads.models import Item
from tilios.tools.pads.queries.rights import Rights


def opened(request: Any, pk: int, *, folder: bool | None = None) -> tuple[Rights, Item]:
    """The rights of the person and the item; Http404 for what they do not see, or is not a `folder`."""
    rights = open_spaces(request.person)
    item = get_object_or_404(Item.objects.select_related("parent", "editor", "author"), pk=pk, in_trash=False)
    if not rights.sees(item) or (folder is not None and item.is_folder is not folder):
        raise Http404
    return rights, item


def opened_text(request: Any, pk: int) -> tuple[Rights, Item, Document]:
    """The same for a text, with what is written in it."""
    rights, item = opened(request, pk, folder=False)
    document = queries.document_of(item)
    if document is None:
        raise Http404
    return rights, item, document
