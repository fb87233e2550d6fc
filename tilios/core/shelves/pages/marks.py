"""Tags, favourites, what is recent, what is shared with somebody, and what is said of a thing.

The lists are templates of the tool (`TOOL/favourites.html`, `recents.html`, `tags.html`, `tags_one.html`,
`shared_with_me.html`), since they say what its things are called.
"""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from tilios.core.access.links import link
from tilios.core.errors import Invalid, Refused
from tilios.core.shelves import marks, tree
from tilios.core.shelves.actions import marks as actions
from tilios.core.shelves.rights import Rights

ON_A_PAGE = 100


def _seen(rights: Rights, pk: int) -> Any:
    return get_object_or_404(rights.shelf.items.filter(rights.shown()), pk=pk)


def favourites(request: Any, rights: Rights) -> HttpResponse:
    page = Paginator(marks.favourites(rights), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, f"{rights.tool}/favourites.html", {"page": page})


def favourite(request: Any, rights: Rights, pk: int) -> HttpResponse:
    """Put the star on, or take it off: `wanted` says which, so that pressing twice does no harm."""
    item = _seen(rights, pk)
    actions.set_favourite(by=request.person, rights=rights, item=item, wanted=request.POST.get("wanted") != "0")
    if request.headers.get("HX-Request"):
        context = {
            "shelf": rights.shelf,
            "item": item,
            "is_favourite": marks.is_favourite(rights, item),
            "small": "small" in request.POST,
        }
        return render(request, "shelves/favourite.html", context)
    return redirect(_back(request, rights, item))


def _back(request: Any, rights: Rights, item: Any) -> str:
    """The page one was on, if it is ours; else that of the thing."""
    came = request.headers.get("Referer", "")
    # SECURITY: never off to another site, whatever the browser says it comes from.
    if url_has_allowed_host_and_scheme(came, {request.get_host()}, require_https=request.is_secure()):
        parts = urlsplit(came)
        return parts.path + (f"?{parts.query}" if parts.query else "")
    return link(rights.shelf.urls["item"], item.pk)


def recents(request: Any, rights: Rights) -> HttpResponse:
    """What changed lately, and what one opened lately (`?vue=ouverts`)."""
    is_opened = request.GET.get("vue") == "ouverts"
    rows = marks.lately_opened(rights) if is_opened else marks.lately_changed(rights)
    return render(request, f"{rights.tool}/recents.html", {"rows": rows, "is_opened": is_opened})


def shared_with_me(request: Any, rights: Rights) -> HttpResponse:
    """What others let the person into."""
    return render(request, f"{rights.tool}/shared_with_me.html", {"shared": marks.shared_with(rights)})


def tags(request: Any, rights: Rights) -> HttpResponse:
    """All tags of what one sees."""
    return render(request, f"{rights.tool}/tags.html", {"tags": marks.seen_tags(rights)})


def tag(request: Any, rights: Rights, tag_pk: int) -> HttpResponse:
    """What carries a tag."""
    return _tag_page(request, rights, get_object_or_404(marks.seen_tags(rights), pk=tag_pk))


def _tag_page(request: Any, rights: Rights, found: Any, *, problem: Any = "", status: int = 200) -> HttpResponse:
    page = Paginator(marks.tagged(rights, found), ON_A_PAGE).get_page(request.GET.get("page"))
    typed = request.POST.get("name", found.name)
    context = {"tag": found, "page": page, "problem": problem, "typed": typed}
    return render(request, f"{rights.tool}/tags_one.html", context, status=status)


def rename_tag(request: Any, rights: Rights, tag_pk: int) -> HttpResponse:
    """Give a tag another name; the name of another tag makes one of the two."""
    found = get_object_or_404(marks.seen_tags(rights), pk=tag_pk)
    try:
        kept = actions.rename_tag(by=request.person, tag=found, name=request.POST.get("name", ""))
    except Refused as error:
        return _tag_page(request, rights, found, problem=error.message, status=error.status)
    said = _("The tag has its new name.") if kept.pk == found.pk else _("The two tags are now one.")
    messages.success(request, said)
    return redirect(link(rights.shelf.urls["tag"], kept.pk))


def delete_tag(request: Any, rights: Rights, tag_pk: int) -> HttpResponse:
    actions.delete_tag(by=request.person, tag=get_object_or_404(marks.seen_tags(rights), pk=tag_pk))
    messages.success(request, _("The tag is removed. What carried it is still there."))
    return redirect(link(rights.shelf.urls["tags"]))


def about(request: Any, rights: Rights, pk: int) -> HttpResponse:
    """What is said of a thing or a folder: a description, and tags."""
    item = _seen(rights, pk)
    problem, status = {}, 200
    if request.method == "POST":
        try:
            _say(request, rights, item)
        except Invalid as error:
            problem, status = {error.field: error.message}, error.status
        else:
            return redirect(f"{link(rights.shelf.urls['about'], item.pk)}#etiquettes")
    context = {
        "shelf": rights.shelf,
        "item": item,
        "trail": tree.trail(item),
        "tags": marks.tags_of(item),
        "known": marks.seen_tags(rights)[:200],
        "may_change": rights.may_change(item) or (item.parent_id is None and rights.may_manage(item)),
        "may_tag": rights.may_change(item),
        "problem": problem,
        "typed_tags": request.POST.get("tags", ""),
        "typed": request.POST.get("description", item.description),
    }
    return render(request, "shelves/about.html", context, status=status)


def _say(request: Any, rights: Rights, item: Any) -> None:
    """A form says one thing: tags to add, or the description."""
    if "tags" in request.POST:
        actions.add_tags(by=request.person, rights=rights, item=item, names=request.POST["tags"])
    else:
        words = request.POST.get("description", item.description)
        actions.describe(by=request.person, rights=rights, item=item, description=words)
        messages.success(request, _("It is written down."))


def untag(request: Any, rights: Rights, pk: int, tag_pk: int) -> HttpResponse:
    """Take a tag off a thing."""
    item = _seen(rights, pk)
    found = get_object_or_404(marks.tags_of(item), pk=tag_pk)
    actions.remove_tag(by=request.person, rights=rights, item=item, tag=found)
    return redirect(f"{link(rights.shelf.urls['about'], item.pk)}#etiquettes")
