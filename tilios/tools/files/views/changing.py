"""Rename, move, copy, throw away: one thing or many, through the same actions."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tilios.core.access import undo
from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.access.roles import may
from tilios.core.errors import Refused, require
from tilios.core.people.models import Person
from tilios.core.shelves.pages import numbers_in
from tilios.tools.files import names
from tilios.tools.files.actions import moving, trash
from tilios.tools.files.actions.spaces import open_spaces
from tilios.tools.files.errors import Taken
from tilios.tools.files.models import Item
from tilios.tools.files.queries import listing, tree
from tilios.tools.files.queries.rights import Rights
from tilios.tools.files.views.opening import opened

KEEP_BOTH, REPLACE, SKIP = "both", "replace", "skip"


@tool_view("files.write", "GET", "POST")
def rename(request: Any, pk: int) -> HttpResponse:
    rights, item = opened(request, pk)
    if item.parent is None:
        raise Http404
    typed, problem, status = item.name, "", 200
    if request.method == "POST":
        typed = request.POST.get("name", "").strip()
        try:
            moving.move_item(by=request.person, rights=rights, item=item, parent=item.parent, name=typed)
        except Refused as error:
            problem, status = str(error.message), error.status
        else:
            return redirect(link("files:item", pk if item.is_folder else item.parent.pk))
    stem = names.split(typed)[0] if not item.is_folder else typed
    context = {"item": item, "typed": typed, "stem_length": len(stem), "problem": problem, "trail": tree.trail(item)}
    return render(request, "files/rename.html", context, status=status)


@tool_view("files.write", "POST")
def throw_away(request: Any, pk: int) -> HttpResponse:
    rights, item = opened(request, pk)
    return _throw_away(request, rights, [item], back=item.parent)


@tool_view("files.view", "POST")
def together(request: Any, pk: int) -> HttpResponse:
    """What the buttons below a list ask for the things that are ticked (`choix`) in the folder."""
    rights, folder = opened(request, pk, folder=True)
    chosen = listing.chosen(rights, numbers_in(request.POST.getlist("choix")))
    asked = request.POST.get("faire", "")
    if not chosen:
        messages.error(request, _("Tick at least one thing."))
        return redirect(link("files:item", pk))
    if asked == "jeter":
        require(may(request.person, "files.write"))
        return _throw_away(request, rights, chosen, back=folder)
    query = urlencode([("choix", one.pk) for one in chosen])
    if asked == "telecharger":
        return redirect(f"{link('files:zip')}?{query}")
    return redirect(f"{link('files:choose_place')}?faire={'copier' if asked == 'copier' else 'deplacer'}&{query}")


def _throw_away(request: Any, rights: Rights, chosen: list[Item], *, back: Item | None) -> HttpResponse:
    done, refused = _each(chosen, lambda one: trash.trash_item(by=request.person, rights=rights, item=one))
    _say_refused(request, refused)
    if done:
        told = ngettext("%d thing is in the trash.", "%d things are in the trash.", len(done)) % len(done)
        undo.offer(request, told, bring_back, numbers=[one.pk for one in done])
    return redirect(link("files:item", back.pk) if back else link("files:home"))


@undo.undoable
def bring_back(*, by: Person, numbers: list[int]) -> str:
    """Undo of throwing away."""
    rights = Rights(by)
    back = link("files:home")
    for item in tree.in_trash(rights).filter(pk__in=numbers):
        restored = trash.restore_item(by=by, rights=rights, item=item)
        back = link("files:item", restored.parent_id)
    return back


@dataclass
class Errand:
    """What is to be moved or copied, and where one is looking for a place."""

    rights: Rights
    chosen: list[Item]
    is_copy: bool
    here: Item | None
    policy: str = KEEP_BOTH

    @property
    def query(self) -> str:
        return "&".join(
            [f"faire={'copier' if self.is_copy else 'deplacer'}", *(f"choix={one.pk}" for one in self.chosen)]
        )


@tool_view("files.write", "GET", "POST")
def choose_place(request: Any) -> HttpResponse:
    """Walk through the folders to where the chosen things should go, and put them there."""
    asked = request.POST if request.method == "POST" else request.GET
    rights = open_spaces(request.person)
    chosen = listing.chosen(rights, numbers_in(asked.getlist("choix")))
    if not chosen:
        messages.error(request, _("Choose at least one thing."))
        return redirect(link("files:home"))
    here = None
    if numbers := numbers_in([asked.get("dans", "")]):
        _rights, here = opened(request, numbers[0], folder=True)
    elif "dans" not in asked:
        here = Item.objects.filter(pk=chosen[0].parent_id).first()
    errand = Errand(rights, chosen, asked.get("faire") == "copier", here, asked.get("pris", KEEP_BOTH))
    if request.method == "POST" and here is not None:
        return _carry_out(request, errand)
    return _place_page(request, errand)


def _place_page(request: Any, errand: Errand, problem: str = "", status: int = 200) -> HttpResponse:
    here, barred = errand.here, {one.pk for one in errand.chosen}
    folders = [one for one in tree.folders_in(errand.rights, here) if one.pk not in barred]
    context = {
        "errand": errand,
        "folders": folders,
        "here": here,
        "trail": [*tree.trail(here), here] if here else [],
        "may_add": here is not None and errand.rights.may_add(here),
        "problem": problem,
    }
    return render(request, "files/place.html", context, status=status)


def _carry_out(request: Any, errand: Errand) -> HttpResponse:
    place = errand.here
    assert place is not None
    done, refused = _each(errand.chosen, lambda one: _put(request.person, errand, one, place))
    if refused and not done:
        problem = "\n".join(f"{one.name} : {error.message}" for one, error in refused)
        return _place_page(request, errand, problem, status=409)
    _say_refused(request, refused)
    if errand.is_copy:
        told = ngettext("%d thing is copied.", "%d things are copied.", len(done))
    else:
        told = ngettext("%d thing is moved.", "%d things are moved.", len(done))
    messages.success(request, told % len(done))
    return redirect(link("files:item", place.pk))


def _put(person: Person, errand: Errand, item: Item, place: Item) -> None:
    """Under another name where its own is taken, unless the person chose otherwise."""
    name = item.name
    stays = not errand.is_copy and item.parent_id == place.pk
    if errand.policy == KEEP_BOTH and not stays:
        taken = set(Item.objects.filter(parent=place, in_trash=False).values_list("name", flat=True))
        name = names.beside(name, taken)
    put: Any = moving.copy_item if errand.is_copy else moving.move_item
    try:
        put(by=person, rights=errand.rights, item=item, parent=place, name=name, replace=errand.policy == REPLACE)
    except Taken:
        if errand.policy != SKIP:
            raise


def _each(items: list[Item], do: Any) -> tuple[list[Item], list[tuple[Item, Refused]]]:
    """What was done, and what was refused and why: one refusal does not hold up the others."""
    done, refused = [], []
    for one in items:
        try:
            do(one)
        except Refused as error:
            refused.append((one, error))
        else:
            done.append(one)
    return done, refused


def _say_refused(request: Any, refused: list[tuple[Item, Refused]]) -> None:
    for one, error in refused[:5]:
        messages.error(request, f"{one.name} : {error.message}")
    if len(refused) > 5:
        messages.error(request, _("%d more were refused.") % (len(refused) - 5))
