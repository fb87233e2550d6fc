"""Bring in answers from a sheet: a trial that lists every unknown cell, then the import, then its undoing."""

import base64
import binascii
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tilios.core.access import undo
from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Conflict, Invalid
from tilios.core.journal.actions import through
from tilios.core.people.models import Person
from tilios.kit.refusals import Refusal
from tilios.tools.colours import actions, imports, queries
from tilios.tools.colours.forms import ImportForm
from tilios.tools.colours.models import Session
from tilios.tools.colours.views.arriving import kept, shown_to, status_of

FAULTS_SHOWN = 100


@tool_view("colours.edit", "GET", "POST")
def upload(request: Any, pk: int) -> HttpResponse:
    session = kept(request, pk)
    if request.method != "POST":
        return _form(request, session, ImportForm())
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form(request, session, form, status=422)
    try:
        content = _content(form)
        statements = [(one.pk, one.text) for one in session.statements.all()]
        reading = imports.read(content, statements, session.levels)
    except Refusal as refusal:
        form.add_error("file", _(refusal.message) % refusal.params)
        return _form(request, session, form, status=422)
    if "import" in request.POST:
        return _import(request, session, content, reading)
    return _trial(request, session, content, reading, status=422 if reading.faults else 200)


def _form(request: Any, session: Session, form: ImportForm, *, status: int = 200) -> HttpResponse:
    context = {"session": session, "form": form, "shown": shown_to(request, session)}
    return render(request, "colours/import.html", context, status=status)


def _content(form: ImportForm) -> bytes:
    file = form.cleaned_data.get("file")
    if file:
        if file.size > imports.LIMITS.size:
            raise Refusal("sheet_too_large", "This file is too heavy.")
        return file.read()
    try:
        return base64.b64decode(form.cleaned_data["content"], validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refusal("sheet_not_a_sheet", "This file is not a sheet. Give a CSV, ODS or XLSX file.") from error


def _trial(
    request: Any, session: Session, content: bytes, reading: imports.Reading, *, problem: Any = "", status: int = 200
) -> HttpResponse:
    context = {
        "session": session,
        "form": ImportForm(initial={"content": base64.b64encode(content).decode()}),
        "reading": reading,
        "voices": sum(1 for answers in reading.answers if answers),
        "faults": reading.faults[:FAULTS_SHOWN],
        "more_faults": max(0, len(reading.faults) - FAULTS_SHOWN),
        "problem": problem,
    }
    return render(request, "colours/import_trial.html", context, status=status)


def _import(request: Any, session: Session, content: bytes, reading: imports.Reading) -> HttpResponse:
    try:
        with through("import"):
            batch = actions.import_answers(by=request.person, session=session, reading=reading)
    except (Invalid, Conflict) as error:
        return _trial(request, session, content, reading, problem=error.message, status=status_of(error))
    undo.offer(request, _("The answers are imported."), unimport, pk=session.pk, batch=batch)
    return redirect(link("colours:results", session.pk))


@undo.undoable
def unimport(*, by: Person, pk: int, batch: str) -> str:
    session = get_object_or_404(queries.kept_sessions(by), pk=pk)
    actions.undo_import(by=by, session=session, batch=batch)
    return link("colours:detail", pk)
