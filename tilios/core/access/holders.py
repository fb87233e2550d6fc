"""Who in the structure may do something: those to tell, or to choose among."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from tilios.core.access.models import ActionGrant, ActionRule
from tilios.core.people.models import Person
from tilios.core.people.queries import active_people
from tilios.core.toolbox import registry


def holders(action: str) -> QuerySet[Person]:
    """The active people who may do `action`, by their role or by name, in the order of names. Two queries.

    The same answer as `roles.may`, for everybody at once. LookupError for an action that no tool declares.
    """
    declared = registry.action(action)
    chosen = ActionRule.objects.filter(action=action).values_list("least", flat=True).first()
    allowed = Q(role__gte=max(declared.least if chosen is None else chosen, declared.floor))
    if declared.by_name:
        runs = Q(until=None) | Q(until__gte=timezone.localdate())
        allowed |= Q(Exists(ActionGrant.objects.filter(runs, person=OuterRef("pk"), action=action)))
    return active_people().filter(allowed)
