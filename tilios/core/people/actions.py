"""Add and change people and groups of a structure."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Account, Group, Membership, Person
from tilios.core.people.roles import Role
from tilios.kit.names import sort_key
from tilios.kit.text import fold


def sort_name(person: Person) -> str:
    """How lists order the person: last name, first name, folded; the name shown when they have neither."""
    key = sort_key(person.given_name, person.family_name) if person.family_name else fold(person.display_name)
    return key[:160]


@transaction.atomic
def create_person(
    *,
    by: Person | None,
    display_name: str = "",
    given_name: str = "",
    family_name: str = "",
    role: int = Role.MEMBER,
    account: Account | None = None,
    **fields: Any,
) -> Person:
    """Add somebody to the structure in scope. Publishes "people.added".

    Raises Invalid("display_name") without any name, NotAllowed for a role above that of `by`.
    """
    require(by is None or role <= by.role, _("You can give a role up to your own."))
    display_name = (display_name or f"{given_name} {family_name}").strip()
    if not display_name:
        raise Invalid("display_name", _("Please give a name."))
    person = Person(
        display_name=display_name[:120],
        given_name=given_name.strip(),
        family_name=family_name.strip(),
        role=role,
        account=account,
        **fields,
    )
    person.sort_name = sort_name(person)
    person.save()
    publish("people.added", by=by, subject=person)
    return person


@transaction.atomic
def create_group(*, by: Person | None, name: str, description: str = "") -> Group:
    """A new group. Publishes "people.group_created"; raises Invalid("name") when the name is empty or taken."""
    name = name.strip()
    if not name:
        raise Invalid("name", _("Please give a name."))
    if Group.objects.filter(name__iexact=name).exists():
        raise Invalid("name", _("There is already a group of this name."))
    group = Group.objects.create(name=name, description=description)
    publish("people.group_created", by=by, target=group)
    return group


@transaction.atomic
def add_to_group(*, by: Person | None, person: Person, group: Group, is_manager: bool = False) -> Membership:
    """Put `person` in `group`, or change whether they manage it. Publishes "people.joined_group"."""
    membership, _created = Membership.objects.update_or_create(
        person=person, group=group, defaults={"is_manager": is_manager}
    )
    publish("people.joined_group", by=by, target=group, subject=person)
    return membership
