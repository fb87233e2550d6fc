"""Pages that change one thing of many records: which ones, what, what it would do, how far it is, undoing."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Invalid
from tilios.core.people.imports.queries import progress_of, rows_of
from tilios.core.people.models import ImportState
from tilios.tools.members import queries as register
from tilios.tools.members.actions import mass as actions
from tilios.tools.members.actions import mass_steps as steps
from tilios.tools.members.forms.listing import ListForm
from tilios.tools.members.forms.mass import ThingForm, ValueForm
from tilios.tools.members.forms.searching import query_of
from tilios.tools.members.models import MassEdit, Record
from tilios.tools.members.queries import mass as queries
from tilios.tools.members.queries import searching
from tilios.tools.members.views.searches import read_conditions

PAGE = 50
EDITS = 20


@tool_view("members.register", "GET")
def mass_edits(request: Any) -> HttpResponse:
    """The changes of many records, the newest first."""
    page = Paginator(queries.edits(), EDITS).get_page(request.GET.get("page"))
    return render(request, "members/mass/index.html", {"page": page})


@tool_view("members.register", "POST")
def mass_choose(request: Any) -> HttpResponse:
    """What to change of the records that the form sends along, then its new value, then what it would do.

    Raises Invalid for a selection that cannot be read.
    """
    records, back = _selection(request)
    key = request.POST.get("thing", "")
    thing = queries.thing(key, request.person)
    chosen = ThingForm({"thing": key} if key else None, things=queries.things(request.person))
    form = None
    if thing is not None:
        form = ValueForm(request.POST if request.POST.get("step") == "value" else None, thing=thing)
        if form.is_valid():
            edit = actions.prepare(
                by=request.person, records=records, thing=key, value=form.value(), name=form.words(), back=back
            )
            return redirect(link("members:mass_edit", edit.pk))
    selection = ("query", "conditions", "which", "pick")
    context = {
        "count": records.count(),
        "thing": thing,
        "thing_form": chosen,
        "form": form,
        "back": back,
        "kept": [(name, one) for name in selection for one in request.POST.getlist(name)],
    }
    return render(request, "members/mass/choose.html", context, status=422 if form and form.errors else 200)


def _selection(request: Any) -> tuple[QuerySet[Record], str]:
    """The records meant, and the address of the list that they come from, with its filters."""
    if conditions := request.POST.get("conditions", ""):
        tree = read_conditions(conditions)
        records = searching.found(tree, request.person)
        back = f"{link('members:search')}?{query_of(tree).urlencode()}"
    else:
        query = QueryDict(request.POST.get("query", "")[:2000])
        records = register.listed_records(request.person, ListForm(query, by=request.person).filters())
        back = f"{link('members:home')}?{query.urlencode()}" if query else link("members:home")
    if request.POST.get("which") != "all":
        picked = [int(one) for one in request.POST.getlist("pick") if one.isascii() and one.isdigit() and len(one) < 19]
        records = records.filter(pk__in=picked)
    if not records.exists():
        raise Invalid("pick", _("Tick at least one member."))
    return records, back


def _get(mass_pk: int) -> MassEdit:
    return get_object_or_404(queries.edits(), pk=mass_pk)


@tool_view("members.register", "GET")
def mass_edit(request: Any, mass_pk: int) -> HttpResponse:
    """One change where it stands: what it would do, how far it is, what it did."""
    edit = _get(mass_pk)
    if edit.is_working:
        return render(request, "members/mass/working.html", {"batch": edit, "progress": progress_of(edit)})
    tabs = [(name, label, edit.counts.get(name, 0)) for name, label in _tabs(edit)]
    show = request.GET.get("voir", "")
    if show not in {name for name, _label, _count in tabs}:
        show = next((name for name, _label, count in tabs if count), tabs[0][0])
    page = Paginator(rows_of(edit, show), PAGE).get_page(request.GET.get("page"))
    thing = queries.thing(edit.thing, request.person)
    field = thing.field if thing else None
    context = {
        "edit": edit,
        "tabs": tabs,
        "show": show,
        "page": page,
        "lines": [queries.described(row, field) for row in page],
        "counts": edit.counts,
        "may_act": thing is not None,
        "back": edit.back or link("members:home"),
    }
    return render(request, "members/mass/edit.html", context)


def _tabs(edit: MassEdit) -> list[tuple[str, str]]:
    tabs = [("changed", _("Changed")), ("error", _("Refused")), ("unchanged", _("Nothing to change"))]
    return [("kept", _("Left as they are")), *tabs] if edit.state == ImportState.UNDONE else tabs


@tool_view("members.register", "GET")
def mass_progress(request: Any, mass_pk: int) -> HttpResponse:
    """The bar, asked again every two seconds; once the work is done, the page itself."""
    edit = _get(mass_pk)
    if not request.htmx:
        return redirect(link("members:mass_edit", mass_pk))
    if edit.is_working:
        return render(request, "members/mass/_progress.html", {"batch": edit, "progress": progress_of(edit)})
    response = HttpResponse(status=204)
    response["HX-Redirect"] = link("members:mass_edit", mass_pk)
    return response


@tool_view("members.register", "POST")
def mass_make(request: Any, mass_pk: int) -> HttpResponse:
    steps.make(by=request.person, edit=_get(mass_pk))
    return redirect(link("members:mass_edit", mass_pk))


@tool_view("members.register", "POST")
def mass_undo(request: Any, mass_pk: int) -> HttpResponse:
    steps.undo(by=request.person, edit=_get(mass_pk))
    return redirect(link("members:mass_edit", mass_pk))


@tool_view("members.register", "POST")
def mass_resume(request: Any, mass_pk: int) -> HttpResponse:
    steps.resume(by=request.person, edit=_get(mass_pk))
    return redirect(link("members:mass_edit", mass_pk))


@tool_view("members.register", "POST")
def mass_forget(request: Any, mass_pk: int) -> HttpResponse:
    edit = _get(mass_pk)
    steps.forget(by=request.person, edit=edit)
    messages.success(request, _("Nothing was changed."))
    return redirect(edit.back or link("members:home"))
