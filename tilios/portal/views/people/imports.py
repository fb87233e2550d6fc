"""Bring people in from a sheet: upload, columns, trial, confirmation, undoing. The work is done in the background."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Invalid
from tilios.core.people.imports import actions as imports
from tilios.core.people.imports import queries
from tilios.core.people.models import ImportBatch, ImportState
from tilios.portal.forms.people.fields import posted, put_error, uploaded
from tilios.portal.forms.people.imports import ColumnsForm, FileForm

PAGE = 50
BATCHES = 20


def _get(batch_pk: int) -> ImportBatch:
    return get_object_or_404(queries.batches(), pk=batch_pk)


@tool_view("portal.import_people", "GET", "POST")
def index(request: Any) -> HttpResponse:
    """Earlier imports, and the file of a new one."""
    form = FileForm(posted(request), uploaded(request))
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = imports.read_file(by=request.person, stream=file, name=file.name)
        except Invalid as error:
            put_error(form, error)
        else:
            return redirect(link("portal:import", batch.pk))
    page = Paginator(queries.batches(), BATCHES).get_page(request.GET.get("page"))
    context = {"form": form, "page": page}
    return render(request, "portal/people/imports.html", context, status=422 if form.errors else 200)


@tool_view("portal.import_people", "GET")
def batch(request: Any, batch_pk: int) -> HttpResponse:
    """One import, where it stands: columns, work at hand, trial, result."""
    found = _get(batch_pk)
    if found.state == ImportState.READ:
        return _columns_page(request, found, ColumnsForm(batch=found, by=request.person))
    if found.is_working:
        return render(request, "portal/people/import_working.html", _working(found))
    return _report(request, found)


def _working(found: ImportBatch) -> dict[str, Any]:
    return {"batch": found, "progress": queries.progress_of(found)}


def _columns_page(request: Any, found: ImportBatch, form: ColumnsForm) -> HttpResponse:
    lines = list(zip(form.column_fields(), queries.sample(found), strict=True))
    context = {"batch": found, "form": form, "lines": lines}
    return render(request, "portal/people/import_columns.html", context, status=422 if form.errors else 200)


def _report(request: Any, found: ImportBatch) -> HttpResponse:
    """The rows of one outcome, fifty a page, with what each changes or what is wrong with it."""
    counts = found.counts
    show = request.GET.get("voir", "")
    tabs = [(name, label, counts.get(name, 0)) for name, label in _tabs(found)]
    if show not in {name for name, _label, _count in tabs}:
        show = next((name for name, _label, count in tabs if count), "created")
    page = Paginator(queries.rows_of(found, show), PAGE).get_page(request.GET.get("page"))
    context = {
        "batch": found,
        "tabs": tabs,
        "show": show,
        "page": page,
        "lines": [queries.describe(row) for row in page],
        "counts": counts,
        "to_do": counts.get("created", 0) + counts.get("changed", 0),
    }
    return render(request, "portal/people/import_report.html", context)


def _tabs(found: ImportBatch) -> list[tuple[str, str]]:
    if found.state == ImportState.UNDONE:
        return [("kept", _("Left as they are"))]
    tabs = [("error", _("Errors")), ("created", _("Created")), ("changed", _("Changed")), ("unchanged", _("Unchanged"))]
    if found.state == ImportState.CHECKED:
        found.counts["warned"] = queries.warned(found)
        tabs.insert(1, ("warned", _("To look at")))
    return tabs


@tool_view("portal.import_people", "GET", "POST")
def columns(request: Any, batch_pk: int) -> HttpResponse:
    """Say which field each column holds; GET comes back to it before confirming."""
    found = _get(batch_pk)
    form = ColumnsForm(posted(request), batch=found, by=request.person)
    if request.method == "POST" and form.is_valid():
        try:
            imports.choose_columns(
                by=request.person,
                batch=found,
                columns=form.columns(),
                group=form.cleaned_data["group"],
                role=form.cleaned_data["role"],
            )
        except Invalid as error:
            put_error(form, error)
        else:
            return redirect(link("portal:import", found.pk))
    return _columns_page(request, found, form)


@tool_view("portal.import_people", "GET")
def progress(request: Any, batch_pk: int) -> HttpResponse:
    """The bar, asked again every two seconds; once the work is done, the page itself."""
    found = _get(batch_pk)
    if not request.htmx:
        return redirect(link("portal:import", found.pk))
    if found.is_working:
        return render(request, "portal/people/_import_progress.html", _working(found))
    response = HttpResponse(status=204)
    response["HX-Redirect"] = link("portal:import", found.pk)
    return response


@tool_view("portal.import_people", "POST")
def confirm(request: Any, batch_pk: int) -> HttpResponse:
    imports.confirm(by=request.person, batch=_get(batch_pk))
    return redirect(link("portal:import", batch_pk))


@tool_view("portal.import_people", "POST")
def undo(request: Any, batch_pk: int) -> HttpResponse:
    imports.undo(by=request.person, batch=_get(batch_pk))
    return redirect(link("portal:import", batch_pk))


@tool_view("portal.import_people", "POST")
def resume(request: Any, batch_pk: int) -> HttpResponse:
    imports.resume(by=request.person, batch=_get(batch_pk))
    return redirect(link("portal:import", batch_pk))


@tool_view("portal.import_people", "POST")
def discard(request: Any, batch_pk: int) -> HttpResponse:
    imports.discard(by=request.person, batch=_get(batch_pk))
    messages.success(request, _("The file is forgotten. Nothing was changed."))
    return redirect(link("portal:imports"))
