"""Who the structure is; its tools, language and time."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Invalid
from tilios.core.structures.actions import change_structure
from tilios.core.toolbox import registry
from tilios.portal.forms.settings import IdentityForm, ToolsForm, initial_of


@tool_view("portal.settings", "GET", "POST")
def identity(request: Any) -> HttpResponse:
    return _page(request, IdentityForm, "identity", "portal:settings")


@tool_view("portal.settings", "GET", "POST")
def tools(request: Any) -> HttpResponse:
    return _page(request, ToolsForm, "tools", "portal:settings_tools", declared=registry.tools())


def _page(request: Any, form_class: Any, tab: str, name: str, **context: Any) -> HttpResponse:
    """One form of the structure, on a page of its own."""
    initial = initial_of(request.structure)
    form = form_class(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_structure(by=request.person, structure=request.structure, **form.cleaned_data)
        except Invalid as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _("The settings have been saved."))
            return redirect(link(name))
    context |= {"form": form, "tab": tab}
    return render(request, f"portal/settings/{tab}.html", context, status=422 if form.errors else 200)
