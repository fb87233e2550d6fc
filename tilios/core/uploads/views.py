"""Uploads of the people of a structure."""

from django.http import HttpRequest, HttpResponse

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.uploads import door, targets
from tilios.core.uploads.protocol import Metadata
from tilios.core.uploads.senders import person_of


# The right asked for here is to be of the structure; the tool's own, and what it checks, are asked in the actions.
@tool_view("portal.home", "POST", "OPTIONS")
def create(request: HttpRequest) -> HttpResponse:
    def target_of(said: Metadata) -> object:
        return targets.unseal(request.person, said.tool, said.target)  # type: ignore[attr-defined]

    return door.create(
        request, person_of(request), address=lambda token: link("uploads:upload", token), target_of=target_of
    )


@tool_view("portal.home", *door.METHODS)
def upload(request: HttpRequest, token: str) -> HttpResponse:
    return door.upload(request, person_of(request), token)
