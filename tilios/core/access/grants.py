"""Rights given to one person by name: the treasurer's, the secretary's."""

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.access import roles
from tilios.core.access.models import ActionGrant
from tilios.core.errors import Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person, Status
from tilios.core.structures.models import Structure
from tilios.core.toolbox import registry
from tilios.core.toolbox.declaration import Action


def offered(structure: Structure) -> list[Action]:
    """The actions that may be given by name: of what surrounds the tools, of the tools switched on, in their order."""
    tools = [*(tool for tool in registry.everything() if tool.house), *registry.enabled(structure)]
    return [action for tool in tools for action in tool.actions if action.by_name]


def grants() -> QuerySet[ActionGrant]:
    """Every right given by name, those that have ended included, with whom it is given to and by whom."""
    return ActionGrant.objects.select_related("person", "given_by")


@transaction.atomic
def give(*, by: Person, person: Person, action: str, until: date | None = None) -> ActionGrant:
    """Give `person` the right to do `action`, until a day included; given again, its end changes.

    Publishes "portal.right_given". Raises NotAllowed unless `by` may do it themselves, Invalid("action") for one that
    is not given by name, Invalid("person") for somebody who has left, Invalid("until") for a day that has passed.
    """
    if action not in {one.name for one in offered(by.structure)}:
        raise Invalid("action", _("Choose one of the rights proposed."))
    # SECURITY: nobody hands out more than they hold.
    require(roles.may(by, action), _("You can only give the rights that you have yourself."))
    if person.status != Status.ACTIVE:
        raise Invalid("person", _("This person has left."))
    if until and until < timezone.localdate():
        raise Invalid("until", _("This day has passed."))
    grant, _created = ActionGrant.objects.update_or_create(
        person=person, action=action, defaults={"until": until, "given_by": by}
    )
    publish("portal.right_given", by=by, subject=person, action=action)
    return grant


@transaction.atomic
def take_back(*, by: Person, grant: ActionGrant) -> None:
    """Take a right back. Publishes "portal.right_taken_back"; raises NotAllowed unless `by` may do it themselves."""
    require(roles.may(by, grant.action), _("You can only give the rights that you have yourself."))
    publish("portal.right_taken_back", by=by, subject=grant.person, action=grant.action)
    ActionGrant.objects.filter(pk=grant.pk).delete()
