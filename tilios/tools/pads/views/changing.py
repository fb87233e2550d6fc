"""Rename, settle, move, throw away and bring back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tilios.core.access import undo
from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Refused
from tilios.core.people.models import Person
from tilios.core.shelves import tree
from tilios.core.shelves.pages import numbers_in
from tilios.tools.pads.actions import texts
from tilios.tools.pads.actions.spaces import open_spaces
from tilios.tools.pads.models import Item
from tilios.tools.pads.queries.rights import Rights
from tilios.tools.pads.views.opening import opened, opened_text


@tool_view("pads.write", "GET", "POST")
def rename(request: Any, pk: int) -> HttpResponse:
    rights, item = opened(request, pk)
    problem, typed, status = "", item.name, 200
    if request.method == "POST":
        typed = request.POST.get("name", "")
        try:
            texts.rename(by=request.person, rights=rights, item=item, name=typed)
        except Refused as error:
            problem, status = str(error.message), error.status
        else:
            return redirect(link("pads:item", item.pk))
    context = {"item": item, "trail": tree.trail(item), "problem": problem, "typed": typed}
    return render(request, "pads/rename.html", context, status=status)


@tool_view("pads.write", "GET", "POST")
def settings(request: Any, pk: int) -> HttpResponse:
    """The language of a text, and whether new texts may begin from it."""
    rights, item, document = opened_text(request, pk)
    problem, status = "", 200
    if request.method == "POST":
        try:
            texts.settle(
                by=request.person,
                rights=rights,
                item=item,
                language=request.POST.get("language", ""),
                is_template="is_template" in request.POST,
            )
        except Refused as error:
            problem, status = str(error.message), error.status
        else:
            messages.success(request, _("It is written down."))
            return redirect(link("pads:item", item.pk))
    context = {
        "item": item,
        "trail": tree.trail(item),
        "document": document,
        "languages": texts.LANGUAGES.items(),
        "may_change": rights.may_change(item),
        "problem": problem,
    }
    return render(request, "pads/settings.html", context, status=status)


@tool_view("pads.write", "GET", "POST")
def move(request: Any) -> HttpResponse:
    """Walk through the folders to where the chosen things should go, and put them there."""
    asked = request.POST if request.method == "POST" else request.GET
    rights = open_spaces(request.person)
    chosen = list(rights.visible().filter(pk__in=numbers_in(asked.getlist("choix"))).exclude(parent=None))
    if not chosen:
        messages.error(request, _("Choose at least one thing."))
        return redirect(link("pads:home"))
    here = None
    if numbers := numbers_in([asked.get("dans", "")]):
        _rights, here = opened(request, numbers[0], folder=True)
    elif "dans" not in asked:
        here = Item.objects.filter(pk=chosen[0].parent_id).first()
    if request.method == "POST" and here is not None:
        place = here
        done = _each(request, chosen, lambda one: texts.move(by=request.person, rights=rights, item=one, parent=place))
        if done:
            messages.success(request, ngettext("%d thing is moved.", "%d things are moved.", done) % done)
            return redirect(link("pads:item", here.pk))
    barred = {one.pk for one in chosen}
    context = {
        "chosen": chosen,
        "folders": [one for one in tree.folders_in(rights, here) if one.pk not in barred],
        "here": here,
        "trail": [*tree.trail(here), here] if here else [],
        "may_add": here is not None and rights.may_add(here),
    }
    return render(request, "pads/place.html", context)


@tool_view("pads.write", "POST")
def throw_away(request: Any) -> HttpResponse:
    """The chosen things go to the trash; a button brings them back."""
    rights = open_spaces(request.person)
    chosen = list(rights.visible().filter(pk__in=numbers_in(request.POST.getlist("choix"))).exclude(parent=None))
    if not chosen:
        messages.error(request, _("Choose at least one thing."))
        return redirect(link("pads:home"))
    back = chosen[0].parent_id
    done: list[int] = []

    def throw(item: Item) -> None:
        texts.throw_away(by=request.person, rights=rights, item=item)
        done.append(item.pk)

    if count := _each(request, chosen, throw):
        told = ngettext("%d thing is in the trash.", "%d things are in the trash.", count) % count
        undo.offer(request, told, bring_back, numbers=done)
    return redirect(link("pads:item", back) if back else link("pads:home"))


@undo.undoable
def bring_back(*, by: Person, numbers: list[int]) -> str:
    """Undo of throwing away."""
    rights = Rights(by)
    back = link("pads:home")
    for item in tree.in_trash(rights).filter(pk__in=numbers):
        back = link("pads:item", texts.restore(by=by, rights=rights, item=item).parent_id)
    return back


def _each(request: Any, items: list[Item], do: Any) -> int:
    """How many were done; what was refused is said, and one refusal does not hold up the others."""
    done = 0
    for one in items:
        try:
            do(one)
        except Refused as error:
            messages.error(request, f"{one.name} : {error.message}")
        else:
            done += 1
    return done
