"""Reads of people: who is in the structure, which structures an account belongs to."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from tilios.core.people.models import Account, Group, Person, Status
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import unscoped


def structures_of(account: Account) -> list[Structure]:
    """The structures in which `account` is an active person, by name. One query."""
    with unscoped("somebody's own structures, for the switcher"):
        persons = Person.objects.filter(account=account, status=Status.ACTIVE).filter(
            Q(visit_ends_at=None) | Q(visit_ends_at__gt=timezone.now())
        )
        return list(Structure.objects.filter(pk__in=persons.values("structure")).order_by("name"))


def active_people() -> QuerySet[Person]:
    """Everybody in the structure in scope who has not left, in order of their names; the host's visits left out."""
    return Person.objects.filter(status=Status.ACTIVE, visit_ends_at=None)


def groups_of(person: Person) -> set[int]:
    """Numbers of the groups `person` is in, read once for each `person` object."""
    if "_group_ids" not in person.__dict__:
        person.__dict__["_group_ids"] = set(person.memberships.values_list("group_id", flat=True))
    return person.__dict__["_group_ids"]


def groups() -> QuerySet[Group]:
    return Group.objects.order_by("name")


def by_email(email: str) -> QuerySet[Person]:
    return Person.objects.filter(email__iexact=email.strip())
