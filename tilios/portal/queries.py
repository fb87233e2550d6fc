"""Reads of the portal that tools' declarations name."""

from django.db.models import QuerySet

from tilios.core.access.roles import may
from tilios.core.people.models import Person
from tilios.core.people.queries import active_people


def visible_people(person: Person) -> QuerySet[Person]:
    """The people `person` may see: everybody with the right to see people, otherwise themselves."""
    if may(person, "portal.edit_people"):
        return Person.objects.filter(visit_ends_at=None)
    if may(person, "portal.people"):
        return active_people()
    return Person.objects.filter(pk=person.pk)
