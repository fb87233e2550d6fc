"""Signing in: django-allauth with our adapter (closed registration, slowed guessing, our outbox)."""

import gzip
from functools import cache
from pathlib import Path
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from tilios.core.access import attempts, networks


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


class Adapter(DefaultAccountAdapter):
    """How allauth behaves here."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: accounts are made by invitation, by the first-run page or by the host."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return networks.address(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        super().pre_authenticate(request, **credentials)
        wait = attempts.wait_s(account=credentials.get("email", ""), network=networks.network(request))
        if wait:
            raise ValidationError(
                _("Too many wrong passwords. Wait %(seconds)s seconds, then try again.") % {"seconds": wait},
                code="too_many_login_attempts",
            )

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        super().authentication_failed(request, **credentials)
        attempts.failed(account=credentials.get("email", ""), network=networks.network(request))

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        attempts.succeeded(account=user.email)
