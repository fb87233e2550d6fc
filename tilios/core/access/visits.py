"""The host's visits: one hour inside a structure, for a reason that its journal keeps."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Account, Person, Status
from tilios.core.people.roles import Role
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope, unscoped
from tilios.kit.text import fold

LASTS = timedelta(hours=1)
SHORTEST_REASON = 10


@transaction.atomic
def step_in(*, account: Account, structure: Structure, reason: str) -> Person:
    """Let the host in as an administrator for an hour. Publishes "portal.host_stepped_in" with the reason.

    Raises NotAllowed for anybody but a host, Invalid("reason") for less than a few words, Conflict for a host who is
    one of the structure's own people.
    """
    require(account.is_host)
    reason = " ".join(reason.split())[:300]
    if len(reason) < SHORTEST_REASON:
        raise Invalid("reason", _("Say why, in a few words: the structure will read it."))
    with scope(structure):
        person = Person.objects.select_for_update().filter(account=account).first()
        if person is not None and person.visit_ends_at is None:
            raise Conflict(_("You are one of the people of this structure: enter it as such."))
        if person is None:
            name = account.name or account.email
            person = Person(account=account, display_name=name[:120], sort_name=fold(name)[:160])
        person.role, person.status = Role.ADMIN, Status.ACTIVE
        person.visit_ends_at = timezone.now() + LASTS
        person.structure = structure
        person.save()
        publish("portal.host_stepped_in", by=person, account=account, reason=reason)
    return person


@transaction.atomic
def leave(*, account: Account, structure: Structure) -> None:
    """End the visit now. Publishes "portal.host_left"; nothing happens when there is none."""
    with scope(structure):
        person = Person.objects.filter(account=account, visit_ends_at__gt=timezone.now()).first()
        if person is None:
            return
        Person.objects.filter(pk=person.pk).update(visit_ends_at=timezone.now(), status=Status.LEFT)
        publish("portal.host_left", by=person, account=account)


def visits(account: Account) -> list[Person]:
    """The structures the host is in at this moment, as persons with their structure."""
    with unscoped("the host's own visits"):
        return list(
            Person.objects.filter(account=account, visit_ends_at__gt=timezone.now())
            .select_related("structure")
            .order_by("structure__name")
        )
