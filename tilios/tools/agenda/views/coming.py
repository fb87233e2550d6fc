"""Bring calendars and contacts from another server: say where, look at what would come, confirm, follow, undo."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Invalid, Refused
from tilios.core.shelves.pages import numbers_in
from tilios.tools.agenda.actions import coming as actions
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.forms.servers import ServerForm
from tilios.tools.agenda.models import Coming, Item, Nature
from tilios.tools.agenda.models.servers import ComingState
from tilios.tools.agenda.queries import coming as queries
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.queries.views import collections_of
from tilios.tools.agenda.servers.jobs import SILENT

NOT_TAKEN_SHOWN = 100


@tool_view("agenda.write", "GET", "POST")
def begin(request: Any) -> HttpResponse:
    """Where the other server is; what was brought in lately."""
    open_spaces(request.person)
    form = ServerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.look(by=request.person, **form.cleaned_data)
        except Invalid as error:
            form.add_error(error.field, str(error.message))
        else:
            return redirect(link("agenda:coming", made.pk))
    context = {"form": form, "earlier": queries.coming_of(request.person)[:10]}
    return render(request, "agenda/coming_begin.html", context, status=422 if form.errors else 200)


@tool_view("agenda.write", "GET")
def home(request: Any, coming: int) -> HttpResponse:
    """Where a bringing is, with what can be done about it."""
    return _page(request, _found(request, coming))


def _found(request: Any, pk: int) -> Coming:
    return get_object_or_404(queries.coming_of(request.person), pk=pk)


def _page(
    request: Any, found: Coming, *, problem: str = "", status: int = 200, form: ServerForm | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "coming": found,
        "at": found.state,
        "problem": problem or found.problem,
        "is_silent": found.is_working and found.beat_at < timezone.now() - SILENT,
    }
    if found.state == ComingState.PREPARING:
        context["form"] = form or ServerForm(initial={"address": found.address, "login": found.login})
    elif found.state == ComingState.LOOKED:
        rights = open_spaces(request.person)
        context |= {
            "told": queries.told(found),
            "calendars": _places(rights, Nature.CALENDAR),
            "books": _places(rights, Nature.BOOK),
            "may_own": rights.may("own"),
        }
    elif not found.is_working:
        context |= {"report": queries.report(found), "not_taken": queries.not_taken(found)[:NOT_TAKEN_SHOWN]}
    return render(request, "agenda/coming.html", context, status=status)


def _places(rights: Rights, nature: Nature) -> list[Item]:
    return [one for one in collections_of(rights, nature) if rights.may_put(one, None, is_new=True)]


def _step(request: Any, pk: int, act: Callable[[Coming], object]) -> HttpResponse:
    """Do one step and show where things are; what is refused is said on the same page."""
    found = _found(request, pk)
    try:
        act(found)
    except Refused as error:
        return _page(request, _found(request, pk), problem=str(error.message), status=error.status)
    return redirect(link("agenda:coming", pk))


@tool_view("agenda.write", "POST")
def look(request: Any, coming: int) -> HttpResponse:
    """Look again, at another address perhaps."""
    found, form = _found(request, coming), ServerForm(request.POST)
    if form.is_valid():
        try:
            actions.look(by=request.person, coming=found, **form.cleaned_data)
        except Invalid as error:
            form.add_error(error.field, str(error.message))
        except Refused as error:
            return _page(request, found, problem=str(error.message), status=error.status)
        else:
            return redirect(link("agenda:coming", coming))
    return _page(request, found, form=form, status=422)


@tool_view("agenda.write", "POST")
def start(request: Any, coming: int) -> HttpResponse:
    """Bring in what is ticked, each where its choice says."""
    rights = open_spaces(request.person)

    def act(found: Coming) -> None:
        places = {str(one.pk): one for nature in (Nature.CALENDAR, Nature.BOOK) for one in _places(rights, nature)}
        wanted: dict[int, Item | None] = {}
        for number in numbers_in(request.POST.getlist("choix")):
            chosen = request.POST.get(f"vers-{number}", "")
            if chosen and chosen not in places:
                raise Invalid("collections", _("Choose where each goes."))
            wanted[number] = places.get(chosen)
        actions.start(by=request.person, rights=rights, coming=found, wanted=wanted)

    return _step(request, coming, act)


@tool_view("agenda.write", "POST")
def stop(request: Any, coming: int) -> HttpResponse:
    return _step(request, coming, lambda found: actions.stop(by=request.person, coming=found))


@tool_view("agenda.write", "POST")
def go_on(request: Any, coming: int) -> HttpResponse:
    return _step(request, coming, lambda found: actions.go_on(by=request.person, coming=found))


@tool_view("agenda.write", "POST")
def undo(request: Any, coming: int) -> HttpResponse:
    return _step(request, coming, lambda found: actions.undo(by=request.person, coming=found))


@tool_view("agenda.write", "POST")
def give_up(request: Any, coming: int) -> HttpResponse:
    found = _found(request, coming)
    try:
        actions.give_up(by=request.person, coming=found)
    except Refused as error:
        return _page(request, found, problem=str(error.message), status=error.status)
    return redirect(link("agenda:coming_begin"))
