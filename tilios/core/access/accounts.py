"""What somebody does with their own account; who is a host."""

from dataclasses import dataclass
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Conflict, Invalid
from tilios.core.journal.actions import publish
from tilios.core.people.models import Account, Person, Status, Theme
from tilios.core.people.roles import Role
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope, unscoped


@transaction.atomic
def change_profile(*, account: Account, name: str, language: str, theme: str, shortcuts: bool) -> Account:
    """What the account says of itself, and how pages look. Raises Invalid(field)."""
    name = " ".join(name.split())
    if not name:
        raise Invalid("name", _("Please give a name."))
    if language and language not in dict(settings.LANGUAGES):
        raise Invalid("language", _("Choose one of the languages proposed."))
    if theme not in Theme.values:
        raise Invalid("theme", _("Choose one of the appearances proposed."))
    account.name, account.language, account.theme, account.shortcuts = name[:120], language, theme, shortcuts
    account.save(update_fields=["name", "language", "theme", "shortcuts"])
    return account


# Leaving ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Leaving:
    """What closing the account does in one structure; `alone` when nobody else could administer it."""

    structure: Structure
    person: Person
    alone: bool


def persons_of(account: Account) -> list[Person]:
    """The account's persons, one a structure, with their structure, by its name; the host's visits left out."""
    with unscoped("somebody's own persons, in every structure"):
        return list(
            Person.objects.filter(account=account, visit_ends_at=None)
            .select_related("structure")
            .order_by("structure__name")
        )


def leaving(account: Account) -> list[Leaving]:
    """What closing `account` would do, structure by structure."""
    persons = persons_of(account)
    with unscoped("who else administers somebody's structures"):
        others = set(
            Person.objects.filter(
                structure__in=[person.structure_id for person in persons],
                role=Role.ADMIN,
                status=Status.ACTIVE,
                visit_ends_at=None,
                account__is_active=True,
            )
            .exclude(account=account)
            .values_list("structure_id", flat=True)
        )
    return [
        Leaving(
            person.structure,
            person,
            alone=person.role == Role.ADMIN and person.is_active and person.structure_id not in others,
        )
        for person in persons
    ]


def is_last_host(account: Account) -> bool:
    return account.is_host and not Account.objects.filter(is_host=True, is_active=True).exclude(pk=account.pk).exists()


@transaction.atomic
def close_account(*, account: Account) -> None:
    """Remove the login for good: address, password, keys, sessions. In each structure the person stays, without login.

    Publishes "portal.account_closed" in each structure and on the instance. Raises Conflict when the account is the
    last administrator of a structure, or the last host.
    """
    # Two administrators who leave at the same moment must not both find the other there.
    list(Account.objects.select_for_update().filter(is_host=True).order_by("pk"))
    places = {person.structure.pk for person in persons_of(account)}
    list(Structure.objects.select_for_update().filter(pk__in=places).order_by("pk"))
    steps = leaving(account)
    alone = [step.structure.name for step in steps if step.alone]
    if alone:
        raise Conflict(
            _("You are the last administrator of %(names)s: name another one first.") % {"names": ", ".join(alone)}
        )
    if is_last_host(account):
        raise Conflict(_("You are the last host of this server: name another one first."))
    for step in steps:
        with scope(step.structure):
            Person.objects.filter(pk=step.person.pk).update(account=None)
            publish("portal.account_closed", by=step.person, subject=step.person)
    _forget_visits(account)
    publish("portal.account_closed", account=account)
    for session in UserSession.objects.filter(user=account):
        session.end()
    with unscoped("nothing in any structure points at the account any more"):
        account.delete()


def _forget_visits(account: Account) -> None:
    with unscoped("the host's visits end with the host's account"):
        visits = Person.objects.filter(account=account).exclude(visit_ends_at=None)
        visits.update(account=None, status=Status.LEFT)


def end_session(*, account: Account, pk: int) -> bool:
    """Sign out one device of `account`; False when it is not there any more, or somebody else's."""
    session = UserSession.objects.filter(user=account, pk=pk).first()
    if session is None:
        return False
    session.end()
    return True


# Hosts --------------------------------------------------------------------------------------------------------------


@transaction.atomic
def set_host(*, by: Account | None, account: Account, is_host: bool) -> None:
    """Give or take the administration of the instance. Publishes "portal.host_given" or "portal.host_taken".

    Raises Conflict for the last host.
    """
    hosts = list(Account.objects.select_for_update().filter(is_host=True, is_active=True).order_by("pk"))
    if not is_host and [host.pk for host in hosts] == [account.pk]:
        raise Conflict(_("This is the last host of the server: name another one first."))
    if Account.objects.filter(pk=account.pk).exclude(is_host=is_host).update(is_host=is_host):
        account.is_host = is_host
        verb = "portal.host_given" if is_host else "portal.host_taken"
        publish(verb, account=by, account_changed=account.pk)


def find(email: str) -> Any:
    """The account of this address, or None."""
    return Account.objects.filter(email=email.strip().lower(), is_active=True).first()
