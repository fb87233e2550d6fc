"""The trash: what can be brought back, and for how long."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Refused
from tilios.core.shelves import tree
from tilios.core.shelves.pages import numbers_in
from tilios.tools.pads.actions import texts
from tilios.tools.pads.actions.spaces import open_spaces
from tilios.tools.pads.actions.upkeep import TRASH_DAYS
from tilios.tools.pads.queries.texts import A_PAGE

MOST_AT_ONCE = 500


@tool_view("pads.view", "GET")
def home(request: Any) -> HttpResponse:
    rights = open_spaces(request.person)
    page = Paginator(tree.in_trash(rights), A_PAGE).get_page(request.GET.get("page"))
    rows = [(item, rights.may_change(item)) for item in page]
    return render(request, "pads/trash.html", {"page": page, "rows": rows, "days": TRASH_DAYS})


@tool_view("pads.write", "POST")
def restore(request: Any) -> HttpResponse:
    rights = open_spaces(request.person)
    done = 0
    for item in tree.in_trash(rights).filter(pk__in=numbers_in(request.POST.getlist("choix"))):
        try:
            texts.restore(by=request.person, rights=rights, item=item)
        except Refused as error:
            messages.error(request, f"{item.name} : {error.message}")
        else:
            done += 1
    if done:
        messages.success(request, ngettext("%d thing is back.", "%d things are back.", done) % done)
    return redirect(link("pads:trash"))


@tool_view("pads.write", "POST")
def forget(request: Any) -> HttpResponse:
    """The chosen things, or with "tout" all that the person may remove."""
    rights = open_spaces(request.person)
    rows = tree.in_trash(rights)
    if "tout" not in request.POST:
        rows = rows.filter(pk__in=numbers_in(request.POST.getlist("choix")))
    items = [item for item in rows[:MOST_AT_ONCE] if rights.may_change(item)]
    count = texts.forget(by=request.person, rights=rights, items=items)
    if count:
        told = ngettext("%d thing is removed for good.", "%d things are removed for good.", count)
        messages.success(request, told % count)
    return redirect(link("pads:trash"))
