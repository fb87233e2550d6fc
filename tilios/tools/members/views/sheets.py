"""Sheets of labels of the structure's own."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Invalid
from tilios.tools.members.actions import papers as actions
from tilios.tools.members.forms.papers import SheetForm
from tilios.tools.members.models import LabelSheet
from tilios.tools.members.papers import labels


@tool_view("members.register", "GET")
def sheets(request: Any) -> HttpResponse:
    """Those sold in shops, and the structure's own."""
    own = [{"row": row, "words": labels.described(labels.own_sheet(row))} for row in LabelSheet.objects.all()]
    context = {"own": own, "sold": [labels.described(sheet) for sheet in labels.SOLD]}
    return render(request, "members/papers/sheets.html", context)


@tool_view("members.register", "GET", "POST")
def add_sheet(request: Any) -> HttpResponse:
    return _form(request, None)


@tool_view("members.register", "GET", "POST")
def change_sheet(request: Any, sheet_pk: int) -> HttpResponse:
    return _form(request, get_object_or_404(LabelSheet, pk=sheet_pk))


@tool_view("members.register", "POST")
def remove_sheet(request: Any, sheet_pk: int) -> HttpResponse:
    actions.remove_sheet(by=request.person, sheet=get_object_or_404(LabelSheet, pk=sheet_pk))
    messages.success(request, _("The sheet is removed."))
    return redirect(link("members:sheets"))


def _form(request: Any, sheet: LabelSheet | None) -> HttpResponse:
    form = SheetForm(request.POST if request.method == "POST" else None, instance=sheet)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_sheet(by=request.person, sheet=sheet, **form.cleaned_data)
        except Invalid as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, _("The sheet is saved."))
            return redirect(link("members:sheets"))
    context = {"form": form, "sheet": sheet}
    return render(request, "members/papers/sheet.html", context, status=422 if form.errors else 200)
