"""Acting for somebody: reads."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from tilios.core.people.models import Mandate, Person, Status


def active(delegate: Person) -> QuerySet[Mandate]:
    """The mandates `delegate` may use now, with the persons represented, in order of their names."""
    return (
        Mandate.objects.filter(delegate=delegate, ended_at=None, person__status=Status.ACTIVE)
        .filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()))
        .select_related("person")
        .order_by("person__sort_name")
    )
