"""Colour and logo."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Invalid
from tilios.core.structures.actions import change_structure
from tilios.portal import appearance
from tilios.portal.forms.settings import LookForm, initial_of


@tool_view("portal.settings", "GET", "POST")
def look(request: Any) -> HttpResponse:
    structure = request.structure
    posted = request.method == "POST"
    form = LookForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        initial=initial_of(structure),
        has_logo=structure.logo_id is not None,
    )
    if posted and form.is_valid():
        try:
            logo = appearance.logo_chosen(form, structure.logo)
            change_structure(by=request.person, structure=structure, colour=form.cleaned_data["colour"], logo=logo)
        except Invalid as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _("The look has been saved."))
            return redirect(link("portal:settings_look"))
    context = {
        "form": form,
        "tab": "look",
        "preview": appearance.preview(form["colour"].value()),
        "preview_url": link("portal:settings_colour_preview"),
    }
    return render(request, "portal/settings/look.html", context, status=422 if form.errors else 200)


@tool_view("portal.settings", "GET")
def colour_preview(request: Any) -> HttpResponse:
    """What a colour would give, as a piece of page."""
    return render(
        request, "portal/settings/_preview.html", {"preview": appearance.preview(request.GET.get("colour", ""))}
    )
