"""The bytes of a document over HTTP, and those of what stands for it: the view behind the `address` of a preview."""

from pathlib import PurePath
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.http import Http404, HttpRequest, HttpResponseBase

from tilios.core.blobs.models import Blob
from tilios.core.blobs.serving import blob_response
from tilios.core.reading.queries import reading_of
from tilios.core.reading.thumbnails import thumbnail

VIEW, SIDE = "vue", "cote"
FILE, PDF, PICTURE = "fichier", "pdf", "image"
DEFAULT_SIDE = 768


def response(request: HttpRequest, blob: Blob, *, name: str) -> HttpResponseBase:
    """The bytes of `blob` called `name`, shown when they are passive; or, by the query of the address, something else:

    - `?vue=fichier`: the document itself, to be saved;
    - `?vue=pdf`: the PDF made of an office document;
    - `?vue=image&cote=384`: a picture of it that fits in a square of so many pixels.

    Rights are the caller's to check, before. Raises Http404 for what was not made, Damaged.
    """
    match request.GET.get(VIEW, ""):
        case "":
            return blob_response(blob, name=name, inline=True, request=request)
        case "fichier":
            return blob_response(blob, name=name, request=request)
        case "pdf":
            row = reading_of(blob)
            if row is None or row.pdf is None:
                raise Http404
            return blob_response(row.pdf, name=f"{PurePath(name).stem}.pdf", inline=True, request=request)
        case "image":
            picture = thumbnail(blob, _side(request))
            if picture is None:
                raise Http404
            return blob_response(picture, name=f"{PurePath(name).stem}.webp", inline=True, request=request)
        case _:
            raise Http404


def address_of(address: str, view: str, side: int | None = None) -> str:
    """`address`, which `response` answers, for one of its views."""
    parts = urlsplit(address)
    more = urlencode({VIEW: view} | ({SIDE: side} if side else {}))
    return urlunsplit(parts._replace(query=f"{parts.query}&{more}" if parts.query else more))


def _side(request: HttpRequest) -> int:
    asked = request.GET.get(SIDE, "")
    return int(asked) if asked.isdecimal() and len(asked) < 5 else DEFAULT_SIDE
