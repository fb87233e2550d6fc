"""The host's acts on structures: create one with its first administrator, step in and tell the people there."""

from typing import Any

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext

from tilios.core.access import visits
from tilios.core.access.links import link
from tilios.core.errors import Invalid
from tilios.core.notify.actions import notify
from tilios.core.people import actions as people
from tilios.core.people.actions import invitations
from tilios.core.people.models import Account, Person, Status
from tilios.core.people.roles import Role
from tilios.core.structures.actions import create_structure
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.kit.names import split_name


@transaction.atomic
def create(*, account: Account, administrator: str, **fields: Any) -> Structure:
    """A new structure and who will administer it: the host, or whoever has the address `administrator` (invited).

    Raises Invalid(field). Inviting is done during a visit of the host, which the structure's journal shows.
    """
    structure = create_structure(account=account, **fields)
    if not administrator or administrator.strip().lower() == account.email:
        given, family = split_name(account.name)
        with scope(structure):
            people.create_person(
                by=None,
                display_name=account.name or account.email,
                given_name=given[:80],
                family_name=family[:80],
                email=account.email,
                role=Role.ADMIN,
                account=account,
            )
        return structure
    host = visits.step_in(account=account, structure=structure, reason=gettext("To invite its first administrator."))
    with scope(structure):
        try:
            invitations.invite_by_mail(by=host, addresses=[administrator], role=Role.ADMIN)
        except Invalid as error:
            raise Invalid("administrator", error.message) from error
    visits.leave(account=account, structure=structure)
    return structure


@transaction.atomic
def step_in(*, account: Account, structure: Structure, reason: str) -> Person:
    """Enter the structure for an hour, and tell its administrators. Raises what `visits.step_in` raises."""
    person = visits.step_in(account=account, structure=structure, reason=reason)
    with scope(structure):
        administrators = Person.objects.filter(role=Role.ADMIN, status=Status.ACTIVE, visit_ends_at=None)
        notify(
            "portal.host_stepped_in",
            to=administrators,
            by=person,
            text=lambda: gettext("The host of the server has entered your structure: %(reason)s") % {"reason": reason},
            url=link("portal:home"),
        )
    return person


def ends_at(person: Person) -> str:
    """When the visit ends, as it is said: "16:40"."""
    return formats.time_format(timezone.localtime(person.visit_ends_at), "TIME_FORMAT") if person.visit_ends_at else ""
