"""Somebody's place in the structure: their role, whether they are still there."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people import rules, watchers
from tilios.core.people.models import Invitation, Person, Status
from tilios.core.people.roles import Role

LAST_ADMINISTRATOR = _(
    "This is the last administrator of the structure: give the role to somebody else with a login first."
)


@transaction.atomic
def change_role(*, by: Person | None, person: Person, role: int) -> Person:
    """Give `person` another role. Publishes "people.role_changed".

    Raises NotAllowed for a role above that of `by`, or somebody above them; Invalid("role") for none of the four;
    Conflict for the last administrator.
    """
    if role not in Role.values:
        raise Invalid("role", _("Choose one of the roles."))
    administrators = _lock_administrators()
    person = Person.objects.select_for_update().get(pk=person.pk)
    require(rules.can_give(by, role), _("You can give a role up to your own."))
    require(rules.outranks(by, person), _("This person has a higher role than yours."))
    before = person.role
    if before == role:
        return person
    if before == Role.ADMIN:
        _keep_one_administrator(administrators, person)
    person.role = role
    person.save(update_fields=["role"])
    _revoke_invitations_above(person)
    # SECURITY: a letter already sent gives the role of today, not that of the day it left.
    Invitation.objects.filter(person=person, revoked_at=None, uses=0).update(role=role)
    publish("people.role_changed", by=by, subject=person, role=int(role), before=before)
    return person


@transaction.atomic
def change_status(*, by: Person | None, person: Person, status: str) -> Person:
    """Mark `person` as gone, or as back. Publishes "people.left" or "people.returned".

    Somebody who has left keeps their record and enters no more. Raises NotAllowed for somebody above `by`,
    Conflict for the last administrator.
    """
    if status not in Status.values:
        raise Invalid("status", _("Choose one of the choices."))
    administrators = _lock_administrators()
    person = Person.objects.select_for_update().get(pk=person.pk)
    require(rules.outranks(by, person), _("This person has a higher role than yours."))
    if person.status == status:
        return person
    if status == Status.LEFT and person.role == Role.ADMIN:
        _keep_one_administrator(administrators, person)
    person.status = status
    person.left_at = timezone.now() if status == Status.LEFT else None
    person.save(update_fields=["status", "left_at"])
    watchers.changed([person])
    _revoke_invitations_above(person)
    if status == Status.LEFT:  # SECURITY: a letter still in a mailbox must not bring them back
        Invitation.objects.filter(person=person, revoked_at=None).update(revoked_at=timezone.now())
    publish("people.left" if status == Status.LEFT else "people.returned", by=by, subject=person)
    return person


def _lock_administrators() -> list[Person]:
    """The administrators, locked: two who demote each other at once wait for one another."""
    return list(Person.objects.select_for_update().filter(role=Role.ADMIN, status=Status.ACTIVE, visit_ends_at=None))


def _keep_one_administrator(administrators: list[Person], person: Person) -> None:
    others = [other for other in administrators if other.pk != person.pk and other.account_id]
    if not others and any(other.pk == person.pk for other in administrators):
        raise Conflict(LAST_ADMINISTRATOR)


def _revoke_invitations_above(person: Person) -> None:
    # SECURITY: an invitation never gives more than whoever made it still has.
    Invitation.objects.filter(created_by=person, revoked_at=None, role__gt=rules.power(person)).update(
        revoked_at=timezone.now()
    )
