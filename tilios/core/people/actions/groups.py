"""Make groups and say who is in them."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Invalid
from tilios.core.journal.actions import publish
from tilios.core.people.models import Group, Membership, Person


def _checked_name(name: str, *, other_than: Group | None = None) -> str:
    name = " ".join(name.split())
    if not name:
        raise Invalid("name", _("Please give a name."))
    if len(name) > 80:
        raise Invalid("name", _("80 characters at most."))
    others = Group.objects.exclude(pk=other_than.pk) if other_than else Group.objects.all()
    if others.filter(name__iexact=name).exists():
        raise Invalid("name", _("There is already a group of this name."))
    return name


@transaction.atomic
def create_group(*, by: Person | None, name: str, description: str = "") -> Group:
    """A new group. Publishes "people.group_created"; raises Invalid("name") when the name is empty or taken."""
    group = Group.objects.create(name=_checked_name(name), description=description.strip())
    publish("people.group_created", by=by, target=group)
    return group


@transaction.atomic
def change_group(*, by: Person | None, group: Group, name: str, description: str = "") -> Group:
    """Rename or describe the group. Publishes "people.group_changed"; raises Invalid("name")."""
    group = Group.objects.select_for_update().get(pk=group.pk)
    group.name, group.description = _checked_name(name, other_than=group), description.strip()
    group.save(update_fields=["name", "description"])
    publish("people.group_changed", by=by, target=group)
    return group


@transaction.atomic
def delete_group(*, by: Person | None, group: Group) -> None:
    """Remove the group; its people stay. Publishes "people.group_deleted"."""
    publish("people.group_deleted", by=by, target=group)
    Group.objects.filter(pk=group.pk).delete()


@transaction.atomic
def add_to_group(*, by: Person | None, person: Person, group: Group, is_manager: bool = False) -> Membership:
    """Put `person` in `group`, or change whether they manage it. Publishes "people.joined_group"."""
    membership, created = Membership.objects.get_or_create(
        person=person, group=group, defaults={"is_manager": is_manager}
    )
    if not created and membership.is_manager == is_manager:
        return membership
    if not created:
        membership.is_manager = is_manager
        membership.save(update_fields=["is_manager"])
    publish("people.joined_group", by=by, target=group, subject=person, manager=is_manager)
    return membership


@transaction.atomic
def add_many_to_group(*, by: Person | None, people: Iterable[Person], group: Group) -> int:
    """Put `people` in `group`; how many were not in it yet. Publishes one "people.joined_group" for all."""
    numbers = {person.pk for person in people}
    numbers -= set(Membership.objects.filter(group=group).values_list("person_id", flat=True))
    Membership.objects.bulk_create(
        [Membership(person_id=number, group=group) for number in sorted(numbers)], ignore_conflicts=True
    )
    if numbers:
        publish("people.joined_group", by=by, target=group, people=sorted(numbers))
    return len(numbers)


@transaction.atomic
def remove_from_group(*, by: Person | None, person: Person, group: Group) -> None:
    """Take `person` out of `group`. Publishes "people.left_group"; nothing if they were not in it."""
    removed, _rows = Membership.objects.filter(person=person, group=group).delete()
    if removed:
        publish("people.left_group", by=by, target=group, subject=person)
