"""Groups: what they are, who is in them, who manages them."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.access.roles import may
from tilios.core.errors import Invalid, require
from tilios.core.people import actions as people
from tilios.core.people.models import Group
from tilios.portal import queries
from tilios.portal.forms.people.fields import posted, put_error
from tilios.portal.forms.people.groups import GroupForm

PAGE = 50


def visible(request: Any, group_pk: int) -> Group:
    return get_object_or_404(queries.visible_groups(request.person), pk=group_pk)


@tool_view("portal.people", "GET")
def index(request: Any) -> HttpResponse:
    return render(request, "portal/people/groups.html", {"groups": queries.groups_with_counts(request.person)})


@tool_view("portal.people", "GET")
def group(request: Any, group_pk: int) -> HttpResponse:
    """Its people, fifty a page; for whoever manages it, a search for people to add."""
    found = visible(request, group_pk)
    manages = queries.may_manage_group(request.person, found)
    text = request.GET.get("q", "")[:80] if manages else ""
    context = {
        "group": found,
        "page": Paginator(queries.members_of(found), PAGE).get_page(request.GET.get("page")),
        "manages": manages,
        "keeper": may(request.person, "portal.edit_people"),
        "text": text,
        "candidates": queries.candidates(request.person, text, outside=found) if text else [],
    }
    return render(request, "portal/people/_candidates.html" if request.htmx else "portal/people/group.html", context)


@tool_view("portal.edit_people", "GET", "POST")
def add(request: Any) -> HttpResponse:
    form = GroupForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = people.create_group(by=request.person, **form.cleaned_data)
        except Invalid as error:
            put_error(form, error)
        else:
            return redirect(link("portal:group", made.pk))
    status = 422 if form.errors else 200
    return render(request, "portal/people/group_form.html", {"form": form, "group": None}, status=status)


@tool_view("portal.people", "GET", "POST")
def change(request: Any, group_pk: int) -> HttpResponse:
    found = visible(request, group_pk)
    require(queries.may_manage_group(request.person, found))
    form = GroupForm(posted(request), initial={"name": found.name, "description": found.description})
    if request.method == "POST" and form.is_valid():
        try:
            people.change_group(by=request.person, group=found, **form.cleaned_data)
        except Invalid as error:
            put_error(form, error)
        else:
            return redirect(link("portal:group", found.pk))
    status = 422 if form.errors else 200
    return render(request, "portal/people/group_form.html", {"form": form, "group": found}, status=status)


@tool_view("portal.edit_people", "POST")
def delete(request: Any, group_pk: int) -> HttpResponse:
    found = visible(request, group_pk)
    people.delete_group(by=request.person, group=found)
    messages.success(request, _("The group %(name)s is gone; its people are still there.") % {"name": found.name})
    return redirect(link("portal:groups"))


@tool_view("portal.people", "POST")
def members(request: Any, group_pk: int) -> HttpResponse:
    """Add, remove, name manager or not: `do` says which, `person` whom."""
    found = visible(request, group_pk)
    require(queries.may_manage_group(request.person, found))
    number = request.POST.get("person", "")
    person = queries.visible_people(request.person).filter(pk=int(number) if number.isdecimal() else 0).first()
    if person is None:
        raise Invalid("person", _("Choose a person."))
    match request.POST.get("do", ""):
        case "add":
            people.add_to_group(by=request.person, person=person, group=found)
            messages.success(request, _("%(name)s is in the group.") % {"name": person})
        case "remove":
            people.remove_from_group(by=request.person, person=person, group=found)
            messages.success(request, _("%(name)s is no longer in the group.") % {"name": person})
        case "manager" | "member" as place:
            require(person.memberships.filter(group=found).exists(), _("This person is not in the group."))
            people.add_to_group(by=request.person, person=person, group=found, is_manager=place == "manager")
        case _:
            raise Invalid("do", _("Choose what to do."))
    return redirect(link("portal:group", found.pk))
