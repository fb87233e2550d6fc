"""Web push: a message encrypted for one browser (RFC 8291, 8188), signed with the server's key (RFC 8292) and handed to
the push service of the browser's maker (RFC 8030), which cannot read it.
"""

import base64
import binascii
import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr, parsedate_to_datetime
from functools import cache
from types import TracebackType
from typing import Any

import http_ece
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Invalid
from tilios.core.outside import Client, OutsideError
from tilios.core.outside.client import origin_of

CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256 (SEC 2, 2.4.2)
SHARED_SECRET_BYTES = 16
LONGEST_ENDPOINT = 1000
TOKEN_LASTS_S = 12 * 60 * 60  # RFC 8292 allows a day
WITHIN_S = 10.0
BLOCK = 512  # bytes: messages are padded to a multiple, so that their length tells little


@dataclass(frozen=True)
class Subscription:
    """What a browser gives: where to knock, and the two keys (base64url) for which to encrypt."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True)
class Outcome:
    """What the push service answered: its status, 0 when nobody did, and after how many seconds it asks to be tried."""

    status: int
    retry_after_s: int | None = None

    @property
    def is_taken(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """Whether the browser has withdrawn (RFC 8030, 7.3)."""
        return self.status in {404, 410}

    @property
    def may_pass(self) -> bool:
        """Whether the same message may be taken later."""
        return self.status == 0 or self.status == 429 or self.status >= 500


def checked(endpoint: Any, p256dh: Any, auth: Any) -> Subscription:
    """The subscription that a browser sent. Raises Invalid when it is none, Forbidden for an address that is no web
    address; whether the address is on the open network is judged with each connection (core/outside).
    """
    if not all(isinstance(value, str) for value in (endpoint, p256dh, auth)) or len(endpoint) > LONGEST_ENDPOINT:
        raise Invalid("subscription", _("The browser did not say where to reach it: try again."))
    if origin_of(endpoint)[0] != "https":
        raise Invalid("subscription", _("A device is only reached at an address that begins with https://."))
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, from_base64url(p256dh))
        secret = from_base64url(auth)
    except (ValueError, binascii.Error) as error:
        raise Invalid("subscription", _("The browser did not say where to reach it: try again.")) from error
    if len(secret) != SHARED_SECRET_BYTES:
        raise Invalid("subscription", _("The browser did not say where to reach it: try again."))
    return Subscription(endpoint, p256dh.rstrip("="), auth.rstrip("="))


def public_key() -> str:
    """The server's key, for which browsers subscribe: 65 bytes, base64url."""
    return to_base64url(_point(_private_key()))


class Courier:
    """Hands messages over, one connection and one signature for each push service. Use it with `with`."""

    def __init__(self) -> None:
        self._client = Client(within_s=WITHIN_S)
        self._tokens: dict[str, str] = {}
        self._silent: set[str] = set()  # services that did not answer: the others do not wait for them again

    def __enter__(self) -> "Courier":
        return self

    def __exit__(self, _type: type | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self._client.close()

    def hand(self, to: Subscription, payload: Mapping[str, Any], *, ttl_s: int, urgent: bool, topic: str) -> Outcome:
        """Give `payload` to the service, which keeps it at most `ttl_s` for a browser that is off."""
        scheme, host, port = origin_of(to.endpoint)
        audience = f"{scheme}://{host}" + ("" if port == 443 else f":{port}")
        if audience in self._silent:
            return Outcome(0)
        headers = {
            "Authorization": f"vapid t={self._token(audience)}, k={public_key()}",
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "TTL": str(ttl_s),
            "Urgency": "high" if urgent else "normal",
        }
        if topic:
            headers["Topic"] = topic
        try:
            with self._client.ask("POST", to.endpoint, headers=headers, body=encrypted(to, payload)) as answer:
                return Outcome(answer.status, _seconds(answer.headers.get("Retry-After", "")))
        except OutsideError:
            self._silent.add(audience)
            return Outcome(0)

    def _token(self, audience: str) -> str:
        if audience not in self._tokens:
            self._tokens[audience] = signed_token(audience)
        return self._tokens[audience]


def encrypted(to: Subscription, payload: Mapping[str, Any]) -> bytes:
    """`payload` as JSON that this browser alone can read; a key of its own for each message."""
    clear = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    padded = clear.ljust(-(-len(clear) // BLOCK) * BLOCK)  # spaces after JSON mean nothing
    return http_ece.encrypt(
        padded,
        salt=os.urandom(16),
        private_key=ec.generate_private_key(CURVE),
        dh=from_base64url(to.p256dh),
        auth_secret=from_base64url(to.auth),
        version="aes128gcm",
    )


def signed_token(audience: str) -> str:
    """Who sends, for one push service and for some hours: a JWT signed with ES256 (RFC 8292, 2)."""
    claims = {"aud": audience, "exp": int(time.time()) + TOKEN_LASTS_S, "sub": _contact()}
    said = f"{_json({'typ': 'JWT', 'alg': 'ES256'})}.{_json(claims)}"
    r, s = utils.decode_dss_signature(_private_key().sign(said.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{said}.{to_base64url(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def to_base64url(value: bytes) -> str:
    """Without the padding, as RFC 7515 writes it."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Raises ValueError for what is no base64url."""
    return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)


@cache
def _private_key() -> ec.EllipticCurvePrivateKey:
    # SECURITY: a key of its own, made from the instance's secret, which is not in the database nor in its backups;
    # 48 bytes leave no bias once reduced (FIPS 186-5, A.2.1). Browsers are bound to it: another info forgets them all.
    derivation = HKDF(algorithm=hashes.SHA256(), length=48, salt=None, info=b"tilios.notify.vapid")
    secret = int.from_bytes(derivation.derive(settings.SECRET_KEY.encode()), "big")
    return ec.derive_private_key(secret % (ORDER - 1) + 1, CURVE)


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _contact() -> str:
    """Where a push service complains: the site, else the address from which mail leaves."""
    if settings.TILIOS_URL.startswith("https://"):
        return settings.TILIOS_URL
    return f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"


def _json(value: Mapping[str, Any]) -> str:
    return to_base64url(json.dumps(value, separators=(",", ":")).encode())


def _seconds(retry_after: str) -> int | None:
    """Seconds of a Retry-After header, which is a number or a date (RFC 9110, 10.2.3); None for anything else."""
    if retry_after.isascii() and retry_after.isdigit():
        return int(retry_after[:9])
    try:
        return max(0, int(parsedate_to_datetime(retry_after).timestamp() - time.time()))
    except (ValueError, OverflowError):
        return None
