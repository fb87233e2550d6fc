"""App passwords: the only credential of every door but the web page.

25 random letters and digits, shown once: 125 bits, so one SHA-256 is the right hash (a slow one: 330 ms a request).
"""

import hashlib
import secrets
from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.access import attempts, networks
from tilios.core.access.models import AppPassword
from tilios.core.errors import Invalid
from tilios.core.journal.actions import publish
from tilios.core.people.models import Account
from tilios.core.structures.composed import composed

SCOPES = {
    "files": _("Files (WebDAV)"),
    "calendar": _("Calendars (CalDAV)"),
    "contacts": _("Address books (CardDAV)"),
    "phone": _("Calendars and address books (phone, computer)"),
}
#: The scopes that open more than the one they are called by.
OPENS = {"phone": {"calendar", "contacts"}}
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # no l, o, 0, 1: typed from a screen to a phone
USED_EVERY = timedelta(minutes=5)  # how fine `last_used_at` is


def _digest(password: str) -> str:
    return hashlib.sha256(password.replace("-", "").replace(" ", "").lower().encode()).hexdigest()


@transaction.atomic
def create(*, account: Account, scope: str, label: str) -> tuple[AppPassword, str]:
    """A new app password and its only clear text, as `abcde-fghij-…`. Publishes "portal.app_password_created".

    Raises Invalid("scope") for an unknown scope, Invalid("label") without a label.
    """
    if scope not in SCOPES:
        raise Invalid("scope", _("Choose what this password is for."))
    if not label.strip():
        raise Invalid("label", _("Say which device or program will use it."))
    groups = ["".join(secrets.choice(ALPHABET) for _letter in range(5)) for _group in range(5)]
    clear = "-".join(groups)
    row = AppPassword.objects.create(account=account, scope=scope, label=label.strip()[:80], digest=_digest(clear))
    publish("portal.app_password_created", account=account, scope=scope)
    return row, clear


@transaction.atomic
def revoke(*, account: Account, pk: int) -> None:
    """Take the password back at once; somebody else's is left alone."""
    if AppPassword.objects.filter(account=account, pk=pk, revoked_at=None).update(revoked_at=timezone.now()):
        publish("portal.app_password_revoked", account=account)


def check(request: HttpRequest, *, email: str, password: str, scopes: Collection[str]) -> Account | None:
    """The account whose app password this is, for one of `scopes`, or None; guesses are counted and slowed.

    Two queries when right.
    """
    network = networks.network(request)
    who = {"app": f"{email.strip().lower()} {network}", "network": network}
    if attempts.wait_s(**who):
        return None
    # SECURITY: looked up by its hash, so no comparison leaks where a guess went wrong.
    row = next(iter(_of_digest(_digest(password))), None)
    if row is None or row.account.email != email.strip().lower():
        attempts.failed(**who)
        return None
    now = timezone.now()
    # No guess: a device that was not told that its password is revoked must not slow its owner's others.
    is_over = row.revoked_at or not row.account.is_active or (row.expires_at and row.expires_at <= now)
    if is_over or OPENS.get(row.scope, {row.scope}).isdisjoint(scopes):
        return None
    if row.last_used_at is None or now - row.last_used_at > USED_EVERY:
        AppPassword.objects.filter(pk=row.pk).update(last_used_at=now)
    return row.account


@composed
def _of_digest(digest: str) -> QuerySet[AppPassword]:
    return AppPassword.objects.select_related("account").filter(digest=digest)


def live(account: Account) -> QuerySet[AppPassword]:
    """The app passwords of `account` that still open something, newest first."""
    return AppPassword.objects.filter(account=account, revoked_at=None).filter(
        Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    )
