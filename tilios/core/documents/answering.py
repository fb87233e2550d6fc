"""The steps below the address of a text: what the editor asks over HTTP.

The view that calls `answer` has passed its guard and knows the writer; each step asks the right to the text again.
"""

import base64
import binascii
import json
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import linebreaksbr
from django.utils.html import urlize
from django.utils.translation import gettext as _

from tilios.core.blobs.errors import TooLarge
from tilios.core.blobs.serving import blob_response
from tilios.core.conversations import mentions
from tilios.core.documents import actions, comparing, drawing, embedding, limits, queries, rendering, rights, tickets
from tilios.core.documents.access import Access, Writer
from tilios.core.documents.models import Document, Remark, Saying, Thread
from tilios.core.errors import Invalid, Refused, require
from tilios.core.people.models import Person


class Asked:
    """One request about one text."""

    def __init__(self, request: HttpRequest, document: Document, writer: Writer, address: str) -> None:
        self.request, self.document, self.writer, self.address = request, document, writer, address
        self.access = rights.access_of(writer, document)

    def number(self, text: str) -> int:
        if not text.isascii() or not text.isdigit() or len(text) > 18:
            raise Http404
        return int(text)

    @property
    def fields(self) -> dict[str, Any]:
        """What was sent, as a form or as JSON."""
        if self.request.content_type != "application/json":
            return self.request.POST.dict()
        try:
            said = json.loads(self.request.body)
        except ValueError as error:
            raise Invalid("body", _("This request cannot be read.")) from error
        if not isinstance(said, dict):
            raise Invalid("body", _("This request cannot be read."))
        return said

    def text(self, name: str) -> str:
        value = self.fields.get(name, "")
        return value if isinstance(value, str) else ""


def answer(request: HttpRequest, document: Document, writer: Writer, step: str, address: str) -> HttpResponseBase:
    """Answer `step` ("ticket", "history/12"…) of the text at `address`, which ends with a slash.

    Raises Http404 for a step there is not, or a text the writer may not read; errors of actions come back as JSON
    {"error", "field"} with their status.
    """
    asked = Asked(request, document, writer, address)
    if asked.access < Access.READ:
        raise Http404
    name, *rest = step.strip("/").split("/")
    methods = STEPS.get((name, len(rest)))
    if methods is None:
        raise Http404
    view = methods.get("GET" if request.method == "HEAD" else request.method or "")
    if view is None:
        return HttpResponseNotAllowed(list(methods))
    try:
        response = view(asked, *rest)
    except Refused as error:
        message = str(error.message) or _("You may not do this here.")
        response = JsonResponse({"error": message, "field": getattr(error, "field", "")}, status=error.status)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def ticket(asked: Asked) -> HttpResponseBase:
    writer = asked.writer
    return JsonResponse(
        {
            "ticket": tickets.seal(asked.document, writer),
            "room": f"{tickets.PATH}{asked.document.pk}",
            "access": int(asked.access),
            "name": writer.name,
            "colour": writer.colour,
        }
    )


def state(asked: Asked) -> HttpResponseBase:
    number = asked.request.GET.get("number")
    if number is None:
        whole = queries.state(asked.document)
    else:
        whole = queries.state_at(asked.document, asked.number(number))
    return HttpResponse(whole, content_type="application/octet-stream")


def authors(asked: Asked) -> HttpResponseBase:
    return JsonResponse({str(client): one for client, one in queries.authors(asked.document).items()})


def send_file(asked: Asked) -> HttpResponseBase:
    sent = asked.request.FILES.get("file")
    if not isinstance(sent, UploadedFile):
        raise Invalid("file", _("Choose a file first."))
    try:
        row = actions.attach(
            document=asked.document,
            by=asked.writer,
            stream=sent,
            name=sent.name or "",
            media_type=sent.content_type or "",
        )
    except TooLarge:
        megabytes = limits.FILE // (1024 * 1024)
        return JsonResponse(
            {"error": _("This file is too large: %(most)s MB at most.") % {"most": megabytes}}, status=413
        )
    url = f"{asked.address}files/{row.number}"
    return JsonResponse({"file": row.number, "url": url, "name": row.name, "type": row.blob.media_type}, status=201)


def file(asked: Asked, number: str) -> HttpResponseBase:
    row = queries.attachment(asked.document, asked.number(number))
    if row is None:
        raise Http404
    picture = row.blob.media_type.startswith("image/")
    return blob_response(row.blob, name=row.name, inline=picture, request=asked.request)


def history(asked: Asked) -> HttpResponseBase:
    moments = [moment | {"at": moment["at"].isoformat()} for moment in queries.history(asked.document)]
    return JsonResponse({"moments": moments, "last": moments[-1]["number"] if moments else 0})


def name_moment(asked: Asked) -> HttpResponseBase:
    revision = actions.name_revision(document=asked.document, by=asked.writer, name=asked.text("name"))
    return JsonResponse({"number": revision.number, "name": revision.name}, status=201)


def moment(asked: Asked, number: str) -> HttpResponseBase:
    drawn = drawing.draw(queries.state_at(asked.document, asked.number(number)), rendering.files_of(asked.document))
    return JsonResponse({"html": drawn.html})


