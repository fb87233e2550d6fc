"""Behind a share link to a file or a folder: see it, with or without taking it away, or change it.

The first page is the target. The steps below it name a thing by its number: "d12" a folder, "f12" a file, "f12-brut"
its bytes to show, "f12-telecharger" to keep, "d12-zip" a folder to keep; in the mode "edit" are sent "d12-ajouter",
"d12-dossier", "f12-remplacer" and "d12-jeter" or "f12-jeter".
"""

import re
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tilios.core import reading
from tilios.core.access import sharing
from tilios.core.access.guards import share_view
from tilios.core.blobs.serving import PASSIVE, PLAIN, blob_response
from tilios.core.blobs.zipping import zip_response
from tilios.core.errors import NotAllowed, Refused
from tilios.core.uploads import shared as sending
from tilios.tools.files.actions import links as actions
from tilios.tools.files.models import Item
from tilios.tools.files.queries.links import LinkRights
from tilios.tools.files.views.shared_arrivals import introduced, receive, resumed
from tilios.tools.files.views.zipping import entries

ON_A_PAGE = 200
STEP = re.compile(r"([df])(\d{1,18})(?:-([a-z]+))?")


@share_view("GET", "POST")
def see(request: Any, target: Item, step: str = "") -> HttpResponseBase:
    """Modes "view" and "look": what the link shows, page by page."""
    return _door(request, target, step)


@share_view("GET", "POST", "PATCH", "DELETE", "OPTIONS")
def edit(request: Any, target: Item, step: str = "") -> HttpResponseBase:
    """Mode "edit": the same, and files brought, replaced, thrown away, under a name."""
    if sending.is_step(step) and target.is_folder and not target.in_trash:
        return resumed(request, target, step)
    return _door(request, target, step)


def _door(request: Any, target: Item, step: str) -> HttpResponseBase:
    if target.in_trash:
        raise Http404
    rights = LinkRights(request.share, target, request.visitor)
    if entered := at_the_door(request, target):
        return entered
    letter, number, verb = _read(step, target)
    item = _item(rights, letter, number)
    if request.method == "POST":
        change = CHANGES.get((letter, verb)) if rights.mode == "edit" else None
        if change is None:
            raise Http404
        return change(request, rights, item)
    if verb == "zip" and letter == "d":
        return _zip(request, rights, item)
    if verb in ("brut", "telecharger") and letter == "f":
        return _bytes(request, rights, item, keep=verb == "telecharger")
    if verb:
        raise Http404
    if not step:
        sharing.count(request.share, "openings")
    return page(request, rights, item)


def at_the_door(request: Any, target: Item) -> HttpResponse | None:
    """For a link made for so many people, the page that asks a name; what to answer to the name; None when known."""
    if request.method == "POST" and "enter" in request.POST:
        try:
            sharing.introduce(request, request.POST.get("name", ""))
        except Refused as error:
            return _ask_name(request, target, problem=error.message, status=error.status)
        return redirect(request.path)
    if request.method != "POST" and request.share.max_visitors is not None and request.visitor is None:
        return _ask_name(request, target)
    return None


def _read(step: str, target: Item) -> tuple[str, int, str]:
    """What a step says: the letter of a kind, a number, a verb. Http404 for anything else."""
    if not step:
        return ("d" if target.is_folder else "f"), target.pk, ""
    found = STEP.fullmatch(step)
    if found is None:
        raise Http404
    return found[1], int(found[2]), found[3] or ""


def _item(rights: LinkRights, letter: str, number: int) -> Item:
    # SECURITY: every number goes through what the link shows; what is beside, above or closed is not there.
    item = rights.visible().select_related("blob").filter(pk=number, is_folder=letter == "d").first()
    if item is None:
        raise Http404
    return item


def address(request: Any, item: Item, verb: str = "") -> str:
    """The address of a thing, or of what is done with it, behind the link of this request."""
    letter = "d" if item.is_folder else "f"
    step = f"{letter}{item.pk}" + (f"-{verb}" if verb else "")
    return reverse("share_step", args=[request.share.token, step])


def is_shown(item: Item) -> bool:
    """Whether a browser shows the bytes by itself, running nothing of them."""
    return item.media_type in PASSIVE or item.media_type in PLAIN


# Pages --------------------------------------------------------------------------------------------------------------


def page(
    request: Any, rights: LinkRights, item: Item, *, problems: list[Any] | None = None, status: int = 200
) -> HttpResponse:
    """The page of a folder or a file, with what was refused if something was."""
    context = {
        "structure": request.structure,
        "rights": rights,
        "resumable": item.pk == rights.target.pk and item.is_folder,
        "link": request.share,
        "visitor": request.visitor,
        "item": item,
        "trail": [(one, address(request, one)) for one in rights.trail(item)],
        "problems": problems or [],
        "typed": request.POST,
        "may_throw_away": item.pk in rights.brought and rights.may_change_all(item),
        "throw_away_url": address(request, item, "jeter"),
    }
    context |= _of_folder(request, rights, item) if item.is_folder else _of_file(request, rights, item)
    template = "files/shared_folder.html" if item.is_folder else "files/shared_file.html"
    return render(request, template, context, status=status)


