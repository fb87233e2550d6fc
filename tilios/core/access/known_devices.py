"""Devices that have signed in to an account before: whoever guesses its password elsewhere does not shut them out.

A cookie, signed, holds the account and a number of its own. Wrong passwords from such a device are counted for it alone
("device cookies", OWASP): it has its own five tries, and the account's other count does not stop it.
"""

import secrets
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

from tilios.core.access import networks

COOKIE = "tilios_known"
SALT = "tilios.known-device"
AGE_S = 60 * 60 * 24 * 365
MOST = 5  # accounts remembered on one device: a family, a front desk


def who(request: HttpRequest, email: str) -> dict[str, str]:
    """What a try at the password of `email` is counted for (core/access/attempts.py)."""
    number = _known(request).get(_mark(email))
    if number:
        return {"account": f"{_mark(email)} {number}"}
    return {"account": email, "network": networks.network(request)}


def remember(request: HttpRequest, response: HttpResponseBase, email: str) -> None:
    """Give the device its cookie; one that has it keeps its number, and so its count."""
    known = _known(request)
    mark = _mark(email)
    kept = {key: value for key, value in known.items() if key != mark}
    latest = dict(list(kept.items())[-(MOST - 1) :]) | {mark: known.get(mark) or secrets.token_urlsafe(12)}
    response.set_cookie(
        COOKIE,
        signing.dumps(latest, salt=SALT, compress=True),
        max_age=AGE_S,
        path="/compte/",
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )


def _known(request: HttpRequest) -> dict[str, str]:
    """Number by mark of account, oldest first; nothing for a cookie that is not ours or is too old."""
    try:
        found: Any = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=AGE_S)
    except signing.BadSignature:
        return {}
    return found if isinstance(found, dict) else {}


def _mark(email: str) -> str:
    # SECURITY: keyed, so that the cookie tells nobody which addresses have been here.
    return salted_hmac(SALT, email.strip().lower(), algorithm="sha256").hexdigest()[:24]
