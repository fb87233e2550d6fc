"""Tags, favourites, what is recent, what is shared, and what is said of a text or a folder."""

from typing import Any

from django.http import HttpResponse

from tilios.core.access.guards import tool_view
from tilios.core.shelves.pages import marks as pages
from tilios.tools.pads.actions.spaces import open_spaces


@tool_view("pads.view", "GET")
def favourites(request: Any) -> HttpResponse:
    return pages.favourites(request, open_spaces(request.person))


@tool_view("pads.view", "POST")
def favourite(request: Any, pk: int) -> HttpResponse:
    return pages.favourite(request, open_spaces(request.person), pk)


@tool_view("pads.view", "GET")
def recents(request: Any) -> HttpResponse:
    return pages.recents(request, open_spaces(request.person))


@tool_view("pads.view", "GET")
def shared_with_me(request: Any) -> HttpResponse:
    return pages.shared_with_me(request, open_spaces(request.person))


@tool_view("pads.view", "GET")
def tags(request: Any) -> HttpResponse:
    return pages.tags(request, open_spaces(request.person))


@tool_view("pads.view", "GET")
def tag(request: Any, tag_pk: int) -> HttpResponse:
    return pages.tag(request, open_spaces(request.person), tag_pk)


@tool_view("pads.manage", "POST")
def rename_tag(request: Any, tag_pk: int) -> HttpResponse:
    return pages.rename_tag(request, open_spaces(request.person), tag_pk)


@tool_view("pads.manage", "POST")
def delete_tag(request: Any, tag_pk: int) -> HttpResponse:
    return pages.delete_tag(request, open_spaces(request.person), tag_pk)


@tool_view("pads.view", "GET", "POST")
def about(request: Any, pk: int) -> HttpResponse:
    return pages.about(request, open_spaces(request.person), pk)


@tool_view("pads.view", "POST")
def untag(request: Any, pk: int, tag_pk: int) -> HttpResponse:
    return pages.untag(request, open_spaces(request.person), pk, tag_pk)
