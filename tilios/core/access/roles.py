"""May this person do that? The tool's declaration, changed by the structure's own table."""

from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from tilios.core.access.models import ActionGrant, ActionRule
from tilios.core.people.models import Person
from tilios.core.people.roles import Role
from tilios.core.structures.composed import composed
from tilios.core.toolbox import registry


def least_roles(person: Person) -> dict[str, int]:
    """The structure's own choices, read once for each `person` object (so once a request)."""
    if "_least_roles" not in person.__dict__:
        person.__dict__["_least_roles"] = dict(decided_roles())
    return person.__dict__["_least_roles"]


@composed
def decided_roles() -> QuerySet[ActionRule, tuple[str, int]]:
    """(action, least role) of each choice of the structure in scope."""
    return ActionRule.objects.values_list("action", "least")


def effective_role(person: Person) -> int:
    """The role of `person`, 0 for somebody who has left; acting for somebody gives at most a member's rights."""
    if not person.is_active:
        return 0
    # SECURITY: a mandate never lends the powers of a manager or an administrator.
    return min(person.role, Role.MEMBER) if person.acted_by else person.role


def may(person: Person | None, action: str) -> bool:
    """Whether `person` may do `action` in their structure; LookupError for an action no tool declares."""
    declared = registry.action(action)
    if person is None:
        return False
    tool = registry.tool(action.partition(".")[0])
    if tool is None or not (tool.house or tool.slug in person.structure.enabled_tools):
        return False
    least = max(least_roles(person).get(action, declared.least), declared.floor)
    return effective_role(person) >= least or (declared.by_name and action in granted(person))


def granted(person: Person) -> set[str]:
    """The actions given to `person` by name that hold today, read once for each `person` object."""
    # SECURITY: a mandate lends nobody's office, and one who has left holds none.
    if person.acted_by or not person.is_active:
        return set()
    if "_granted" not in person.__dict__:
        today = timezone.localdate()
        person.__dict__["_granted"] = {action for action, until in _grants(person.pk) if not until or until >= today}
    return person.__dict__["_granted"]


@composed
def _grants(person: int) -> QuerySet[ActionGrant, tuple[str, date | None]]:
    return ActionGrant.objects.filter(person=person).order_by().values_list("action", "until")
