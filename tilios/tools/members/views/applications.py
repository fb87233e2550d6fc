"""Those who ask to join, for those who keep the register: the list, one of them, accepted or refused."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.billing.models import Means
from tilios.core.errors import Conflict, Invalid
from tilios.tools.members import rules
from tilios.tools.members.actions.accepting import accept, refuse
from tilios.tools.members.forms.join_forms import AcceptingForm, RefusingForm
from tilios.tools.members.models import Application, ApplicationState
from tilios.tools.members.queries import joining as queries
from tilios.tools.members.queries.applying import facts_of
from tilios.tools.members.views.duplicates import REASONS

PAGE = 30


@tool_view("members.register", "GET")
def applications(request: Any) -> HttpResponse:
    """Those that wait, the oldest first; answered ones on `?etat=repondues`."""
    answered = request.GET.get("etat") == "repondues"
    rows = queries.visible_applications(request.person)
    waits = ApplicationState.WAITING
    rows = rows.exclude(state=waits).order_by("-decided_at", "-pk") if answered else rows.filter(state=waits)
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "answered": answered,
        "has_forms": queries.listed_forms().exists(),
        "waiting_count": queries.waiting_count(),
    }
    return render(request, "members/joining/applications.html", context)


@tool_view("members.register", "GET")
def application(request: Any, application_pk: int) -> HttpResponse:
    found = _found(request, application_pk)
    return _page(request, found, AcceptingForm(alike=_alike(found)), RefusingForm())


@tool_view("members.register", "POST")
def accept_application(request: Any, application_pk: int) -> HttpResponse:
    found = _found(request, application_pk)
    form = AcceptingForm(request.POST, alike=_alike(found))
    if not form.is_valid():
        return _page(request, found, form, RefusingForm(), status=422)
    try:
        made = accept(by=request.person, application=found, same=form.same())
    except (Conflict, Invalid) as error:
        form.add_error(None, str(error.message))
        return _page(request, _found(request, application_pk), form, RefusingForm(), status=error.status)
    messages.success(request, _("They are members: the letter of welcome is on its way."))
    return redirect(link("members:record", made.record_id))


@tool_view("members.register", "POST")
def refuse_application(request: Any, application_pk: int) -> HttpResponse:
    found = _found(request, application_pk)
    form = RefusingForm(request.POST)
    if not form.is_valid():
        return _page(request, found, AcceptingForm(alike=_alike(found)), form, status=422)
    try:
        refuse(by=request.person, application=found, reason=form.cleaned_data["reason"])
    except Conflict as error:
        form.add_error(None, str(error.message))
        accepting = AcceptingForm(alike={})
        return _page(request, _found(request, application_pk), accepting, form, status=error.status)
    messages.success(request, _("It is refused, and they are told why."))
    return redirect(link("members:applications"))


def _found(request: Any, pk: int) -> Application:
    return get_object_or_404(queries.visible_applications(request.person), pk=pk)


def _alike(found: Application) -> dict[int, Any]:
    return queries.alike(found, found.applicants.all()) if found.state == ApplicationState.WAITING else {}


def _page(
    request: Any, found: Application, form: AcceptingForm, refusing: RefusingForm, *, status: int = 200
) -> HttpResponse:
    people: list[dict[str, Any]] = []
    facts = facts_of(found)
    for one in found.applicants.all():
        near = [(record, [REASONS[why] for why in reasons]) for record, reasons in form.alike.get(one.pk, ())]
        name = f"same_{one.pk}"
        people.append({
            "applicant": one,
            "facts": facts[one.pk],
            "alike": near,
            "field": name if name in form.fields else "",
            "chosen": form.data.get(name, "") if form.is_bound else "",
        })  # fmt: skip
    first = people[0]["applicant"]
    there = queries.person_at(found.email, first) if found.state == ApplicationState.WAITING else None
    context = {
        "application": found,
        "people": people,
        "form": form,
        "refusing": refusing,
        "is_waiting": found.state == ApplicationState.WAITING,
        "sees_money": rules.keeps_money(request.person),
        "there": there,
        "means": Means(found.means).label if found.means in Means.values else "",
    }
    return render(request, "members/joining/application.html", context, status=status)