def restore(asked: Asked, number: str) -> HttpResponseBase:
    require(bool(asked.fields.get("restore")))
    done = actions.restore(document=asked.document, by=asked.writer, number=asked.number(number))
    return JsonResponse({"number": done})


def compare(asked: Asked, number: str, _diff: str, other: str) -> HttpResponseBase:
    if _diff != "diff":
        raise Http404
    before = queries.state_at(asked.document, asked.number(number))
    after = queries.state_at(asked.document, asked.number(other))
    return JsonResponse({"html": comparing.compare(before, after, rendering.files_of(asked.document))})


def said(body: str) -> str:
    """What somebody typed, as HTML: escaped, its lines and links kept."""
    return linebreaksbr(urlize(body, nofollow=True, autoescape=True))


def _line(row: Remark | Saying) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": str(row.person or row.visitor or ""),
        "at": row.made_at.isoformat(),
        "html": said(row.body),
    }


def threads(asked: Asked) -> HttpResponseBase:
    return JsonResponse({"threads": [_thread(asked, row) for row in queries.threads(asked.document)]})


def _thread(asked: Asked, row: Thread) -> dict[str, Any]:
    return {
        "id": row.pk,
        "start": base64.b64encode(bytes(row.start)).decode(),
        "end": base64.b64encode(bytes(row.end)).decode(),
        "quote": row.quote,
        "settled": row.settled_at is not None,
        "remarks": [_line(remark) | {"mine": asked.writer.wrote(remark)} for remark in row.remarks.all()],
    }


def begin_thread(asked: Asked) -> HttpResponseBase:
    try:
        start, end = (base64.b64decode(asked.text(name), validate=True) for name in ("start", "end"))
    except (binascii.Error, ValueError) as error:
        raise Invalid("start", _("Choose a passage first.")) from error
    row = actions.begin_thread(
        document=asked.document,
        by=asked.writer,
        start=start,
        end=end,
        quote=asked.text("quote"),
        body=asked.text("body"),
    )
    return JsonResponse(_thread(asked, row), status=201)


def answer_thread(asked: Asked, number: str) -> HttpResponseBase:
    row = Thread.objects.filter(document=asked.document, pk=asked.number(number)).first()
    if row is None:
        raise Http404
    settle = asked.fields.get("settle")
    if settle is not None:
        settled = settle in (True, "true", "1", "on")
        row = actions.settle_thread(document=asked.document, by=asked.writer, thread=row, settled=settled)
    else:
        actions.answer_thread(document=asked.document, by=asked.writer, thread=row, body=asked.text("body"))
        row.refresh_from_db()
    return JsonResponse(_thread(asked, row))


def sayings(asked: Asked) -> HttpResponseBase:
    return JsonResponse({"sayings": [_line(row) for row in queries.sayings(asked.document)]})


def say(asked: Asked) -> HttpResponseBase:
    row = actions.say(document=asked.document, by=asked.writer, body=asked.text("body"))
    return JsonResponse(_line(row), status=201)


def people(asked: Asked) -> HttpResponseBase:
    if asked.writer.person is None or asked.access < Access.COMMENT:
        return JsonResponse([], safe=False)
    typed = asked.request.GET.get("q", "")[:80]
    found: list[Person] = mentions.suggestions(asked.writer.person, asked.document.kind, asked.document.target, typed)
    if "HX-Request" in asked.request.headers:  # a comment, whose field is a plain one
        return render(asked.request, "documents/names.html", {"people": found})
    return JsonResponse([{"person": one.pk, "label": one.display_name} for one in found], safe=False)


def embeds(asked: Asked) -> HttpResponseBase:
    if asked.writer.person is None or asked.access < Access.WRITE:
        return JsonResponse([], safe=False)
    return JsonResponse(embedding.suggestions(asked.writer.person, asked.request.GET.get("q", "")[:80]), safe=False)


def embed(asked: Asked, kind: str, number: str) -> HttpResponseBase:
    """The card for the editor; for a link of the text as it is drawn, the page of the thing."""
    target = asked.number(number)
    if "application/json" in asked.request.headers.get("Accept", ""):
        return JsonResponse({"html": embedding.card(asked.writer.person, kind, target)})
    address = embedding.address(asked.writer.person, kind, target)
    if address is None:
        raise Http404
    return redirect(address)


View = Callable[..., HttpResponseBase]
STEPS: dict[tuple[str, int], dict[str, View]] = {
    ("ticket", 0): {"GET": ticket},
    ("state", 0): {"GET": state},
    ("authors", 0): {"GET": authors},
    ("files", 0): {"POST": send_file},
    ("files", 1): {"GET": file},
    ("history", 0): {"GET": history, "POST": name_moment},
    ("history", 1): {"GET": moment, "POST": restore},
    ("history", 3): {"GET": compare},
    ("threads", 0): {"GET": threads, "POST": begin_thread},
    ("threads", 1): {"POST": answer_thread},
    ("sayings", 0): {"GET": sayings, "POST": say},
    ("people", 0): {"GET": people},
    ("embeds", 0): {"GET": embeds},
    ("embeds", 2): {"GET": embed},
}
