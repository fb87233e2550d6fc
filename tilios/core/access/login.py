"""Signing in: django-allauth with our adapter (closed registration, slowed guessing, our outbox)."""

import gzip
import time
from functools import cache
from pathlib import Path
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tilios.core.access import attempts, known_devices, networks


class Backend(AuthenticationBackend):
    """allauth's backend. It spends the time of a password check for an unknown address too."""


@cache
def common_passwords() -> frozenset[str]:
    """The 3,000 most used passwords, from the list Django ships in order of use."""
    path = Path(password_validation.__file__).parent / "common-passwords.txt.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return frozenset(line.strip() for _number, line in zip(range(3000), file, strict=False))


class NotTooCommon:
    """Refuse the 3,000 most used passwords, and nothing else: no composition rules (NIST SP 800-63B)."""

    def validate(self, password: str, user: Any = None) -> None:
        if password.lower().strip() in common_passwords():
            raise ValidationError(_("This password is one of the most used: choose another one."), code="common")

    def get_help_text(self) -> str:
        return _("Ten characters or more. A short sentence is easy to remember.")


class LongEnough:
    """Ten characters, whatever they are."""

    def __init__(self, min_length: int = 10) -> None:
        self.min_length = min_length

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) < self.min_length:
            message = _("This password is too short: %(number)s characters at least.") % {"number": self.min_length}
            raise ValidationError(message, code="password_too_short")

    def get_help_text(self) -> str:
        return ""


def let_in(request: HttpRequest, account: Any) -> None:
    """Sign in somebody who has just chosen their password: they are not asked for it again at once."""
    Adapter(request).login(request, account)
    record_authentication(request, account, method="password", email=account.email)


class Adapter(DefaultAccountAdapter):
    """How allauth behaves here."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": gettext_lazy("This account is closed."),
        "email_password_mismatch": gettext_lazy("This address and this password do not go together."),
        "enter_current_password": gettext_lazy("This is not your present password."),
        "incorrect_password": gettext_lazy("This is not your password."),
        "incorrect_code": gettext_lazy("This code is not right, or it is no longer valid."),
        "invalid_password_reset": gettext_lazy("This link is no longer valid: ask for another one."),
        "duplicate_email": gettext_lazy("This is already your address."),
        "too_many_login_attempts": gettext_lazy("Too many tries. Wait a moment, then try again."),
        "rate_limited": gettext_lazy("Too many tries. Wait a moment, then try again."),
        "same_as_current": gettext_lazy("This is already your address."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: accounts are made by invitation, by the first-run page or by the host."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return networks.address(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        # In place of allauth's own count, which each process keeps for itself.
        if wait := attempts.begin(**known_devices.who(request, credentials.get("email", ""))):
            raise ValidationError(attempts.too_many(wait), code="too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
        if user is not None:
            attempts.succeeded(**known_devices.who(request, credentials.get("email", "")))
        return user

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        known_devices.remember(request, response, user.email)
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Before a way in is changed. Somebody who has just signed in is not asked twice."""
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        shown = [record["at"] for record in get_authentication_records(self.request, self.request.user)]
        return max(shown, default=0.0) < time.time() - account_settings.REAUTHENTICATION_TIMEOUT

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_security")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language of whoever receives it, when they have an account."""
        language = getattr(context.get("user"), "language", "") or translation.get_language()
        with translation.override(language):
            super().send_mail(template_prefix, email, context)
