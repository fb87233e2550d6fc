"""The first run: who can read the console proves it with a code, and makes the first administrator."""

import hmac
import os
import secrets
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tilios.core.access import attempts, networks
from tilios.core.errors import Conflict, Invalid
from tilios.core.journal.actions import publish
from tilios.core.people import actions as people
from tilios.core.people.models import Account
from tilios.core.people.roles import Role
from tilios.core.structures.actions import create_structure
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.core.toolbox import registry

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def _path() -> Path:
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
    return hmac.compare_digest(_bare(expected), _bare(code))


def _bare(code: str) -> bytes:
    """The code as typed by hand: dashes, spaces and capitals do not matter."""
    return "".join(letter for letter in code.upper() if letter.isalnum()).encode()


def check(request: HttpRequest, code: str) -> None:
    """Raises Invalid("code") when it is wrong, or tried too often."""
    who = {"code": "first run", "network": networks.network(request)}
    if wait := attempts.begin(**who):
        raise Invalid("code", attempts.too_many(wait))
    if not is_right(code):
        raise Invalid("code", _("This is not the code shown where Tilios was started."))
    attempts.succeeded(**who)


def begin(
    *, email: str, password: str, name: str, language: str, structure: str, kind: str
) -> tuple[Account, Structure]:
    """Make the host's account and the first structure, which it administers; the code is used up.

    Raises Conflict when somebody else was quicker, Invalid(field).
    """
    claimed = _claim()
    try:
        with transaction.atomic():
            if Account.objects.exists():
                raise Conflict(_("Somebody has just made the first account: sign in."))
            account = Account.objects.create_user(email, password, name=name.strip(), language=language, is_host=True)
            EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
            tools = [tool.slug for tool in registry.tools() if tool.default_on]
            made = create_structure(name=structure, kind=kind, language=language, enabled_tools=tools, account=account)
            with scope(made):
                given, _space, family = account.name.partition(" ")
                people.create_person(
                    by=None,
                    given_name=given,
                    family_name=family,
                    email=account.email,
                    role=Role.ADMIN,
                    account=account,
                )
            publish("portal.host_given", account=account, account_changed=account.pk)
    except BaseException:
        claimed.rename(_path())
        raise
    claimed.unlink()
    return account, made


def _claim() -> Path:
    """Take the code away from whoever else uses it at this moment: of two renames, one succeeds."""
    claimed = _path().with_name(f"first-run-code.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        return _path().rename(claimed)
    except FileNotFoundError:
        raise Conflict(_("Somebody has just made the first account: sign in.")) from None
