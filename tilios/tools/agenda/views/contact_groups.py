"""Groups of contacts: made, called otherwise, their members put in and taken out."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Invalid, Refused, require
from tilios.core.shelves.pages import numbers_in
from tilios.tools.agenda.actions import groups as actions
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import Card
from tilios.tools.agenda.queries import contacts as queries
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.views.opening import opened_card


@tool_view("agenda.write", "GET", "POST")
def new(request: Any) -> HttpResponse:
    rights = open_spaces(request.person)
    books = [one for one in queries.books_of(rights) if rights.may_put(one, None, is_new=True)]
    require(bool(books), _("No address book lets you add contacts: ask somebody who looks after one."))
    typed = request.POST if request.method == "POST" else request.GET
    book = next((one for one in books if str(one.pk) == typed.get("carnet", "")), books[0])
    context = {"books": books, "book": book, "name": typed.get("nom", "")[:200]}
    if request.method == "GET":
        return render(request, "agenda/group_form.html", context)
    try:
        made = actions.add_group(by=request.person, rights=rights, book=book, name=typed.get("nom", ""))
    except Refused as error:
        return render(request, "agenda/group_form.html", context | {"problem": error.message}, status=error.status)
    messages.success(request, _("“%(name)s” is made: now say who is in it.") % {"name": made})
    return redirect(link("agenda:card", made.pk))


def rename(request: Any, rights: Rights, group: Card) -> HttpResponse:
    """The form of a group that is there; who asks may change it."""
    context = {"group": group, "name": request.POST.get("nom", group.full_name)[:200]}
    if request.method == "GET":
        return render(request, "agenda/group_form.html", context)
    try:
        actions.rename_group(by=request.person, rights=rights, group=group, name=request.POST.get("nom", ""))
    except Refused as error:
        return render(request, "agenda/group_form.html", context | {"problem": error.message}, status=error.status)
    messages.success(request, _("Saved."))
    return redirect(link("agenda:card", group.pk))


@tool_view("agenda.write", "POST")
def members(request: Any, card_pk: int) -> HttpResponse:
    """Put the contacts of "choix" in, take the member "retirer" out."""
    rights, group = opened_card(request, card_pk)
    if group.kind != "group":
        raise Http404
    try:
        if named := request.POST.get("retirer", ""):
            actions.remove_members(by=request.person, rights=rights, group=group, members=[named])
            messages.success(request, _("Taken out of the group; the contact stays."))
        else:
            cards = queries.chosen([group.book], numbers_in(request.POST.getlist("choix")))
            if not cards:
                raise Invalid("members", _("Tick at least one contact."))
            actions.add_members(by=request.person, rights=rights, group=group, cards=cards)
            messages.success(request, _("“%(name)s” holds them now.") % {"name": group})
    except Invalid as error:
        messages.error(request, error.message)
    return redirect(link("agenda:card", group.pk))
