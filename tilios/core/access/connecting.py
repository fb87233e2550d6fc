"""Give a program its app password without anybody typing it: the login flow that Nextcloud's programs and DAVx5 speak.

    begun = connecting.begin(label="DAVx5")  # the program shows the page of begun.key, and keeps begun.poll_key
    connecting.grant(account=account, key=begun.key, scope="phone")  # its owner agrees, signed in, in their browser
    connecting.collect(poll_key)  # the program asks until it is given (account, password): once

A page may also begin and grant at once, and give the second key to a telephone by a QR code: it is used once.

The password is made when the program collects it: nothing clear is ever kept.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from tilios.core.access import app_passwords
from tilios.core.access.models import DeviceRequest
from tilios.core.people.models import Account

LASTS = timedelta(minutes=20)


@dataclass(frozen=True)
class Begun:
    """The two secrets of a request: one for the page, one for the program."""

    key: str
    poll_key: str


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def begin(*, label: str) -> Begun:
    """A program asks. Callers slow down a network that asks too often. What nobody granted is forgotten here."""
    DeviceRequest.objects.filter(created_at__lt=timezone.now() - LASTS).delete()
    begun = Begun(secrets.token_urlsafe(32), secrets.token_urlsafe(48))
    words = " ".join(label.split())[:80] or "?"
    DeviceRequest.objects.create(key=_digest(begun.key), poll_key=_digest(begun.poll_key), label=words)
    return begun


def waiting(key: str) -> DeviceRequest | None:
    """The request of a page that is not granted yet; None for one that is, is too old, or never was."""
    return _live().filter(key=_digest(key), account=None).first()


def grant(*, account: Account, key: str, scope: str) -> bool:
    """Agree to a request, for one scope of app passwords; False when there is none to agree to any more."""
    if scope not in app_passwords.SCOPES:
        return False
    return bool(_live().filter(key=_digest(key), account=None).update(account=account, scope=scope))


def granted(poll_key: str) -> DeviceRequest | None:
    """The request that waits to be collected with `poll_key`, its account with it; None where there is none."""
    return _live().select_related("account").filter(poll_key=_digest(poll_key)).exclude(account=None).first()


@transaction.atomic
def collect(poll_key: str) -> tuple[Account, str] | None:
    """The account and the new password of a request that was granted: once, then it is forgotten; else None."""
    found = _live().select_for_update(of=("self",)).filter(poll_key=_digest(poll_key)).exclude(account=None).first()
    if found is None or found.account is None or not found.account.is_active:
        return None
    account, scope, label = found.account, found.scope, found.label
    found.delete()
    _row, clear = app_passwords.create(account=account, scope=scope, label=label)
    return account, clear


def _live() -> QuerySet[DeviceRequest]:
    return DeviceRequest.objects.filter(created_at__gte=timezone.now() - LASTS)
