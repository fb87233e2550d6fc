"""Name, language, appearance, shortcuts."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from tilios.core.access import accounts
from tilios.core.access.guards import account_view, public_view
from tilios.portal.forms.account import ProfileForm

YEAR_S = 31_536_000


@account_view("GET", "POST")
def profile(request: Any) -> HttpResponse:
    account = request.user
    initial = {name: getattr(account, name) for name in ProfileForm.base_fields}
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        accounts.change_profile(account=account, **form.cleaned_data)
        # Said in the language just chosen.
        with translation.override(account.language or translation.get_language()):
            messages.success(request, _("Your account has been saved."))
        return redirect("account")
    context = {"form": form, "tab": "profile", "persons": accounts.persons_of(account)}
    return render(request, "portal/account/profile.html", context, status=422 if form.errors else 200)


@public_view("POST", reason="anybody chooses the language they read")
def set_language(request: Any) -> HttpResponse:
    """Keep the language in the account, or in a cookie for the signed out."""
    language = request.POST.get("language", "")
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "/"
    response = redirect(back)
    if language in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            request.user.language = language
            request.user.save(update_fields=["language"])
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=YEAR_S,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )
    return response
