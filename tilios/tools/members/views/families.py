"""Families and the people of member organisations."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Invalid
from tilios.tools.members.actions import families as actions
from tilios.tools.members.actions import organisations
from tilios.tools.members.forms.linking import AffiliationForm, FamilyForm, FamilyMemberForm, PayerForm
from tilios.tools.members.models import Affiliation, Family, Record, RecordKind
from tilios.tools.members.queries import families as queries

PAGE = 50


@tool_view("members.register", "GET", "POST")
def families(request: Any) -> HttpResponse:
    """The families, fifty a page; POST makes one."""
    form = FamilyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = actions.save_family(by=request.person, **form.cleaned_data)
        return redirect(link("members:family", made.pk))
    text = request.GET.get("q", "")[:80]
    page = Paginator(queries.families(text), PAGE).get_page(request.GET.get("page"))
    return _render(request, "families", {"page": page, "text": text, "form": form}, form)


@tool_view("members.register", "GET", "POST")
def family(request: Any, family_pk: int) -> HttpResponse:
    """One family: its people (POST puts one in it), who pays, the letters it receives."""
    found = get_object_or_404(Family, pk=family_pk)
    form = FamilyMemberForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.put_in_family(by=request.person, record=form.cleaned_data["member"], family=found)
        except Invalid as error:
            _put(form, error)
        else:
            return redirect(link("members:family", found.pk))
    return _family(request, found, form)


@tool_view("members.register", "GET", "POST")
def change_family(request: Any, family_pk: int) -> HttpResponse:
    found = get_object_or_404(Family, pk=family_pk)
    form = FamilyForm(request.POST if request.method == "POST" else None, instance=found)
    if request.method == "POST" and form.is_valid():
        actions.save_family(by=request.person, family=found, **form.cleaned_data)
        return redirect(link("members:family", found.pk))
    return _render(request, "family_form", {"family": found, "form": form}, form)


@tool_view("members.register", "POST")
def leave_family(request: Any, family_pk: int, pk: int) -> HttpResponse:
    record = get_object_or_404(Record, pk=pk, family=family_pk)
    actions.put_in_family(by=request.person, record=record, family=None)
    return redirect(link("members:family", family_pk))


@tool_view("members.register", "POST")
def family_payer(request: Any, family_pk: int) -> HttpResponse:
    """Who pays for all the family."""
    found = get_object_or_404(Family, pk=family_pk)
    form = PayerForm(request.POST, people=queries.people_of(found), payer=None)
    if form.is_valid():
        try:
            actions.choose_payer(by=request.person, family=found, payer=form.cleaned_data["payer"])
        except Invalid as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("It is said who pays for this family."))
            return redirect(link("members:family", found.pk))
    return _family(request, found, FamilyMemberForm(), payer_form=form)


@tool_view("members.register", "POST")
def remove_family(request: Any, family_pk: int) -> HttpResponse:
    actions.remove_family(by=request.person, family=get_object_or_404(Family, pk=family_pk))
    messages.success(request, _("The family is removed. Its people stay in the register."))
    return redirect(link("members:families"))


@tool_view("members.register", "GET", "POST")
def organisation(request: Any, pk: int) -> HttpResponse:
    """The people of a member organisation; POST adds one, or changes their role."""
    rows = Record.objects.filter(kind=RecordKind.ORGANISATION).select_related("person")
    found = get_object_or_404(rows, pk=pk)
    form = AffiliationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            organisations.affiliate(
                by=request.person,
                organisation=found,
                record=said["member"],
                title=said["title"],
                is_contact=said["is_contact"],
            )
        except Invalid as error:
            _put(form, error)
        else:
            return redirect(link("members:organisation", found.pk))
    places = found.affiliations.select_related("record__person").order_by("record__person__sort_name", "pk")
    context = {"organisation": found, "places": places, "letters": queries.letters([found]), "form": form}
    return _render(request, "organisation", context, form)


@tool_view("members.register", "POST")
def end_affiliation(request: Any, affiliation_pk: int) -> HttpResponse:
    rows = Affiliation.objects.select_related("organisation", "record__person")
    found = get_object_or_404(rows, pk=affiliation_pk)
    organisations.end_affiliation(by=request.person, affiliation=found)
    return redirect(link("members:organisation", found.organisation_id))


def _family(request: Any, found: Family, form: forms.Form, *, payer_form: PayerForm | None = None) -> HttpResponse:
    people = list(queries.people_of(found))
    payers = {one.payer_id for one in people if one.payer_id}
    payer = next((one for one in people if {one.pk} == payers), None)
    context = {
        "family": found,
        "people": people,
        "letters": queries.letters(people),
        "form": form,
        "payer_form": payer_form or PayerForm(None, people=queries.people_of(found), payer=payer),
    }
    return _render(request, "family", context, payer_form or form)


def _put(form: forms.Form, error: Invalid) -> None:
    form.add_error(error.field if error.field in form.fields else None, str(error))


def _render(request: Any, name: str, context: dict[str, Any], form: forms.BaseForm) -> HttpResponse:
    return render(request, f"members/families/{name}.html", context, status=422 if form.errors else 200)
