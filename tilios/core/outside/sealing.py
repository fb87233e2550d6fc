"""Keep a password for as long as the work that needs it lasts, unreadable in the database and in its backups."""

import base64
import hashlib
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def seal(text: str) -> str:
    """`text`, encrypted with a key made from the instance's secret."""
    return _fernet().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str | None:
    """What was sealed; None when it was not here, or the instance's secret has changed."""
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


@cache
def _fernet() -> Fernet:
    # SECURITY: a key of its own, made from the instance's secret, which is not in the database nor in its backups.
    key = hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=b"tilios.outside").digest()
    return Fernet(base64.urlsafe_b64encode(key))
