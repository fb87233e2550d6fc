"""Uploads of somebody who came through a share link: the tool's share view gives its step to `answer`.

    @share_view("GET", "POST", "PATCH", "DELETE", "OPTIONS")
    def drop(request, folder, step=""):
        if shared.is_step(step):
            return shared.answer(request, step, tool="files", target={"folder": folder.pk})

The page has the form by `{% uploader tool="files" step=True action=… %}`; it needs no target, the view gives it.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from tilios.core.access.models import ShareLink
from tilios.core.uploads import door
from tilios.core.uploads.errors import Malformed
from tilios.core.uploads.protocol import Metadata
from tilios.core.uploads.senders import guest_of

STEP = "envois"
APART = "--"


def is_step(step: str) -> bool:
    """Whether a step of a share link is about uploads."""
    return step == STEP or step.startswith(STEP + APART)


def address(link: ShareLink) -> str:
    """Where a page of `link` announces its files."""
    return reverse("share_step", args=[link.token, STEP])


def answer(request: HttpRequest, step: str, *, tool: str, target: Any) -> HttpResponse:
    """Answer a step for which `is_step` holds. The tool's `check` and `finish` get None for the person, and `target`,
    which nobody but the view can have said. Raises Http404 for an upload of another visitor.
    """
    link: ShareLink = request.share  # type: ignore[attr-defined]
    sender = guest_of(request, link)
    if step == STEP:

        def target_of(said: Metadata) -> Any:
            # SECURITY: a link opens one place of one tool.
            if said.tool != tool:
                raise Malformed
            return target

        def place(token: str) -> str:
            return reverse("share_step", args=[link.token, f"{STEP}{APART}{token}"])

        return door.create(request, sender, address=place, target_of=target_of)
    if not is_step(step):
        raise Http404
    return door.upload(request, sender, step.removeprefix(STEP + APART))
