"""The pages of spaces and folders."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Refused
from tilios.core.shelves import audience, marks, tree
from tilios.tools.pads.actions import texts
from tilios.tools.pads.actions.spaces import open_spaces
from tilios.tools.pads.models import Item
from tilios.tools.pads.queries import texts as queries
from tilios.tools.pads.queries.rights import Rights
from tilios.tools.pads.views.opening import opened
from tilios.tools.pads.views.text import text_page

LATELY = 9


@tool_view("pads.view", "GET")
def home(request: Any) -> HttpResponse:
    rights = open_spaces(request.person)
    own = [root for root in tree.roots(rights) if root.owner_id in (None, request.person.pk)]
    recent = rights.visible().filter(is_folder=False).select_related("parent", "editor").order_by("-changed_ms", "-pk")
    shown = list(recent[:LATELY])
    context = {"roots": own, "recent": shown, "beginnings": queries.beginnings(shown)}
    return render(request, "pads/home.html", context)


@tool_view("pads.view", "GET")
def item(request: Any, pk: int) -> HttpResponse:
    rights, found = opened(request, pk)
    return folder_page(request, rights, found) if found.is_folder else text_page(request, rights, found)


def folder_page(
    request: Any, rights: Rights, folder: Item, *, problem: str = "", typed: str = "", status: int = 200
) -> HttpResponse:
    """The list of a folder; with `problem`, why what was just asked was refused, and the name that was `typed`."""
    order = queries.Order.read(request.GET.get("tri", ""))
    asked = request.GET.get("q", "").strip()[:100]
    page = Paginator(queries.listed(rights, folder, order, asked), queries.A_PAGE).get_page(request.GET.get("page"))
    context = {
        "folder": folder,
        "trail": tree.trail(folder),
        "page": page,
        "beginnings": queries.beginnings(list(page)),
        "asked": asked,
        "order": order,
        "sorts": [(name, order.toggled(name), order.by == name) for name in queries.SORTS],
        "may_add": rights.may_add(folder),
        "may_change": rights.may_change(folder),
        "may_manage": rights.may_manage(folder),
        "audience": audience.who_sees(folder),
        "tags": marks.tags_of(folder),
        "is_favourite": marks.is_favourite(rights, folder),
        "problem": problem,
        "typed": typed,
    }
    return render(request, "pads/folder.html", context, status=status)


@tool_view("pads.write", "POST")
def new_folder(request: Any, pk: int) -> HttpResponse:
    rights, folder = opened(request, pk, folder=True)
    name = request.POST.get("name", "").strip()
    try:
        made = texts.make_folder(by=request.person, rights=rights, parent=folder, name=name)
    except Refused as error:
        return folder_page(request, rights, folder, problem=str(error.message), typed=name, status=error.status)
    return redirect(link("pads:item", made.pk))
