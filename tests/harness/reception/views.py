from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tilios.core.access.guards import share_view, tool_view
from tilios.core.uploads import shared
from tilios.core.uploads.tests.tray import tray


@tool_view("polls.view", "GET", "POST")
def page(request: HttpRequest) -> HttpResponse:
    """The form, and what has arrived. Without JavaScript the form posts here."""
    for file in request.FILES.getlist("files"):
        tray.files[str(file.name)] = f"posted, {file.size} bytes"
    return render(request, "reception/page.html", {"files": tray.files, "target": {"folder": 1}})


@tool_view("polls.view", "GET")
def listing(request: HttpRequest) -> HttpResponse:
    return render(request, "reception/_files.html", {"files": tray.files})


@share_view("GET", "POST", "PATCH", "DELETE", "OPTIONS")
def drop(request: HttpRequest, poll: Any, step: str = "") -> HttpResponse:
    """A box that only receives."""
    if shared.is_step(step):
        return shared.answer(request, step, tool="polls", target={"drop": poll.pk})
    return render(request, "reception/drop.html", {})
