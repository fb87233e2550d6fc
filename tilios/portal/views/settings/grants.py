"""Rights given to one person by name: the list, one more, one taken back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access import grants as given
from tilios.core.access import roles
from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Invalid
from tilios.core.toolbox import registry
from tilios.portal.forms.people.fields import posted, put_error
from tilios.portal.forms.settings import GrantForm


@tool_view("portal.settings", "GET", "POST")
def grants(request: Any) -> HttpResponse:
    """What may be given is what whoever gives may do themselves."""
    actions = [one for one in given.offered(request.structure) if roles.may(request.person, one.name)]
    form = GrantForm(posted(request), actions=actions)
    if request.method == "POST" and form.is_valid():
        try:
            grant = given.give(by=request.person, **form.cleaned_data)
        except Invalid as error:
            put_error(form, error)
        else:
            messages.success(request, _("%(name)s has this right.") % {"name": grant.person})
            return redirect(link("portal:settings_grants"))
    context = {
        "form": form,
        "tab": "rights",
        "lines": [(grant, registry.action(grant.action)) for grant in given.grants()],
        "today": timezone.localdate(),
        "actions": actions,
    }
    return render(request, "portal/settings/grants.html", context, status=422 if form.errors else 200)


@tool_view("portal.settings", "POST")
def take_back(request: Any, grant_pk: int) -> HttpResponse:
    grant = get_object_or_404(given.grants(), pk=grant_pk)
    given.take_back(by=request.person, grant=grant)
    messages.success(request, _("%(name)s no longer has this right.") % {"name": grant.person})
    return redirect(link("portal:settings_grants"))
