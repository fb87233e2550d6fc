"""The page of a text, and what the editor asks below it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.blobs.serving import content_disposition
from tilios.core.documents import changing, converting, queries, rendering
from tilios.core.documents.access import Access, Writer
from tilios.core.documents.answering import answer
from tilios.core.documents.files import as_file
from tilios.core.documents.models import Document
from tilios.core.errors import Invalid, Refused, require
from tilios.core.shelves import audience, marks, tree
from tilios.core.shelves.reading import note_reading
from tilios.kit.documents.problems import Unreadable
from tilios.kit.names import safe_filename
from tilios.tools.pads.actions.texts import copy_text
from tilios.tools.pads.models import Item
from tilios.tools.pads.queries import texts, uses
from tilios.tools.pads.queries.rights import Rights
from tilios.tools.pads.views.opening import opened_text


def text_page(request: Any, rights: Rights, item: Item) -> HttpResponse:
    """The editor, or the page to read for who may not write."""
    document = queries.document_of(item)
    if document is None:
        raise Http404
    note_reading(request.person, item)
    access = rights.access(item)
    writer = Writer(person=request.person)
    context = {
        "item": item,
        "trail": tree.trail(item),
        "document": document,
        "address": link("pads:item", item.pk),
        "access": int(access),
        "name": writer.name,
        "person": request.person.pk,
        "title": item.name,
        "drawn": rendering.render(document),
        "plain": link("pads:write", item.pk) if access >= Access.WRITE else "",
        "copy": link("pads:copy", item.pk) if rights.may("write") else "",
        "may_write": access >= Access.WRITE,
        "may_change": rights.may_change(item),
        "may_manage": rights.may_manage(item),
        "forms": [(form, converting.FORMATS[form][0]) for form in converting.formats()],
        "audience": audience.who_sees(item),
        "tags": marks.tags_of(item),
        "is_favourite": marks.is_favourite(rights, item),
        "uses": uses.of(request.person, item),
    }
    return render(request, "pads/text.html", context)


@tool_view("pads.view", "GET", "POST")
def step(request: Any, pk: int, step: str) -> HttpResponseBase:
    """What the editor asks: its ticket, pictures, history, comments, the chat."""
    _rights, _item, document = opened_text(request, pk)
    writer = Writer(person=request.person)
    return answer(request, document, writer, step, request.path.removesuffix(step))


@tool_view("pads.view", "GET", "POST")
def write(request: Any, pk: int) -> HttpResponse:
    """Write without the editor: a form, whose changes are put together with those of others."""
    rights, item, document = opened_text(request, pk)
    require(rights.access(item) >= Access.WRITE, _("You may read this text, not write in it."))
    context: dict[str, Any] = {"item": item, "trail": tree.trail(item), "document": document}
    if request.method == "POST":
        try:
            changing.change(
                document=document,
                by=Writer(person=request.person),
                before=request.POST.get("before", ""),
                base_number=int(request.POST["base"]) if request.POST.get("base", "").isdigit() else 0,
                after=request.POST.get("text", ""),
            )
        except Invalid as error:
            kept = {"before": request.POST.get("before", ""), "base": request.POST.get("base", "")}
            context |= {"problem": error.message, "form": request.POST.get("text", ""), **kept}
            return render(request, "pads/write.html", context, status=422)
        messages.success(request, _("The text is saved."))
        return redirect(link("pads:item", item.pk))
    form = changing.plain_form(document)
    return render(request, "pads/write.html", context | {"form": form, "before": form, "base": document.last_number})


@tool_view("pads.view", "GET")
def export(request: Any, pk: int, form: str) -> HttpResponse:
    """The text as a file: odt, docx, pdf…"""
    _rights, item, document = opened_text(request, pk)
    return exported(item, document, form, structure=request.structure.name, author=_authors(document))


def exported(item: Item, document: Document, form: str, *, structure: str, author: str = "") -> HttpResponse:
    """The file, for whoever may read the text. Http404 for a form there is not."""
    if form not in converting.formats():
        raise Http404
    try:
        made = as_file(
            document,
            form,
            title=item.name,
            author=author,
            structure=structure,
            date=date_format(timezone.localtime(document.written_at), "DATE_FORMAT"),
        )
    except Unreadable as error:
        raise Invalid("form", _("This text could not be made into such a file.")) from error
    response = HttpResponse(made.data, content_type=made.media_type)
    response["Content-Disposition"] = content_disposition(safe_filename(f"{item.name}.{form}"))
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _authors(document: Document) -> str:
    """The people who wrote, whoever wrote most first; three names at most."""
    names = [one["name"] for one in queries.contributions(document) if one["person"] and one["name"]]
    return ", ".join(names[:3])


@tool_view("pads.write", "POST")
def copy(request: Any, pk: int) -> HttpResponse:
    """A new text that reads as this one does, or did."""
    rights, item, _document = opened_text(request, pk)
    number = request.POST.get("number", "")
    place = item.folder if rights.may_add(item.folder) else next(iter(texts.places_to_write(rights)), None)
    try:
        made = copy_text(
            by=request.person,
            rights=rights,
            item=item,
            parent=place,
            number=int(number) if number.isascii() and number.isdigit() and len(number) < 18 else None,
        )
    except Refused as error:
        messages.error(request, str(error.message))
        return redirect(link("pads:item", item.pk))
    messages.success(request, _("Here is the copy. Its history begins today."))
    return redirect(link("pads:item", made.pk))
