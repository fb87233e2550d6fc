"""Take one's data away; close the account."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tilios.core.access import accounts, attempts, known_devices
from tilios.core.access.guards import account_view
from tilios.core.errors import Conflict
from tilios.portal import own_data
from tilios.portal.forms.account import CloseForm


@account_view("GET")
def data(request: Any) -> HttpResponse:
    return render(request, "portal/account/data.html", {"tab": "data"})


@account_view("GET")
def export(request: Any) -> HttpResponse:
    response = JsonResponse(own_data.collect(request.user), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="tilios-compte.json"'
    return response


@account_view("GET", "POST")
def close(request: Any) -> HttpResponse:
    account = request.user
    form = CloseForm(request.POST if request.method == "POST" else None, account=account)
    if request.method == "POST" and form.is_valid():
        wrong = _wrong_password(request, form.cleaned_data.get("password"))
        if wrong:
            form.add_error("password", wrong)
        else:
            try:
                accounts.close_account(account=account)
            except Conflict as error:
                form.add_error(None, str(error.message))
            else:
                logout(request)
                messages.success(request, _("Your account is closed. Thank you for the road together."))
                return redirect("account_login")
    context = {
        "form": form,
        "tab": "data",
        "steps": accounts.leaving(account),
        "last_host": accounts.is_last_host(account),
    }
    return render(request, "portal/account/close.html", context, status=422 if form.errors else 200)


def _wrong_password(request: Any, password: str | None) -> str:
    """Why this password is refused, or ""; guessing is slowed as at the door."""
    if password is None:
        return ""
    account = request.user
    who = known_devices.who(request, account.email)
    if wait := attempts.begin(**who):
        return attempts.too_many(wait)
    if not account.check_password(password):
        return _("This is not your password.")
    attempts.succeeded(**who)
    return ""
