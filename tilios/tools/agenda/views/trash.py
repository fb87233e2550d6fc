"""Throw a calendar or an address book away, and bring it back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from tilios.core.access import undo
from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.people.models import Person
from tilios.core.shelves import tree
from tilios.tools.agenda.actions import trash
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import Item
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.views.opening import opened_collection


@tool_view("agenda.write", "POST")
def throw_away(request: Any, pk: int) -> HttpResponse:
    rights, item = opened_collection(request, pk)
    trash.throw_away(by=request.person, rights=rights, item=item)
    undo.offer(request, _("“%(name)s” is in the trash.") % {"name": item.name}, bring_back, pk=item.pk)
    return redirect(link("agenda:calendars"))


@tool_view("agenda.write", "POST")
def restore(request: Any, pk: int) -> HttpResponse:
    rights = open_spaces(request.person)
    item = get_object_or_404(tree.in_trash(rights), pk=pk)
    found = trash.restore(by=request.person, rights=rights, item=item)
    messages.success(request, _("“%(name)s” is back.") % {"name": found.name})
    return redirect(link("agenda:item", found.pk))


@undo.undoable
def bring_back(*, by: Person, pk: int) -> str:
    """Undo of throwing away."""
    item = Item.objects.get(pk=pk)
    return link("agenda:item", trash.restore(by=by, rights=Rights(by), item=item).pk)
