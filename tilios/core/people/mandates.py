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


def concerning(person: Person) -> QuerySet[Mandate]:
    """Every mandate given by `person`, those that hold first, with the people and the scan."""
    return (
        Mandate.objects.filter(person=person)
        .select_related("person", "delegate", "recorded_by", "ended_by", "scan")
        .order_by("ended_at", "-created_at")
    )


def visible_to(person: Person) -> QuerySet[Mandate]:
    """Those in which `person` has a part."""
    return Mandate.objects.filter(Q(person=person) | Q(delegate=person)).select_related("person", "delegate", "scan")
