"""Statuses of the members; offices, who holds them and who held them."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access import grants
from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Conflict, Invalid
from tilios.tools.members.actions import offices as actions
from tilios.tools.members.forms.offices import EndForm, OfficeForm, StatusForm, TermForm
from tilios.tools.members.models import Office, Status, Term


@tool_view("members.settings", "GET", "POST")
def statuses(request: Any) -> HttpResponse:
    """The statuses, with how many have each; POST makes one."""
    form = StatusForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_status(by=request.person, **form.cleaned_data)
        except Invalid as error:
            _put(form, error)
        else:
            return redirect(link("members:statuses"))
    rows = Status.objects.annotate(members=Count("records"))
    return _page(request, "statuses", form, statuses=rows)


@tool_view("members.settings", "GET", "POST")
def change_status(request: Any, status_pk: int) -> HttpResponse:
    found = get_object_or_404(Status, pk=status_pk)
    form = StatusForm(_posted(request), instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_status(by=request.person, status=found, **form.cleaned_data)
        except Invalid as error:
            _put(form, error)
        else:
            return redirect(link("members:statuses"))
    return _page(request, "status_form", form, status=found)


@tool_view("members.settings", "POST")
def remove_status(request: Any, status_pk: int) -> HttpResponse:
    actions.remove_status(by=request.person, status=get_object_or_404(Status, pk=status_pk))
    messages.success(request, _("The status is removed."))
    return redirect(link("members:statuses"))


@tool_view("members.settings", "GET")
def offices(request: Any) -> HttpResponse:
    """The offices and who holds them today."""
    running = Term.objects.filter(starts_on__lte=timezone.localdate()).exclude(ends_on__lt=timezone.localdate())
    terms = Prefetch("terms", running.select_related("record__person"), to_attr="running")
    rows = Office.objects.select_related("group").prefetch_related(terms)
    return render(request, "members/offices/offices.html", {"offices": rows})


@tool_view("members.settings", "GET", "POST")
def add_office(request: Any) -> HttpResponse:
    return _office_form(request, None)


@tool_view("members.settings", "GET", "POST")
def change_office(request: Any, office_pk: int) -> HttpResponse:
    return _office_form(request, get_object_or_404(Office, pk=office_pk))


@tool_view("members.settings", "GET", "POST")
def office(request: Any, office_pk: int) -> HttpResponse:
    """One office: who holds it, who held it; POST starts a term."""
    found = get_object_or_404(Office.objects.select_related("group"), pk=office_pk)
    form = TermForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.start_term(by=request.person, office=found, **form.cleaned_data)
        except (Invalid, Conflict) as error:
            _put(form, error)
        else:
            messages.success(request, _("The term is written."))
            return redirect(link("members:office", found.pk))
    labels = {action.name: action.label for action in grants.offered(request.structure)}
    return _page(
        request,
        "office",
        form,
        office=found,
        terms=found.terms.select_related("record__person"),
        rights=[labels.get(name, name) for name in found.actions],
        today=timezone.localdate(),
    )


@tool_view("members.settings", "POST")
def remove_office(request: Any, office_pk: int) -> HttpResponse:
    actions.remove_office(by=request.person, office=get_object_or_404(Office, pk=office_pk))
    messages.success(request, _("The office is removed."))
    return redirect(link("members:offices"))


@tool_view("members.settings", "POST")
def end_term(request: Any, term_pk: int) -> HttpResponse:
    """Write the last day of a term. Raises Invalid("on") for what is no day."""
    term = get_object_or_404(Term.objects.select_related("record", "office"), pk=term_pk)
    form = EndForm(request.POST)
    if not form.is_valid():
        raise Invalid("on", _("Write the last day of the term."))
    actions.end_term(by=request.person, term=term, on=form.cleaned_data["on"])
    messages.success(request, _("The end of the term is written."))
    return redirect(link("members:office", term.office_id))


def _office_form(request: Any, found: Office | None) -> HttpResponse:
    form = OfficeForm(_posted(request), instance=found, by=request.person)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.save_office(by=request.person, office=found, **form.cleaned_data)
        except Invalid as error:
            _put(form, error)
        else:
            return redirect(link("members:office", made.pk))
    return _page(request, "office_form", form, office=found)


def _posted(request: Any) -> Any:
    return request.POST if request.method == "POST" else None


def _put(form: Any, error: Invalid | Conflict) -> None:
    field = getattr(error, "field", None)
    form.add_error(field if field in form.fields else None, str(error))


def _page(request: Any, name: str, form: Any, **context: Any) -> HttpResponse:
    answer = {"form": form, **context}
    return render(request, f"members/offices/{name}.html", answer, status=422 if form.errors else 200)
