"""The pages of a tool that anybody may open, below /s/<structure>/<tool>/."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone

from tilios.core.access import answers
from tilios.core.access.guards import View, public_view
from tilios.core.journal.actions import through
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope


def open_view(tool: str, *methods: str, reason: str) -> Callable[[View], View]:
    """Guard a page that asks nobody who they are: sets `request.structure`, its scope and its time zone.

    Http404 where there is no such structure, it is suspended, or it has no `tool`. The view asks for the rest.
    """

    def decorate(view: View) -> View:
        @public_view(*methods, reason=reason)
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, structure: str, **kwargs: Any) -> HttpResponseBase:
            found = Structure.objects.select_related("logo").filter(slug=structure, suspended_at=None).first()
            if found is None or tool not in found.enabled_tools:
                raise Http404
            request.structure = found  # type: ignore[attr-defined]
            with scope(found), timezone.override(found.timezone), through("link"):
                return answers.finish(request, lambda: view(request, *args, **kwargs))

        return opened

    return decorate
