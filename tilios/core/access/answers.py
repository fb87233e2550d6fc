"""Turn what a view gives or raises into an answer, in one place, while the scope still holds."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tilios.core.errors import NotAllowed, Refused
from tilios.core.structures.scope import current_structure_or_none, scope


def finish(request: HttpRequest, call: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Run a view; render its template and keep its stream inside the scope; answer its named errors."""
    try:
        response = call()
        if hasattr(response, "render") and callable(response.render):
            response = response.render()
    except Refused as error:
        return refused(request, error)
    structure = current_structure_or_none()
    if structure is not None and isinstance(response, StreamingHttpResponse) and not response.is_async:
        response.streaming_content = _in_scope(structure, response.streaming_content)
    return response


def _in_scope(structure: Any, chunks: Any) -> Iterator[bytes]:
    """A stream is read after the view has returned: enter the scope again for each step, never across a yield."""
    source = iter(chunks)
    while True:
        with scope(structure):
            chunk = next(source, None)
        if chunk is None:
            return
        yield chunk


def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    status = error.status
    message = error.message or _("You may not do this here.")
    if request.headers.get("HX-Request"):
        # The page stays as it is, with what was typed; the script shows the sentence.
        response = HttpResponse(str(message), status=status, content_type="text/plain; charset=utf-8")
        response["HX-Reswap"] = "none"
        response["HX-Trigger"] = json.dumps({"toast": {"text": str(message), "tone": "danger"}})
        return response
    return render(request, "refused.html", {"message": message, "status": status}, status=status)


def forbidden(request: HttpRequest) -> HttpResponse:
    return refused(request, NotAllowed(_("Your role in this structure does not allow this.")))


def suspended(request: HttpRequest, structure: Any) -> HttpResponse:
    return render(request, "suspended.html", {"suspended": structure}, status=503)
