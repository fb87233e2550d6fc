"""Pages that bring members in: file, columns, trial, progress, undoing. The work is done in the background."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Invalid
from tilios.core.people.imports.queries import progress_of, rows_of, sample, warned
from tilios.core.people.models import ImportState
from tilios.tools.members import rules
from tilios.tools.members.forms.imports import ColumnsForm, FileForm
from tilios.tools.members.imports import actions, queries
from tilios.tools.members.models import MemberImport

PAGE = 50
BATCHES = 20


def _get(request: Any, import_pk: int) -> MemberImport:
    actions.require_keeper(request.person)
    return get_object_or_404(queries.batches(), pk=import_pk)


@tool_view("members.settings", "GET", "POST")
def imports(request: Any) -> HttpResponse:
    """Where to press in each program, the file of a new import, and earlier imports."""
    actions.require_keeper(request.person)
    posted = request.method == "POST"
    form = FileForm(request.POST if posted else None, request.FILES if posted else None)
    if posted and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = actions.read_file(by=request.person, stream=file, name=file.name)
        except Invalid as error:
            form.add_error("file", str(error))
        else:
            return redirect(link("members:import", batch.pk))
    page = Paginator(queries.batches(), BATCHES).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "sees_money": rules.keeps_money(request.person)}
    return render(request, "members/imports/index.html", context, status=422 if form.errors else 200)


@tool_view("members.settings", "GET")
def batch(request: Any, import_pk: int) -> HttpResponse:
    """One import, where it stands: columns, work at hand, trial, result."""
    found = _get(request, import_pk)
    if found.state == ImportState.READ:
        return _columns_page(request, found, ColumnsForm(batch=found, by=request.person))
    if found.is_working:
        return render(request, "members/imports/working.html", {"batch": found, "progress": progress_of(found)})
    return _report(request, found)


def _columns_page(request: Any, found: MemberImport, form: ColumnsForm) -> HttpResponse:
    lines = list(zip(form.column_fields(), sample(found), strict=True))
    context = {"batch": found, "form": form, "lines": lines, "sees_money": form.sees_money}
    return render(request, "members/imports/columns.html", context, status=422 if form.errors else 200)


def _report(request: Any, found: MemberImport) -> HttpResponse:
    """The rows of one outcome, fifty a page, with what each changes or what is wrong with it."""
    counts = found.counts
    show = request.GET.get("voir", "")
    tabs = [(name, label, counts.get(name, 0)) for name, label in _tabs(found)]
    if show not in {name for name, _label, _count in tabs}:
        show = next((name for name, _label, count in tabs if count), "created")
    page = Paginator(rows_of(found, show).select_related("record"), PAGE).get_page(request.GET.get("page"))
    columns = queries.labels()
    context = {
        "batch": found,
        "tabs": tabs,
        "show": show,
        "page": page,
        "lines": [queries.describe(row, columns) for row in page],
        "counts": counts,
        "to_do": counts.get("created", 0) + counts.get("changed", 0),
        "may_go_on": rules.keeps_money(request.person) or not found.takes_dues,
    }
    return render(request, "members/imports/report.html", context)


def _tabs(found: MemberImport) -> list[tuple[str, str]]:
    if found.state == ImportState.UNDONE:
        return [("kept", _("Left as they are"))]
    tabs = [("error", _("Errors")), ("created", _("Created")), ("changed", _("Changed")), ("unchanged", _("Unchanged"))]
    if found.state == ImportState.CHECKED:
        found.counts["warned"] = warned(found)
        tabs.insert(1, ("warned", _("To look at")))
    return tabs


@tool_view("members.settings", "GET", "POST")
def columns(request: Any, import_pk: int) -> HttpResponse:
    """Say what each column holds; GET comes back to it before confirming."""
    found = _get(request, import_pk)
    form = ColumnsForm(request.POST if request.method == "POST" else None, batch=found, by=request.person)
    if request.method == "POST" and form.is_valid():
        try:
            actions.choose_columns(by=request.person, batch=found, columns=form.columns(), **form.chosen())
        except Invalid as error:
            form.add_error(None, str(error))
        else:
            return redirect(link("members:import", found.pk))
    return _columns_page(request, found, form)


@tool_view("members.settings", "GET")
def progress(request: Any, import_pk: int) -> HttpResponse:
    """The bar, asked again every two seconds; once the work is done, the page itself."""
    found = _get(request, import_pk)
    if not request.htmx:
        return redirect(link("members:import", found.pk))
    if found.is_working:
        return render(request, "members/imports/_progress.html", {"batch": found, "progress": progress_of(found)})
    response = HttpResponse(status=204)
    response["HX-Redirect"] = link("members:import", found.pk)
    return response


@tool_view("members.settings", "POST")
def confirm(request: Any, import_pk: int) -> HttpResponse:
    actions.confirm(by=request.person, batch=_get(request, import_pk))
    return redirect(link("members:import", import_pk))


@tool_view("members.settings", "POST")
def undo(request: Any, import_pk: int) -> HttpResponse:
    actions.undo(by=request.person, batch=_get(request, import_pk))
    return redirect(link("members:import", import_pk))


@tool_view("members.settings", "POST")
def resume(request: Any, import_pk: int) -> HttpResponse:
    actions.resume(by=request.person, batch=_get(request, import_pk))
    return redirect(link("members:import", import_pk))


@tool_view("members.settings", "POST")
def discard(request: Any, import_pk: int) -> HttpResponse:
    actions.discard(by=request.person, batch=_get(request, import_pk))
    messages.success(request, _("The file is forgotten. Nothing was changed."))
    return redirect(link("members:imports"))
