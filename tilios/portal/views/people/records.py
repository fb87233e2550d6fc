"""The record of one person: who may see what is in queries.may_see_details; each reading by another is recorded."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access.entrance import real_person
from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.access.roles import may
from tilios.core.errors import Invalid, require
from tilios.core.journal.actions import record_read
from tilios.core.journal.queries import readings_of
from tilios.core.people import actions as people
from tilios.core.people import mandates, rules
from tilios.core.people.imports.queries import origin_of
from tilios.core.people.models import Membership, Person
from tilios.core.people.queries import history_of, names_of
from tilios.core.toolbox import registry
from tilios.portal import queries
from tilios.portal.forms.people.fields import posted, put_error, role_field
from tilios.portal.forms.people.persons import NewPersonForm, PersonForm

READINGS = 60  # the newest, before those of one day are put together
HISTORY = 15


def visible(request: Any, person_pk: int) -> Person:
    """The person of the address, or 404."""
    return get_object_or_404(queries.visible_people(request.person), pk=person_pk)


@tool_view("portal.home", "GET")
def record(request: Any, person_pk: int) -> HttpResponse:
    """Name, role and groups for everybody who sees people; the rest for the person and those who keep the records."""
    person = visible(request, person_pk)
    own = person.pk == request.person.pk
    keeper = may(request.person, "portal.edit_people")
    details = queries.may_see_details(request.person, person)
    if details:
        record_read(by=request.person, subject=person, what="people.record")
    context = {
        "person": person,
        "own": own,
        "keeper": keeper,
        "details": details,
        "facts": _facts(person, FACTS if details else queries.shared_with(request.person, person)),
        "places": Membership.objects.filter(person=person).select_related("group").order_by("group__name"),
        "may_change": own or (keeper and rules.outranks(request.person, person)),
        "elsewhere": [
            one for answer in registry.capabilities("people.elsewhere") for one in answer(request.person, person)
        ],
    }
    if own:
        context |= {"readings": _readings(person), "may_act_for": mandates.active(real_person(request))}
    if details:
        context |= {"mandates": mandates.concerning(person), "history": _history(person), "origin": origin_of(person)}
    if keeper and rules.outranks(request.person, person):
        context["role_choices"] = role_field(request.person).choices
    return render(request, "portal/people/person.html", context)


FACTS = ("organisation", "email", "phone", "mobile", "address", "birth_date")


def _facts(person: Person, names: tuple[str, ...]) -> list[dict[str, Any]]:
    """What the record says of `names`, in order; what is empty is left out."""
    place = " ".join(part for part in (person.postcode, person.town) if part)
    lines = [line for line in (*person.street.splitlines(), place, person.country) if line]
    found = []
    for name in names:
        value = lines if name == "address" else getattr(person, name)
        if value:
            label = _("address") if name == "address" else Person._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            found.append({"name": name, "label": label, "value": value})
    return found


def _readings(person: Person) -> list[dict[str, Any]]:
    """Who read the record, a line for each person and day."""
    entries = list(readings_of(person)[:READINGS])
    names = names_of([number for entry in entries for number in (entry.actor, entry.on_behalf)])

    def key(entry: Any) -> tuple[Any, ...]:
        return timezone.localdate(entry.at), entry.actor or 0, entry.on_behalf or 0, entry.data.get("what", "")

    lines = []
    for _key, together in groupby(entries, key=key):
        same = list(together)
        lines.append(
            {
                "at": same[0].at,
                "count": len(same),
                "name": names.get(same[0].actor or 0, ""),
                "for": names.get(same[0].on_behalf or 0, ""),
                "exported": same[0].data.get("what") == "people.export",
            }
        )
    return lines


def _history(person: Person) -> list[dict[str, Any]]:
    entries = list(history_of(person)[:HISTORY])
    names = names_of([entry.actor for entry in entries])
    return [
        {"at": entry.at, "name": names.get(entry.actor or 0, ""), "verb": registry.verb(entry.verb)}
        for entry in entries
    ]


@tool_view("portal.edit_people", "GET", "POST")
def add(request: Any) -> HttpResponse:
    form = NewPersonForm(posted(request), by=request.person, instance=Person())
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        group = fields.pop("group")
        try:
            person = people.create_person(by=request.person, **fields)
        except Invalid as error:
            put_error(form, error)
        else:
            if group:
                people.add_to_group(by=request.person, person=person, group=group)
            messages.success(request, _("%(name)s is in the list.") % {"name": person})
            return redirect(link("portal:person", person.pk))
    status = 422 if form.errors else 200
    return render(request, "portal/people/person_form.html", {"form": form, "person": None}, status=status)


@tool_view("portal.home", "GET", "POST")
def change(request: Any, person_pk: int) -> HttpResponse:
    """Everybody corrects their own record; those who keep the records, everybody's."""
    person = visible(request, person_pk)
    own = person.pk == request.person.pk
    require(own or (may(request.person, "portal.edit_people") and rules.outranks(request.person, person)))
    form = PersonForm(posted(request), by=request.person, instance=person)
    if request.method == "GET":
        record_read(by=request.person, subject=person, what="people.record")
    elif form.is_valid():
        try:
            people.change_person(by=request.person, person=person, **form.cleaned_data)
        except Invalid as error:
            put_error(form, error)
        else:
            messages.success(request, _("The record is up to date."))
            return redirect(link("portal:person", person.pk))
    status = 422 if form.errors else 200
    return render(request, "portal/people/person_form.html", {"form": form, "person": person}, status=status)


@tool_view("portal.edit_people", "POST")
def change_role(request: Any, person_pk: int) -> HttpResponse:
    person = visible(request, person_pk)
    role = request.POST.get("role", "")
    person = people.change_role(by=request.person, person=person, role=int(role) if role.isdecimal() else 0)
    messages.success(
        request, _("%(name)s is now: %(role)s.") % {"name": person, "role": person.get_role_display().lower()}
    )
    return redirect(link("portal:person", person.pk))


@tool_view("portal.edit_people", "POST")
def change_status(request: Any, person_pk: int) -> HttpResponse:
    person = people.change_status(
        by=request.person, person=visible(request, person_pk), status=request.POST.get("status", "")
    )
    said = _("%(name)s is marked as back.") if person.is_active else _("%(name)s is marked as gone.")
    messages.success(request, said % {"name": person})
    return redirect(link("portal:person", person.pk))


@tool_view("portal.home", "POST")
def share(request: Any) -> HttpResponse:
    """Choose what everybody of the structure sees of one's own record."""
    person, shown = request.person, set(request.POST.getlist("shown"))
    people.share_details(by=request.person, person=person, email="email" in shown, phones="phones" in shown)
    messages.success(request, _("What you show of yourself is saved."))
    return redirect(f"{link('portal:person', person.pk)}#shown")
