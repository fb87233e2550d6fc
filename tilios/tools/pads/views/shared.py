"""Behind a share link to a text: read it, comment on it, write in it, without an account."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from tilios.core.access import attempts, networks, sharing
from tilios.core.access.guards import share_view
from tilios.core.blobs.serving import blob_response
from tilios.core.documents import changing, converting, queries, rendering, rights
from tilios.core.documents.access import Access, Writer
from tilios.core.documents.answering import answer
from tilios.core.documents.models import Document
from tilios.core.errors import Invalid, Refused, TooMuch
from tilios.tools.pads.models import Item
from tilios.tools.pads.views.text import exported


@share_view("GET", "POST")
def read(request: Any, item: Item, step: str = "") -> HttpResponseBase:
    """Mode "read": the text as it stands, its pictures and files, and the text as a file."""
    document = _document(item)
    if request.method == "POST" and "enter" in request.POST:
        return _introduced(request, item, document)
    if request.share.max_visitors is not None and request.visitor is None:
        return _reading(request, item, None)
    if step or request.method == "POST":
        return _taken(request, item, document, step)
    sharing.count(request.share, "openings")
    return _page(request, item, document, Access.READ)


@share_view("GET", "POST")
def take_part(request: Any, item: Item, step: str = "") -> HttpResponseBase:
    """Modes "comment" and "write": the editor, under a name that the visitor gives; until then, the text to read."""
    document = _document(item)
    if request.method == "POST" and "enter" in request.POST:
        return _introduced(request, item, document)
    if request.visitor is None:
        if request.share.max_visitors is not None:
            return _reading(request, item, None)
        return _taken(request, item, document, step) if step else _reading(request, item, document)
    writer = Writer(visitor=request.visitor)
    if step.startswith("export-"):
        return _taken(request, item, document, step)
    if step == "ecrire":
        return _write(request, item, document, writer)
    if step:
        return answer(request, document, writer, step, reverse("share", args=[request.share.token]))
    if request.method == "POST":
        raise Http404
    sharing.count(request.share, "openings")
    return _page(request, item, document, rights.access_of(writer, document))


def _taken(request: Any, item: Item, document: Document, step: str) -> HttpResponseBase:
    """What whoever reads may take without giving a name: a picture or a file of the text, the text as a file."""
    if request.method == "POST":
        raise Http404
    if step.startswith("export-"):
        # SECURITY: to make a document takes seconds of the server, and anybody may hold the link.
        if wait := attempts.begin(export=f"{request.share.pk} {networks.network(request)}"):
            raise TooMuch(attempts.too_many(wait))
        return exported(item, document, step.removeprefix("export-"), structure=request.structure.name)
    number = step.removeprefix("files/")
    row = queries.attachment(document, int(number)) if number.isascii() and number.isdigit() else None
    if row is None:
        raise Http404
    return blob_response(row.blob, name=row.name, inline=row.blob.media_type.startswith("image/"), request=request)


def _document(item: Item) -> Document:
    document = queries.document_of(item)
    if item.in_trash or item.is_folder or document is None:
        raise Http404
    return document


def _introduced(request: Any, item: Item, document: Document) -> HttpResponse:
    try:
        sharing.introduce(request, request.POST.get("name", ""))
    except Refused as error:
        shown = None if request.share.max_visitors is not None else document
        return _reading(request, item, shown, problem=error.message, status=error.status)
    return redirect(reverse("share", args=[request.share.token]))


def _reading(
    request: Any, item: Item, document: Document | None, *, problem: Any = "", status: int = 200
) -> HttpResponse:
    """The text to read, and the name to give before taking part; without `document`, the name alone is asked."""
    context = {
        "item": item,
        "structure": request.structure,
        "drawn": rendering.render(document) if document else None,
        "document": document,
        "mode": request.share.mode,
        "asks_name": True,
        "typed": request.POST.get("name", ""),
        "problem": problem,
        "address": reverse("share", args=[request.share.token]),
    }
    return render(request, "pads/shared.html", context, status=status)


def _page(request: Any, item: Item, document: Document, access: Access) -> HttpResponse:
    address = reverse("share", args=[request.share.token])
    context = {
        "item": item,
        "structure": request.structure,
        "document": document,
        "drawn": rendering.render(document),
        "mode": request.share.mode,
        "address": address,
        "access": int(access),
        "name": request.visitor.name if request.visitor else "",
        "person": "",
        "title": item.name,
        "plain": f"{address}ecrire" if access >= Access.WRITE else "",
        "copy": "",
        "is_live": request.visitor is not None and access >= Access.COMMENT,
        "forms": [(f"{address}export-{form}", converting.FORMATS[form][0]) for form in converting.formats()],
    }
    return render(request, "pads/shared.html", context)


def _write(request: Any, item: Item, document: Document, writer: Writer) -> HttpResponse:
    """The plain form of who writes without the editor."""
    if rights.access_of(writer, document) < Access.WRITE:
        raise Http404
    address = reverse("share", args=[request.share.token])
    context = {"item": item, "structure": request.structure, "document": document, "address": address}
    if request.method == "POST":
        base = request.POST.get("base", "")
        try:
            changing.change(
                document=document,
                by=writer,
                before=request.POST.get("before", ""),
                base_number=int(base) if base.isascii() and base.isdigit() else 0,
                after=request.POST.get("text", ""),
            )
        except Invalid as error:
            kept = {"before": request.POST.get("before", ""), "base": base, "form": request.POST.get("text", "")}
            return render(request, "pads/shared_write.html", context | kept | {"problem": error.message}, status=422)
        return redirect(address)
    form = changing.plain_form(document)
    context |= {"form": form, "before": form, "base": document.last_number}
    return render(request, "pads/shared_write.html", context)
