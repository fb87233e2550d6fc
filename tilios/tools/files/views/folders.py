"""The pages of spaces, folders and files."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from tilios.core import reading
from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Refused
from tilios.core.shelves import audience, marks
from tilios.tools.files.actions.spaces import open_spaces
from tilios.tools.files.actions.writing import make_folder
from tilios.tools.files.models import Item
from tilios.tools.files.queries import listing, room, tree
from tilios.tools.files.queries.rights import Rights
from tilios.tools.files.views.as_text import may_become_text
from tilios.tools.files.views.opening import opened

VIEW = "files_view"  # cookie: "grid" or "list"
A_YEAR_S = 365 * 24 * 3600


@tool_view("files.view", "GET")
def home(request: Any) -> HttpResponse:
    rights = open_spaces(request.person)
    roots = tree.roots(rights)
    own = [root for root in roots if root.owner_id in (None, request.person.pk)]
    recent = rights.visible().filter(is_folder=False).select_related("parent", "editor").order_by("-changed_ms", "-pk")
    context = {"roots": own, "recent": recent[:8], "room": room.of_structure()}
    return render(request, "files/home.html", context)


@tool_view("files.view", "GET")
def item(request: Any, pk: int) -> HttpResponse:
    rights, found = opened(request, pk)
    return folder_page(request, rights, found) if found.is_folder else _file(request, rights, found)


def folder_page(
    request: Any, rights: Rights, folder: Item, *, problem: str = "", typed: str = "", status: int = 200
) -> HttpResponse:
    """The list of a folder; with `problem`, why what was just asked was refused, and the name that was `typed`."""
    order = listing.Order.read(request.GET.get("tri", ""))
    asked = request.GET.get("q", "").strip()[:100]
    page = Paginator(listing.listed(rights, folder, order, asked), listing.A_PAGE).get_page(request.GET.get("page"))
    view = request.GET.get("vue") or request.COOKIES.get(VIEW, "list")
    context = {
        "folder": folder,
        "trail": tree.trail(folder),
        "page": page,
        "asked": asked,
        "order": order,
        "sorts": [(name, order.toggled(name), order.by == name) for name in ("nom", "date", "taille")],
        "is_grid": view in {"grid", "grille"},
        "may_add": rights.may_add(folder),
        "may_change": rights.may_change(folder),
        "may_manage": rights.may_manage(folder),
        "upload_target": {"folder": folder.pk},
        **_said_of(rights, folder),
        "problem": problem,
        "typed": typed,
    }
    template = "files/parts/listing.html" if request.headers.get("HX-Target") == "listing" else "files/folder.html"
    response = render(request, template, context, status=status)
    if "vue" in request.GET:
        chosen = "grid" if context["is_grid"] else "list"
        response.set_cookie(VIEW, chosen, max_age=A_YEAR_S, samesite="Lax", httponly=True, secure=request.is_secure())
    return response


def _said_of(rights: Rights, item: Item) -> dict[str, Any]:
    """Who sees it, its tags, the star of the person, how much room is left where it is."""
    return {
        "audience": audience.who_sees(item),
        "tags": marks.tags_of(item),
        "is_favourite": marks.is_favourite(rights, item),
        "room": room.of_item(item),
    }


def _file(request: Any, rights: Rights, file: Item) -> HttpResponse:
    context = {
        "file": file,
        "preview": reading.preview(file.content, name=file.name, address=link("files:raw", file.pk)),
        "trail": tree.trail(file),
        "may_become_text": may_become_text(file),
        "versions": list(listing.versions_of(file)[:50]),
        "may_change": rights.may_change(file),
        "may_manage": rights.may_manage(file),
        **_said_of(rights, file),
    }
    return render(request, "files/file.html", context)


@tool_view("files.write", "POST")
def new_folder(request: Any, pk: int) -> HttpResponse:
    rights, folder = opened(request, pk, folder=True)
    name = request.POST.get("name", "").strip()
    try:
        made = make_folder(by=request.person, rights=rights, parent=folder, name=name)
    except Refused as error:
        return folder_page(request, rights, folder, problem=str(error.message), typed=name, status=error.status)
    return redirect(link("files:item", made.pk))