def _of_folder(request: Any, rights: LinkRights, item: Item) -> dict[str, Any]:
    rows = Paginator(rights.members(item), ON_A_PAGE).get_page(request.GET.get("page"))
    brought = rights.brought
    return {
        "zip_url": address(request, item, "zip") if rights.may_save else "",
        "page": rows,
        "rows": [(row, address(request, row), row.pk in brought) for row in rows],
        "may_add": rights.may_add(item),
        "upload_url": address(request, item, "ajouter"),
        "folder_url": address(request, item, "dossier"),
        "download_of": {row.pk: address(request, row, "telecharger") for row in rows if not row.is_folder},
    }


def _of_file(request: Any, rights: LinkRights, item: Item) -> dict[str, Any]:
    return {
        "preview": reading.preview(item.content, name=item.name, address=address(request, item, "brut"))
        if rights.may_save
        else None,
        "raw_url": address(request, item, "brut") if is_shown(item) else "",
        "download_url": address(request, item, "telecharger") if rights.may_save else "",
        "replace_url": address(request, item, "remplacer") if rights.may_change(item) else "",
    }


def _ask_name(request: Any, target: Item, *, problem: Any = "", status: int = 200) -> HttpResponse:
    context = {
        "structure": request.structure,
        "item": target,
        "problem": problem,
        "full": sharing.is_full(request.share),
        "typed": request.POST,
    }
    return render(request, "files/shared_name.html", context, status=status)


def _bytes(request: Any, rights: LinkRights, item: Item, *, keep: bool) -> HttpResponseBase:
    if keep and not rights.may_save:
        raise NotAllowed(_("This link shows without letting download."))
    # SECURITY: without download, what the browser would save rather than show is not given at all.
    if not keep and not rights.may_save and not is_shown(item):
        raise NotAllowed(_("This link shows without letting download, and a browser cannot show this file."))
    if (keep or request.GET.get("vue") == "fichier") and request.method == "GET" and "Range" not in request.headers:
        sharing.count(request.share, "downloads")
    if not keep and rights.may_save:
        return reading.response(request, item.content, name=item.name)
    return blob_response(item.content, name=item.name, inline=not keep, request=request, etag=item.etag)


def _zip(request: Any, rights: LinkRights, folder: Item) -> HttpResponseBase:
    if not rights.may_save:
        raise NotAllowed(_("This link shows without letting download."))
    sharing.count(request.share, "downloads")
    return zip_response(entries(rights, [folder]), name=folder.name, request=request)


# Changes ------------------------------------------------------------------------------------------------------------


def _add(request: Any, rights: LinkRights, folder: Item) -> HttpResponse:
    sent, problems, status = receive(request, rights, folder)
    if problems:
        return page(request, rights, folder, problems=problems, status=status)
    words = ngettext("%(count)s file is there.", "%(count)s files are there.", len(sent))
    messages.success(request, words % {"count": len(sent)})
    return redirect(address(request, folder))


def _make_folder(request: Any, rights: LinkRights, folder: Item) -> HttpResponse:
    def make() -> Item:
        rights.visitor = introduced(request)
        return actions.bring_folder(rights=rights, folder=folder, name=request.POST.get("folder", ""))

    return _after(request, rights, folder, make, lambda made: address(request, made))


def _replace(request: Any, rights: LinkRights, file: Item) -> HttpResponse:
    assert file.parent is not None
    sent, problems, status = receive(request, rights, file.parent, name=file.name)
    if problems or not sent:
        return page(request, rights, file, problems=problems, status=status)
    messages.success(request, _("The file is replaced. What it was stays as an earlier version."))
    return redirect(address(request, file))


def _throw_away(request: Any, rights: LinkRights, item: Item) -> HttpResponse:
    def throw() -> Item:
        rights.visitor = introduced(request)
        return actions.throw_away_brought(rights=rights, item=item)

    above = item.parent if item.parent is not None and rights.holds(item.parent) else item
    return _after(request, rights, item, throw, lambda _item: address(request, above))


def _after(
    request: Any, rights: LinkRights, item: Item, call: Callable[[], Item], to: Callable[[Item], str]
) -> HttpResponse:
    """Do it and go on, or show the page again with what was refused."""
    try:
        done = call()
    except Refused as error:
        return page(request, rights, item, problems=[("", error.message)], status=error.status)
    return redirect(to(done))


CHANGES: dict[tuple[str, str], Callable[[Any, LinkRights, Item], HttpResponse]] = {
    ("d", "ajouter"): _add,
    ("d", "dossier"): _make_folder,
    ("d", "jeter"): _throw_away,
    ("f", "jeter"): _throw_away,
    ("f", "remplacer"): _replace,
}
