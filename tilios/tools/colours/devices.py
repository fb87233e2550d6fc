"""What a device keeps so that a secret answer can be changed from it, and from nowhere else (decision 0012)."""

import secrets

from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

from tilios.tools.colours.models import Session
from tilios.tools.colours.queries import Whom

COOKIE = "tilios_colours"
SALT = "tilios.colours.device"
AGE_S = 60 * 60 * 24 * 180


def secret_of(request: HttpRequest) -> str:
    """The secret of this device, or "" when it has none that is ours."""
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT)
    except signing.BadSignature:
        return ""
    return found if isinstance(found, str) else ""


def secret_for(request: HttpRequest) -> str:
    """The secret of this device, made when it has none; `remember` then sends it."""
    found = secret_of(request) or getattr(request, "new_colours_device", "") or secrets.token_urlsafe(24)
    request.new_colours_device = found  # type: ignore[attr-defined]
    return found


def remember(request: HttpRequest, response: HttpResponseBase) -> None:
    """Give the device its cookie when `secret_for` was asked."""
    if found := getattr(request, "new_colours_device", ""):
        response.set_cookie(
            COOKIE,
            signing.dumps(found, salt=SALT),
            max_age=AGE_S,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )


def key_of(session: Session, whom: Whom) -> str:
    """What the database keeps of the device of a secret voice; "" for a device without a secret.

    SECURITY: keyed by the secret that only the device holds: neither the tables nor the key of the server give it
    back. Who answers is in it, so that a shared computer holds as many voices as there are people in front of it.
    """
    if not whom.device:
        return ""
    who = "".join(f"{name}{one.pk}" for name, one in whom.filters().items())
    return salted_hmac(SALT, f"{session.pk}:{who}:{whom.device}", algorithm="sha256").hexdigest()
