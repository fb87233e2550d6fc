"""Somebody's own account: preferences, app passwords, devices, data."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from tilios.core.access.guards import account_view, public_view


@account_view("GET")
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/account/index.html")


@public_view("POST", reason="anybody chooses the language they read")
def set_language(request: HttpRequest) -> HttpResponse:
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
            max_age=31536000,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )
    return response
