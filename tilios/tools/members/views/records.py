"""The page of a record, its form, coming and leaving."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Invalid, Refused, require
from tilios.core.journal.actions import record_read
from tilios.core.people.models import Membership, Person
from tilios.tools.members import actions, queries, rules
from tilios.tools.members.forms.answers import PREFIX
from tilios.tools.members.forms.records import LeavingForm, RecordForm
from tilios.tools.members.models import Record
from tilios.tools.members.queries import facts
from tilios.tools.members.rules import Reach

WHAT = "members.record"
CONTRIBUTIONS = 10


def visible(request: Any, pk: int) -> Record:
    """The record of the address, or 404."""
    return get_object_or_404(queries.visible_records(request.person), pk=pk)


@tool_view("members.own", "GET")
def record(request: Any, pk: int) -> HttpResponse:
    """One record, as far as the person sees it; a reading is kept where it goes beyond the directory."""
    found = visible(request, pk)
    reach, person = queries.reach(request.person, found), request.person
    context: dict[str, Any] = {
        "record": found,
        "reach": reach,
        "Reach": Reach,
        "own": found.person_id == person.pk,
        "keeper": reach == Reach.REGISTER,
        "may_change": _changes(person, found),
        "may_take_dues": rules.keeps_money(person),
        "sections": facts.sections(person, found, reach),
        "standing": queries.standing_of(found, timezone.localdate()),
    }
    if reach >= Reach.GROUP:
        record_read(by=person, subject=found.person, what=WHAT)
        context["places"] = (
            Membership.objects.filter(person=found.person).select_related("group").order_by("group__name")
        )
    if reach >= Reach.OWN:
        context |= facts.links(found)
    if reach == Reach.REGISTER or rules.is_own(person, found):
        context["history"] = queries.history(found)
    if context["own"]:
        context["readings"] = queries.readings(found)
    if rules.sees_money_of(person, found):
        context["contributions"] = queries.contributions().filter(record=found)[:CONTRIBUTIONS]
    if reach == Reach.REGISTER:
        context["leaving"] = LeavingForm(initial={"on": timezone.localdate()})
    return render(request, "members/record.html", context)


@tool_view("members.own", "GET")
def own(request: Any) -> HttpResponse:
    """One's own record; who is not in the register reads so."""
    found = queries.record_of(request.person)
    if found is not None:
        return redirect(link("members:record", found.pk))
    return render(request, "members/own.html")


@tool_view("members.register", "GET", "POST")
def add(request: Any) -> HttpResponse:
    """A new record: of somebody new, or of a person of the structure (?personne=)."""
    number = request.GET.get("personne", "")
    person = None
    if number.isascii() and number.isdigit() and len(number) < 19:
        person = get_object_or_404(Person.objects.filter(visit_ends_at=None, member_record=None), pk=number)
    form = _form(request, person=person)
    if request.method == "POST" and form.is_valid():
        made = _tried(form, lambda said: actions.add_record(by=request.person, person=person, **said))
        if made is not None:
            messages.success(request, _("%(name)s is in the register.") % {"name": made})
            return redirect(link("members:record", made.pk))
    context = {"form": form, "person": person}
    return render(request, "members/record_form.html", context, status=422 if form.errors else 200)


@tool_view("members.own", "GET", "POST")
def change(request: Any, pk: int) -> HttpResponse:
    """Members change what is theirs of their own record; those who keep the register, everybody's."""
    found = visible(request, pk)
    require(_changes(request.person, found), _("Only those who keep the register change this."))
    form = _form(request, record=found)
    if request.method == "GET":
        record_read(by=request.person, subject=found.person, what=WHAT)
    elif form.is_valid():
        changed = _tried(form, lambda said: actions.change_record(by=request.person, record=found, **said))
        if changed is not None:
            messages.success(request, _("The record is up to date."))
            return redirect(link("members:record", found.pk))
    context = {"form": form, "record": found}
    return render(request, "members/record_form.html", context, status=422 if form.errors else 200)


@tool_view("members.own", "POST")
def leave(request: Any, pk: int) -> HttpResponse:
    """Mark a member as gone. Raises NotAllowed, Invalid, Conflict."""
    found = visible(request, pk)
    form = LeavingForm(request.POST)
    if not form.is_valid():
        raise Invalid("on", _("Give the day of leaving."))
    said = form.cleaned_data
    actions.leave(by=request.person, record=found, on=said["on"], reason=said["reason"])
    messages.success(request, _("%(name)s is marked as gone.") % {"name": found})
    return redirect(link("members:record", found.pk))


@tool_view("members.register", "POST")
def come_back(request: Any, pk: int) -> HttpResponse:
    found = actions.come_back(by=request.person, record=visible(request, pk))
    messages.success(request, _("%(name)s is marked as back.") % {"name": found})
    return redirect(link("members:record", found.pk))


def _changes(person: Person, record: Record) -> bool:
    return rules.changes(person, record, members_change_own=queries.settings().members_change_own)


def _form(request: Any, **about: Any) -> RecordForm:
    if request.method == "POST":
        return RecordForm(request.POST, request.FILES, by=request.person, **about)
    return RecordForm(by=request.person, **about)


def _tried(form: RecordForm, act: Any) -> Record | None:
    """What `act` makes of what the form says; None when it refuses, with the reason in the form."""
    try:
        return act(form.said())
    except Invalid as error:
        name = error.field if error.field in form.fields else f"{PREFIX}{error.field}"
        form.add_error(name if name in form.fields else None, str(error.message))
    except Refused as error:
        form.add_error(None, str(error.message))
    return None
