"""The structures of the instance: sizes, suspending, visits."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tilios.core.access import visits
from tilios.core.access.guards import host_view
from tilios.core.access.links import link
from tilios.core.errors import Conflict, Invalid
from tilios.core.structures import actions
from tilios.core.structures.models import Structure
from tilios.core.structures.sizes import sizes
from tilios.portal import hosting
from tilios.portal.forms.host import ReasonForm

ON_A_PAGE = 50


@host_view("GET")
def structures(request: Any) -> HttpResponse:
    query = request.GET.get("q", "").strip()
    found = Structure.objects.filter(name__icontains=query) if query else Structure.objects.all()
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    by_structure = sizes(page.object_list)
    context = {
        "page": page,
        "query": query,
        "rows": [{"structure": row, "size": by_structure[row.pk]} for row in page],
        "visits": visits.visits(request.user),
        "tab": "structures",
    }
    return render(request, "portal/host/structures.html", context)


@host_view("GET")
def structure(request: Any, slug: str) -> HttpResponse:
    return _page(request, get_object_or_404(Structure, slug=slug))


def _page(request: Any, found: Structure, *, step_in: Any = None, suspend: Any = None) -> HttpResponse:
    """The page of a structure, with the form that was refused if there is one."""
    visit = next((person for person in visits.visits(request.user) if person.structure_id == found.pk), None)
    context = {
        "found": found,
        "size": sizes([found])[found.pk],
        "visit": visit,
        "step_in": step_in or _visit_form(),
        "suspend": suspend or _suspension_form(),
        "home_url": link("portal:home", structure=found),
        "tab": "structures",
    }
    return render(request, "portal/host/structure.html", context, status=422 if step_in or suspend else 200)


def _visit_form(data: Any = None) -> ReasonForm:
    words = _("The structure reads it, and its journal keeps it for good: name nobody.")
    return ReasonForm(data, prefix="visit", help_text=words)


def _suspension_form(data: Any = None) -> ReasonForm:
    return ReasonForm(data, prefix="suspension", help_text=_("Whoever finds the door closed reads it."))


@host_view("POST")
def suspend(request: Any, slug: str) -> HttpResponse:
    found = get_object_or_404(Structure, slug=slug)
    form = _suspension_form(request.POST)
    if not form.is_valid():
        return _page(request, found, suspend=form)
    actions.suspend(account=request.user, structure=found, reason=form.cleaned_data["reason"])
    messages.success(request, _("%(name)s is suspended: nothing is lost, its doors are closed.") % {"name": found})
    return redirect("host_structure", slug)


@host_view("POST")
def resume(request: Any, slug: str) -> HttpResponse:
    found = get_object_or_404(Structure, slug=slug)
    actions.resume(account=request.user, structure=found)
    messages.success(request, _("%(name)s is open again.") % {"name": found})
    return redirect("host_structure", slug)


@host_view("POST")
def step_in(request: Any, slug: str) -> HttpResponse:
    found = get_object_or_404(Structure, slug=slug)
    form = _visit_form(request.POST)
    if form.is_valid():
        try:
            person = hosting.step_in(account=request.user, structure=found, reason=form.cleaned_data["reason"])
        except Invalid as error:
            form.add_error(error.field, error.message)
        except Conflict as error:
            form.add_error(None, str(error.message))
        else:
            words = _("You are in %(name)s until %(time)s. Its journal says so.")
            messages.info(request, words % {"name": found, "time": hosting.ends_at(person)})
            return redirect(link("portal:home", structure=found))
    return _page(request, found, step_in=form)


@host_view("POST")
def leave(request: Any, slug: str) -> HttpResponse:
    found = get_object_or_404(Structure, slug=slug)
    visits.leave(account=request.user, structure=found)
    messages.success(request, _("You have left %(name)s.") % {"name": found})
    return redirect("host_structure", slug)
