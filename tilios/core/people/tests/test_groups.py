"""Groups and who is in them."""

import pytest
from django.db import IntegrityError

from tests.cast import Cast
from tilios.core.errors import Invalid
from tilios.core.people import actions as people
from tilios.core.people import rules
from tilios.core.people.models import Group, Membership, Person
from tilios.core.people.tests.published import last, verbs
from tilios.core.structures.scope import scope


@pytest.fixture
def group(fabrique: Cast) -> Group:
    return people.create_group(by=fabrique.alice, name="Atelier bois")


@pytest.mark.parametrize("name", ["", "   ", "atelier BOIS", "x" * 81])
def test_a_group_has_a_name_of_its_own(fabrique: Cast, group: Group, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        people.create_group(by=fabrique.alice, name=name)
    assert refused.value.field == "name"


def test_a_group_is_renamed_and_removed_while_its_people_stay(fabrique: Cast, group: Group) -> None:
    people.add_to_group(by=fabrique.alice, person=fabrique.bob, group=group)
    assert people.change_group(by=fabrique.alice, group=group, name="Atelier  bois").name == "Atelier bois"
    people.delete_group(by=fabrique.alice, group=group)
    assert not Group.objects.exists()
    assert Person.objects.filter(pk=fabrique.bob.pk).exists()
    assert verbs()[-2:] == ["people.group_changed", "people.group_deleted"]


def test_joining_managing_and_leaving_are_published_once_each(fabrique: Cast, group: Group) -> None:
    for manager in (False, False, True):
        people.add_to_group(by=fabrique.alice, person=fabrique.bob, group=group, is_manager=manager)
    people.remove_from_group(by=fabrique.alice, person=fabrique.bob, group=group)
    people.remove_from_group(by=fabrique.alice, person=fabrique.bob, group=group)
    assert verbs()[-3:] == ["people.joined_group", "people.joined_group", "people.left_group"]


def test_many_join_at_once_with_one_line_in_the_journal(fabrique: Cast, group: Group) -> None:
    people.add_to_group(by=fabrique.alice, person=fabrique.bob, group=group, is_manager=True)
    count = people.add_many_to_group(by=fabrique.alice, people=[fabrique.bob, fabrique.gus], group=group)
    assert count == 1
    assert last("people.joined_group").data == {"people": [fabrique.gus.pk]}
    assert Membership.objects.get(person=fabrique.bob).is_manager
    assert people.add_many_to_group(by=fabrique.alice, people=[fabrique.bob], group=group) == 0


def test_the_manager_of_a_group_manages_that_one_and_not_while_acting_for_somebody(
    fabrique: Cast, group: Group
) -> None:
    other = people.create_group(by=fabrique.alice, name="Chorale")
    people.add_to_group(by=fabrique.alice, person=fabrique.bob, group=group, is_manager=True)
    assert rules.manages_group(fabrique.bob, group)
    assert not rules.manages_group(fabrique.bob, other)
    assert not rules.manages_group(fabrique.gus, group)
    fabrique.bob.acted_by = fabrique.gus
    assert not rules.manages_group(fabrique.bob, group)


def test_groups_of_two_structures_may_have_one_name(cast: Cast) -> None:
    for structure in (cast.fabrique, cast.atelier):
        with scope(structure):
            people.create_group(by=None, name="Chorale")
    with scope(cast.atelier), pytest.raises(IntegrityError):
        Group.objects.create(name="CHORALE")
