"""Who may do what to whom, by their rank; whether the structure lets them do it at all is the guard's business."""

from tilios.core.people.models import Group, Membership, Person
from tilios.core.people.roles import Role


def power(person: Person) -> int:
    """The rank `person` acts with: none once they have left, at most a member's while acting for somebody."""
    if not person.is_active:
        return 0
    # SECURITY: a mandate never lends the powers of a manager or an administrator.
    return min(person.role, Role.MEMBER) if person.acted_by else person.role


def outranks(by: Person | None, person: Person) -> bool:
    """Whether `by` stands as high as `person`; the machine (None) always does."""
    return by is None or person.role <= power(by)


def can_give(by: Person | None, role: int) -> bool:
    """Nobody gives a role above their own."""
    return by is None or role <= power(by)


def manages_group(person: Person, group: Group) -> bool:
    """Whether `person` is among the managers of `group`. One query."""
    # SECURITY: managing a group is a power, and a mandate lends none.
    if not person.is_active or person.acted_by:
        return False
    return Membership.objects.filter(person=person, group=group, is_manager=True).exists()
