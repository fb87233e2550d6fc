"""Who may do what: the table, and its changes."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tilios.core.access import role_table, roles
from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.people.roles import Role
from tilios.portal.forms.settings import RightsForm, field_of


@tool_view("portal.settings", "GET", "POST")
def rights(request: Any) -> HttpResponse:
    table = role_table.table(request.structure)
    # What the person may not do is shown, and not theirs to change.
    open_lines = [line for _tool, lines in table for line in lines if roles.may(request.person, line.action.name)]
    form = RightsForm(request.POST if request.method == "POST" else None, lines=open_lines)
    if request.method == "POST" and form.is_valid():
        changed = role_table.change_rules(by=request.person, structure=request.structure, choices=form.chosen())
        if changed:
            messages.success(
                request,
                ngettext("One right has changed.", "%(count)s rights have changed.", len(changed))
                % {"count": len(changed)},
            )
        else:
            messages.info(request, _("Nothing has changed."))
        return redirect(link("portal:settings_rights"))
    sections = [
        {
            "tool": tool,
            "lines": [
                {"line": line, "field": form[field_of(line.action.name)] if line in open_lines else None}
                for line in lines
            ],
        }
        for tool, lines in table
    ]
    context = {"form": form, "tab": "rights", "sections": sections, "roles": list(Role)}
    return render(request, "portal/settings/rights.html", context, status=422 if form.errors else 200)
