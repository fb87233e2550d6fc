"""What stands beside a text, for who has no editor: conversations about passages, the chat, who wrote what."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.documents import actions, queries
from tilios.core.documents.access import Access, Writer
from tilios.core.documents.models import Document, Thread
from tilios.core.errors import Refused
from tilios.core.shelves import tree
from tilios.tools.pads.models import Item
from tilios.tools.pads.views.opening import opened_text


@tool_view("pads.view", "GET", "POST")
def talk(request: Any, pk: int) -> HttpResponse:
    """Comments and chat as a page: read, answer, settle, say."""
    rights, item, document = opened_text(request, pk)
    access, writer = rights.access(item), Writer(person=request.person)
    if request.method == "POST":
        try:
            _say(request, document, writer)
        except Refused as error:
            return _page(request, item, document, access, problem=error.message, status=error.status)
        return redirect(link("pads:talk", item.pk))
    return _page(request, item, document, access)


def _say(request: Any, document: Document, writer: Writer) -> None:
    """An answer in a conversation, its settling, or a line of the chat."""
    body, number = request.POST.get("body", ""), request.POST.get("thread", "")
    if not number:
        actions.say(document=document, by=writer, body=body)
        return
    thread = Thread.objects.filter(document=document, pk=number).first() if number.isdigit() else None
    if thread is None:
        raise Http404
    if "settled" in request.POST:
        settled = request.POST["settled"] == "1"
        actions.settle_thread(document=document, by=writer, thread=thread, settled=settled)
    else:
        actions.answer_thread(document=document, by=writer, thread=thread, body=body)


def _page(
    request: Any, item: Item, document: Document, access: Access, *, problem: Any = "", status: int = 200
) -> HttpResponse:
    context = {
        "item": item,
        "trail": tree.trail(item),
        "threads": list(queries.threads(document)),
        "sayings": queries.sayings(document),
        "may_comment": access >= Access.COMMENT,
        "may_settle": access >= Access.WRITE,
        "problem": problem,
        "typed": request.POST,
    }
    return render(request, "pads/talk.html", context, status=status)


@tool_view("pads.view", "GET")
def contributions(request: Any, pk: int) -> HttpResponse:
    """Who wrote in the text, how much and when; and its moments."""
    _rights, item, document = opened_text(request, pk)
    rows = queries.contributions(document)
    whole = sum(row["edits"] for row in rows) or 1
    for row in rows:
        row["share"] = round(100 * row["edits"] / whole)
        row["name"] = row["name"] or _("Somebody")
    context = {
        "item": item,
        "trail": tree.trail(item),
        "rows": rows,
        "moments": [one for one in queries.history(document) if one["name"]][::-1],
        "words": document.words,
        "made_at": document.made_at,
    }
    return render(request, "pads/contributions.html", context)
