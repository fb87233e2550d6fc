"""The first run: who can read the console proves it with a code, and makes the first administrator."""

import hmac
import secrets

from django.conf import settings

from tilios.core.people.models import Account

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def _path():
    return settings.TILIOS_DATA / "secrets" / "first-run-code"


def new_code() -> str:
    """A new code, kept in the data folder until somebody uses it; replaces the one before."""
    code = "-".join("".join(secrets.choice(ALPHABET) for _letter in range(4)) for _group in range(3))
    path = _path()
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.touch(mode=0o600, exist_ok=True)
    path.write_text(code, "ascii")
    return code


def is_right(code: str) -> bool:
    """Whether `code` is the one printed, in constant time; False once there is an account."""
    path = _path()
    if Account.objects.exists() or not path.is_file():
        return False
    expected = path.read_text("ascii").strip()
    return hmac.compare_digest(expected.encode(), code.strip().upper().encode())


def used() -> None:
    """Forget the code."""
    _path().unlink(missing_ok=True)
