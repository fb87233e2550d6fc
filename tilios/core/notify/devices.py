"""The devices on which people are told: a browser for as long as it stays signed in, no longer."""

from dataclasses import asdict
from typing import Any

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Conflict
from tilios.core.notify import webpush
from tilios.core.notify.models import Device
from tilios.core.people.models import Account

MOST = 10  # devices of one account


def of_account(account: Account) -> QuerySet[Device]:
    """The devices of `account`, oldest first, with their sessions."""
    return Device.objects.filter(session__user=account).select_related("session")


@transaction.atomic
def register(*, session: UserSession, endpoint: Any, p256dh: Any, auth: Any) -> Device:
    """Tell the human of `session` things on its browser, at the subscription the browser gave.

    A browser has one: it takes the place of the one before, and of whoever used the same browser earlier.
    Raises Invalid or Forbidden for a subscription that is none, Conflict when the account has MOST devices already.
    """
    subscription = webpush.checked(endpoint, p256dh, auth)
    account = Account.objects.select_for_update().get(pk=session.user_id)
    # SECURITY: one browser, one human: what is told to the human before must not show up in front of the next.
    Device.objects.filter(endpoint=subscription.endpoint).exclude(session=session).delete()
    if of_account(account).exclude(session=session).count() >= MOST:
        raise Conflict(_("%(most)s devices are told already: remove one that you no longer use.") % {"most": MOST})
    device, _made = Device.objects.update_or_create(
        session=session, defaults=asdict(subscription) | {"failures": 0, "failing_since": None}
    )
    return device


def forget(*, account: Account, pk: int) -> bool:
    """Tell `account` nothing more on this device; False when it is not there any more, or somebody else's."""
    return bool(of_account(account).filter(pk=pk).delete()[0])


def forget_session(session_key: str | None) -> None:
    """The browser of this session is signed out."""
    Device.objects.filter(session__session_key=session_key or "").delete()


def forget_signed_out(account: Account) -> None:
    """Forget the devices of `account` whose session has ended, its password changed or its time over."""
    for device in of_account(account):
        device.session.purge()


def is_signed_in(device: Device) -> bool:
    """Whether the browser's session still opens the account; otherwise it is forgotten. Three queries."""
    # SECURITY: sessions end in many ways (signing out, another sign-in, a new password, time): each is judged here.
    return not device.session.purge()
