"""The rules of the files: how long things are kept, how much room each has, what is taken."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Invalid
from tilios.core.people.models import Person
from tilios.tools.files.actions import rules as actions
from tilios.tools.files.actions.spaces import open_spaces
from tilios.tools.files.forms.rules import PersonRoomForm, RulesForm
from tilios.tools.files.models import Item, Space
from tilios.tools.files.queries import room, tree

ON_A_PAGE = 50


@tool_view("files.manage", "GET", "POST")
def rules(request: Any) -> HttpResponse:
    """The rules, and the room of the structure and of each personal space."""
    open_spaces(request.person)
    form = RulesForm(request.POST) if request.method == "POST" else RulesForm.of(tree.rules())
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_rules(by=request.person, **form.cleaned_data)
        except Invalid as error:
            form.add_error(error.field, str(error.message))
        else:
            messages.success(request, _("The rules are changed."))
            return redirect(link("files:rules"))
    people = Paginator(room.of_people(), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "room": room.of_structure(), "people": people}
    return render(request, "files/rules.html", context, status=422 if form.errors else 200)


@tool_view("files.manage", "GET", "POST")
def room_of(request: Any, person_pk: int) -> HttpResponse:
    """Give one person a room of their own, or that of everybody."""
    open_spaces(request.person)
    owners = Item.objects.filter(space=Space.PERSONAL).values("owner")
    person = get_object_or_404(Person.objects.filter(pk__in=owners), pk=person_pk)
    usage = tree.usage(person)
    form = PersonRoomForm(request.POST or None, initial={"room": usage.quota})
    if request.method == "POST":
        form = PersonRoomForm(request.POST)
        if form.is_valid():
            actions.set_room(by=request.person, person=person, quota=form.cleaned_data["room"])
            words = _("The room of %(name)s is changed.")
            messages.success(request, words % {"name": person.display_name})
            return redirect(link("files:rules") + "#personnes")
    default = tree.rules().person_quota
    quota = usage.quota if usage.quota is not None else default
    context = {"person": person, "form": form, "room": room.Room(usage.used, quota, person), "default": default}
    return render(request, "files/rules_room.html", context, status=422 if form.errors else 200)
