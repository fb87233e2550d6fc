"""Take everything out: ask for an archive, follow it, download it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.blobs.serving import blob_response
from tilios.core.jobs.models import Progress
from tilios.core.journal.actions import publish
from tilios.core.portability import takeouts
from tilios.core.portability.models import Takeout


@tool_view("portal.export", "GET")
def index(request: Any) -> HttpResponse:
    """The archives that are there, the one being made, and how to ask for another."""
    return render(request, "portal/transfer/index.html", _context())


@tool_view("portal.export", "GET")
def state(request: Any) -> HttpResponse:
    """How far the archive being made is: a part of the page that renews itself."""
    return render(request, "portal/transfer/_archives.html", _context())


@tool_view("portal.export", "POST")
def ask(request: Any) -> HttpResponse:
    takeouts.ask(by=request.person)
    messages.success(request, _("The archive is being made. You may leave this page."))
    return redirect(link("portal:transfer"))


@tool_view("portal.export", "GET")
def download(request: Any, takeout_pk: int) -> HttpResponseBase:
    """The archive itself. Publishes "portal.archive_downloaded"."""
    takeout = get_object_or_404(takeouts.ready(), pk=takeout_pk)
    assert takeout.blob is not None
    if "Range" not in request.headers:  # a download taken up again is not another one
        publish("portal.archive_downloaded", by=request.person, sha256=takeout.blob.sha256)
    name = f"{request.structure.slug}-{timezone.localtime(takeout.created_at):%Y-%m-%d}.zip"
    response = blob_response(takeout.blob, name=name, request=request)
    response["Cache-Control"] = "private, no-store"
    return response


@tool_view("portal.export", "POST")
def remove(request: Any, takeout_pk: int) -> HttpResponse:
    takeouts.remove(by=request.person, takeout=get_object_or_404(takeouts.ready(), pk=takeout_pk))
    messages.success(request, _("The archive is removed from the server."))
    return redirect(link("portal:transfer"))


def _context() -> dict[str, Any]:
    found = list(takeouts.all_of_structure()[:20])
    keys = [takeout.progress_key for takeout in found if takeout.blob is None]
    progress = {row.key: row for row in Progress.objects.filter(key__in=keys)}
    making = [(takeout, progress[takeout.progress_key]) for takeout in found if takeout.progress_key in progress]
    return {
        "ready": [takeout for takeout in found if takeout.blob is not None],
        "making": [row for _takeout, row in making if row.state in {"waiting", "running"}],
        "failed": _failed(found, progress),
        "days": takeouts.KEPT.days,
    }


def _failed(found: list[Takeout], progress: dict[str, Progress]) -> Progress | None:
    """The newest attempt, if it failed."""
    newest = progress.get(found[0].progress_key) if found else None
    return newest if newest and newest.state == "failed" else None
