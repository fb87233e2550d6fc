"""Everything the instance holds about one account, for its owner to take away."""

from collections.abc import Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone, translation

from tilios.core.access import accounts
from tilios.core.access.models import AppPassword
from tilios.core.journal.models import Entry
from tilios.core.journal.queries import numbers_of
from tilios.core.notify import devices
from tilios.core.people.models import Account, Membership, Person
from tilios.core.structures.scope import scope
from tilios.core.toolbox import registry

FORMAT = "tilios.account/1"
MOST_ENTRIES = 20_000


def collect(account: Account) -> dict[str, Any]:
    """The account as plain values for JSON. Keys are English and stable; words in the language of the account.

    Secrets (password, keys, codes) are left out: nothing could be done with them but harm.
    """
    with translation.override(account.language or translation.get_language()):
        return {
            "format": FORMAT,
            "made_at": timezone.now().isoformat(timespec="seconds"),
            "server": settings.TILIOS_URL,
            "account": _row(account, leave_out=("password", "id")),
            "addresses": list(EmailAddress.objects.filter(user=account).values("email", "verified", "primary")),
            "second_factors": list(
                Authenticator.objects.filter(user=account).values("type", "created_at", "last_used_at")
            ),
            "app_passwords": list(
                AppPassword.objects.filter(account=account).values(
                    "label", "scope", "created_at", "last_used_at", "revoked_at"
                )
            ),
            "devices": list(
                UserSession.objects.filter(user=account).values("created_at", "last_seen_at", "ip", "user_agent")
            ),
            "told_devices": list(
                devices.of_account(account).values("created_at", "last_success_at", "session__user_agent")
            ),
            "structures": [_in_structure(person) for person in accounts.persons_of(account)],
            "journal": list(_lines(Entry.objects.filter(structure=None, account=account.pk))),
        }


def _in_structure(person: Person) -> dict[str, Any]:
    with scope(person.structure):
        memberships = Membership.objects.filter(person=person).select_related("group")
        numbers = numbers_of(person.pk)
        about = Q(actor__in=numbers) | Q(on_behalf__in=numbers) | Q(subject__in=numbers)
        return {
            "structure": person.structure.name,
            "address": person.structure.slug,
            "person": _row(person, leave_out=("id", "structure", "account", "sort_name")),
            "role": str(person.get_role_display()),
            "groups": [{"name": row.group.name, "manages": row.is_manager} for row in memberships],
            "journal": list(_lines(Entry.objects.filter(about, structure=person.structure), person)),
        }


def _row(row: models.Model, leave_out: tuple[str, ...]) -> dict[str, Any]:
    return {
        field.name: _plain(field.value_from_object(row))
        for field in row._meta.concrete_fields
        if field.name not in leave_out
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _lines(entries: Any, person: Person | None = None) -> Iterator[dict[str, Any]]:
    """Journal lines, oldest first. Whoever else is in them stays a number: their name is not ours to give."""
    for entry in entries.order_by("pk")[:MOST_ENTRIES]:
        yield {
            "at": entry.at.isoformat(timespec="seconds"),
            "verb": entry.verb,
            "words": str(registry.verb(entry.verb)),
            "by_me": person is None or person.pk in {entry.actor, entry.on_behalf},
            "about_me": person is not None and entry.subject == person.pk,
            "kind": entry.kind,
            "data": entry.data,
        }
