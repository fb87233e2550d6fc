"""The ways in, on one page; each is changed on allauth's own pages."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tilios.core.access import accounts
from tilios.core.access.guards import account_view


@account_view("GET")
def security(request: Any) -> HttpResponse:
    account = request.user
    keys = list(Authenticator.objects.filter(user=account))
    recovery = next((key for key in keys if key.type == Authenticator.Type.RECOVERY_CODES), None)
    context = {
        "tab": "security",
        "totp": next((key for key in keys if key.type == Authenticator.Type.TOTP), None),
        "passkeys": [key for key in keys if key.type == Authenticator.Type.WEBAUTHN],
        "recovery": recovery,
        "codes_left": len(recovery.wrap().get_unused_codes()) if recovery else 0,
        "devices": UserSession.objects.filter(user=account).count(),
        "pending": EmailAddress.objects.filter(user=account, verified=False).first(),
    }
    return render(request, "portal/account/security.html", context)


@account_view("POST")
def end_session(request: Any, pk: int) -> HttpResponse:
    if accounts.end_session(account=request.user, pk=pk):
        messages.success(request, _("This device is signed out."))
    return redirect("usersessions_list")
