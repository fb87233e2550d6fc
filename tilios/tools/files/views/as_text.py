"""Open a document as a live text: another tool answers the capability "document.import"."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Refused
from tilios.core.toolbox import registry
from tilios.tools.files.models import Item
from tilios.tools.files.views.opening import opened

READS = (".odt", ".docx", ".md", ".markdown", ".html", ".htm", ".txt", ".etherpad")


def may_become_text(file: Item) -> bool:
    """Whether a tool of the structure makes a live text of such a file."""
    return file.name.lower().endswith(READS) and registry.capability("document.import") is not None


@tool_view("files.view", "POST")
def as_text(request: Any, pk: int) -> HttpResponse:
    """A live text of what the file says; the file stays as it is."""
    _rights, file = opened(request, pk, folder=False)
    make = registry.capability("document.import")
    if make is None:
        raise Http404
    try:
        with file.content.open() as stream:
            address = make(by=request.person, name=file.name, file=stream)
    except Refused as error:
        messages.error(request, str(error.message))
        return redirect(link("files:item", file.pk))
    messages.success(request, _("Here is a text of the file; the file itself stays as it is."))
    return redirect(address)
