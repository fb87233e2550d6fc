"""Who has read a text, or what is in a folder."""

from typing import Any

from django.http import HttpResponse

from tilios.core.access.guards import tool_view
from tilios.core.shelves.pages import readers as pages
from tilios.tools.pads.actions.spaces import open_spaces


@tool_view("pads.view", "GET")
def readers(request: Any, pk: int) -> HttpResponse:
    return pages.show(request, open_spaces(request.person), pk)
