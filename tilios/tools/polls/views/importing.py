"""Bring in a poll from Framadate: a trial that says what would be made, then the import."""

import base64
import binascii
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tilios.core.access import undo
from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Invalid
from tilios.core.journal.actions import through
from tilios.core.people.models import Person
from tilios.kit.refusals import Refusal
from tilios.tools.polls import actions, framadate, queries
from tilios.tools.polls.forms import ImportForm
from tilios.tools.polls.models import Option

FAULTS_SHOWN = 100
VOTERS_SHOWN = 20


@tool_view("polls.create", "GET", "POST")
def upload(request: Any) -> HttpResponse:
    if request.method != "POST":
        form = ImportForm(initial={"timezone": request.structure.timezone})
        return render(request, "polls/import.html", {"form": form})
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "polls/import.html", {"form": form}, status=422)
    try:
        content = _content(form)
        reading = framadate.read(content)
    except Refusal as refusal:
        form.add_error("file", _(refusal.message) % refusal.params)
        return render(request, "polls/import.html", {"form": form}, status=422)
    if "import" in request.POST:
        return _import(request, form, content, reading)
    return _trial(request, form, content, reading)


def _content(form: ImportForm) -> bytes:
    file = form.cleaned_data.get("file")
    if file:
        if file.size > framadate.LIMITS.size:
            raise Refusal("sheet_too_large", "This file is too heavy.")
        return file.read()
    try:
        return base64.b64decode(form.cleaned_data["content"], validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refusal("sheet_not_a_sheet", "This file is not a sheet. Give a CSV, ODS or XLSX file.") from error


def _trial(
    request: Any, form: ImportForm, content: bytes, reading: framadate.Reading, *, status: int = 200
) -> HttpResponse:
    given = {name: form.cleaned_data[name] for name in ("title", "timezone", "closed", "anyway")}
    context = {
        "form": ImportForm(initial={**given, "content": base64.b64encode(content).decode()}),
        "reading": reading,
        "options": _names(reading, given["timezone"]),
        "faults": reading.faults[:FAULTS_SHOWN],
        "more_faults": max(0, len(reading.faults) - FAULTS_SHOWN),
        "voters": reading.voters[:VOTERS_SHOWN],
        "more_voters": max(0, len(reading.voters) - VOTERS_SHOWN),
    }
    return render(request, "polls/import_trial.html", context, status=status)


def _names(reading: framadate.Reading, zone: str) -> list[str]:
    tz = ZoneInfo(zone)
    return [Option(**draft.fields(tz)).name_in(tz) for draft in reading.drafts if draft.day or not reading.is_dates]


def _import(request: Any, form: ImportForm, content: bytes, reading: framadate.Reading) -> HttpResponse:
    given = form.cleaned_data
    person: Person = request.person
    try:
        with through("import"):
            poll = actions.import_poll(
                by=person,
                reading=reading,
                title=given["title"],
                timezone=given["timezone"],
                closed=given["closed"],
                anyway=given["anyway"],
            )
    except Invalid:
        return _trial(request, form, content, reading, status=422)
    undo.offer(request, _("The poll is imported."), unimport, pk=poll.pk)
    return redirect(link("polls:detail", poll.pk))


@undo.undoable
def unimport(*, by: Person, pk: int) -> str:
    actions.delete_poll(by=by, poll=get_object_or_404(queries.kept_polls(by), pk=pk))
    return link("polls:home")
