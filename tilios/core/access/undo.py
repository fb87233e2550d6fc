"""A moment to change one's mind: an action says what it did, and offers to undo it.

    @undo.undoable
    def restore(*, by: Person, pk: int) -> str:          # what undoing does; gives the address to show afterwards
        return link("polls:detail", actions.restore_poll(by=by, pk=pk).pk)

    undo.offer(request, _("The poll is deleted."), restore, pk=poll.pk)

The message shows a button; pressed within ten minutes, in the same session and by the same person, it calls the
function in the scope of the structure. The function checks rights as any action does.
"""

import json
import secrets
import time
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Conflict

KEY = "undo"  # session key: one thing can be undone, the latest
WITHIN_S = 600


def undoable(function: Callable[..., str | None]) -> Callable[..., str | None]:
    """Let `function(by=person, …)` be called by the undo button. It must stand at the top of its module."""
    function.undoable = True  # type: ignore[attr-defined]
    return function


def offer(request: HttpRequest, message: Any, function: Callable[..., str | None], **arguments: Any) -> None:
    """Say `message` with a button that calls `function(by=…, **arguments)`. Arguments must be JSON."""
    if not getattr(function, "undoable", False):
        raise TypeError(f"{function.__qualname__} is not marked @undoable")
    request.session[KEY] = {
        "token": secrets.token_urlsafe(16),
        "function": f"{function.__module__}.{function.__qualname__}",
        "arguments": json.loads(json.dumps(arguments)),
        "structure": request.structure.pk,  # type: ignore[attr-defined]
        "person": request.person.pk,  # type: ignore[attr-defined]
        "until": time.time() + WITHIN_S,
    }
    messages.success(request, message, extra_tags="undo")


def offered(request: HttpRequest) -> str:
    """The token of what can be undone here and now, or an empty text."""
    held = request.session.get(KEY)
    return held["token"] if held and _is_ours(request, held) else ""


def _is_ours(request: HttpRequest, held: dict[str, Any]) -> bool:
    # SECURITY: what one person did in one structure is undone by them, there, and only for a while.
    return (
        held["structure"] == request.structure.pk  # type: ignore[attr-defined]
        and held["person"] == request.person.pk  # type: ignore[attr-defined]
        and held["until"] > time.time()
    )


def perform(request: HttpRequest, token: str) -> str | None:
    """Undo what `token` stands for, once. The address to show. Raises Conflict when it is too late."""
    held = request.session.get(KEY)
    if not held or not constant_time_compare(held["token"], token) or not _is_ours(request, held):
        raise Conflict(_("It is too late to undo this."))
    del request.session[KEY]
    function = import_string(held["function"])
    if not getattr(function, "undoable", False):  # the program changed meanwhile
        raise Conflict(_("It is too late to undo this."))
    return function(by=request.person, **held["arguments"])  # type: ignore[attr-defined]
