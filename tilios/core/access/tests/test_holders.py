"""Who may do something, for everybody at once: the same answer as one by one."""

from datetime import timedelta

from django.utils import timezone

from tests.cast import Cast
from tilios.core.access.holders import holders
from tilios.core.access.models import ActionGrant, ActionRule
from tilios.core.access.roles import may
from tilios.core.people.models import Person
from tilios.core.people.roles import Role


def names(action: str) -> list[str]:
    return [person.given_name for person in holders(action)]


def test_by_role_by_the_rules_of_the_structure_and_by_name(fabrique: Cast) -> None:
    assert names("members.register") == ["Manon", "Alice"]
    ActionRule.objects.create(action="members.register", least=Role.ADMIN)
    assert names("members.register") == ["Alice"]
    # Its floor holds, whatever the rule says.
    ActionRule.objects.update(least=Role.GUEST)
    assert names("members.register") == ["Manon", "Alice"]
    yesterday = timezone.localdate() - timedelta(days=1)
    ActionGrant.objects.create(person=fabrique.bob, action="members.register")
    ActionGrant.objects.create(person=fabrique.gus, action="members.register", until=yesterday)
    assert names("members.register") == ["Bob", "Manon", "Alice"]
    for person in Person.objects.all():
        assert may(person, "members.register") is (person in holders("members.register"))
