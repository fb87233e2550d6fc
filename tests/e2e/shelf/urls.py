"""The shelf: `TILIOS_DATA/shelf/NAME` at /etagere/NAME/."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from tilios.config.urls import handler400, handler404, handler500
from tilios.config.urls import urlpatterns as everything
from tilios.core import reading
from tilios.core.access.guards import public_view
from tilios.core.blobs.actions import store
from tilios.core.blobs.models import Blob

__all__ = ["handler400", "handler404", "handler500", "urlpatterns"]
REASON = "documents of a test"


def blob_called(name: str) -> Blob:
    file = settings.TILIOS_DATA / "shelf" / name
    if not file.is_file():
        raise Http404
    with file.open("rb") as stream:
        return store(stream, name=name)


@public_view("GET", reason=REASON)
def document(request: HttpRequest, name: str) -> HttpResponse:
    preview = reading.preview(blob_called(name), name=name, address=reverse("bytes", args=[name]))
    return render(request, "shelf/document.html", {"name": name, "preview": preview})


@public_view("GET", reason=REASON)
def content(request: HttpRequest, name: str) -> Any:
    return reading.response(request, blob_called(name), name=name)


urlpatterns = [
    *everything,
    path("etagere/<str:name>/", document, name="document"),
    path("etagere/<str:name>/octets", content, name="bytes"),
]
