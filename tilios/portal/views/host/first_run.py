"""The first page of an empty instance."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tilios.core.access.guards import public_view
from tilios.core.access.links import link
from tilios.core.access.login import let_in
from tilios.core.errors import Conflict, Invalid
from tilios.core.people.models import Account
from tilios.portal import first_run as beginning
from tilios.portal.forms.host import FirstRunForm


@public_view("GET", "POST", reason="makes the first administrator, against the code printed in the console")
def first_run(request: HttpRequest) -> HttpResponse:
    if Account.objects.exists():
        raise Http404
    form = FirstRunForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and (answer := _begin(request, form)):
        return answer
    status = 422 if form.errors else 200
    return render(request, "portal/host/first_run.html", {"form": form}, status=status)


def _begin(request: HttpRequest, form: FirstRunForm) -> HttpResponse | None:
    """Make the account and the structure and go in; None when the form says what is wrong."""
    fields: dict[str, Any] = dict(form.cleaned_data)
    try:
        beginning.check(request, fields.pop("code"))
        account, structure = beginning.begin(**fields, language=get_language() or "fr")
    except Invalid as error:
        form.add_error("structure" if error.field == "name" else error.field, error.message)
        return None
    except Conflict as error:
        messages.info(request, error.message)
        return redirect("account_login")
    let_in(request, account)
    messages.success(request, _("Welcome! Say a little more about your structure, or go straight to its home page."))
    return redirect(link("portal:settings", structure=structure))
