"""The pictures of statements."""

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404

from tilios.core.access.guards import tool_view
from tilios.core.blobs.images import thumbnail
from tilios.core.blobs.serving import blob_response
from tilios.tools.colours.models import Session, Statement
from tilios.tools.colours.views.arriving import visible

SIDE = 768  # pixels


@tool_view("colours.view", "GET")
def image(request: Any, pk: int, statement_pk: int) -> HttpResponseBase:
    return picture_of(request, visible(request, pk), statement_pk)


def picture_of(request: Any, session: Session, number: int) -> HttpResponseBase:
    """The picture of a statement, small, or as it was sent with ?entier."""
    rows = Statement.objects.select_related("image").filter(session=session, image__isnull=False)
    statement = get_object_or_404(rows, pk=number)
    picture = statement.image if "entier" in request.GET else thumbnail(statement.image, SIDE)
    return blob_response(picture, name="image", inline=True, request=request)
