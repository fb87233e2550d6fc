"""App passwords: list, create (shown once), revoke."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tilios.core.access import app_passwords
from tilios.core.access.guards import account_view
from tilios.core.errors import Invalid
from tilios.portal.forms.account import AppPasswordForm


@account_view("GET")
def app_password_list(request: Any) -> HttpResponse:
    rows = [
        {"row": row, "scope": app_passwords.SCOPES.get(row.scope, row.scope)}
        for row in app_passwords.live(request.user)
    ]
    return render(request, "portal/account/app_passwords.html", {"rows": rows, "tab": "app_passwords"})


@account_view("GET", "POST")
@reauthentication_required  # SECURITY: a session left open must not become a key that stays.
def app_password_create(request: Any) -> HttpResponse:
    """The form; then the password, on the page that answers it and nowhere else."""
    form = AppPasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            row, clear = app_passwords.create(account=request.user, **form.cleaned_data)
        except Invalid as error:
            form.add_error(error.field, error.message)
        else:
            context = {"row": row, "clear": clear, "scope": app_passwords.SCOPES[row.scope], "tab": "app_passwords"}
            response = render(request, "portal/account/app_password_created.html", context)
            response["Cache-Control"] = "no-store"
            return response
    context = {"form": form, "tab": "app_passwords"}
    return render(request, "portal/account/app_password_new.html", context, status=422 if form.errors else 200)


@account_view("POST")
def app_password_revoke(request: Any, pk: int) -> HttpResponse:
    app_passwords.revoke(account=request.user, pk=pk)
    messages.success(request, _("This password no longer opens anything."))
    return redirect("account_app_passwords")
