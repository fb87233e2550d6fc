"""The table of rights: raised, lowered, never below the floor, never out of reach of an administrator."""

import pytest

from tests.cast import Cast
from tilios.core.access import role_table, roles
from tilios.core.access.models import ActionRule
from tilios.core.errors import Invalid, NotAllowed
from tilios.core.journal.models import Entry
from tilios.core.people.models import Person
from tilios.core.people.roles import Role
from tilios.core.toolbox import registry


def change(by: Person, **choices: int) -> list[str]:
    named = {name.replace("__", "."): int(least) for name, least in choices.items()}
    return role_table.change_rules(by=by, structure=by.structure, choices=named)


def line(cast: Cast, name: str) -> role_table.Line:
    lines = {line.action.name: line for _tool, lines in role_table.table(cast.fabrique) for line in lines}
    return lines[name]


def test_the_table_holds_every_action_of_the_structures_tools(fabrique: Cast) -> None:
    shown = {line.action.name for _tool, lines in role_table.table(fabrique.fabrique) for line in lines}
    declared = {action.name for tool in registry.everything() for action in tool.actions}
    assert shown == declared


def test_a_tool_switched_off_is_not_in_it(fabrique: Cast) -> None:
    fabrique.fabrique.enabled_tools = []
    assert all(tool.house for tool, _lines in role_table.table(fabrique.fabrique))


def test_an_action_is_raised_lowered_and_put_back(fabrique: Cast) -> None:
    assert change(fabrique.alice, portal__people=Role.MANAGER) == ["portal.people"]
    bob = Person.objects.get(pk=fabrique.bob.pk)
    assert not roles.may(bob, "portal.people")
    change(fabrique.alice, portal__people=Role.GUEST)
    assert roles.may(Person.objects.get(pk=fabrique.gus.pk), "portal.people")
    assert line(fabrique, "portal.people").changed
    change(fabrique.alice, portal__people=Role.MEMBER)
    assert not ActionRule.objects.exists()
    assert Entry.objects.filter(verb="portal.rules_changed").count() == 3


def test_what_does_not_change_is_not_said(fabrique: Cast) -> None:
    assert change(fabrique.alice, portal__people=Role.MEMBER) == []
    assert not Entry.objects.filter(verb="portal.rules_changed").exists()


@pytest.mark.parametrize("least", [Role.GUEST, Role.MANAGER, 15, 0, 50])
def test_no_action_goes_below_its_floor_nor_to_an_unknown_role(fabrique: Cast, least: int) -> None:
    with pytest.raises(Invalid):
        change(fabrique.alice, portal__export=least)


def test_an_unknown_action_is_refused(fabrique: Cast) -> None:
    with pytest.raises(Invalid):
        change(fabrique.alice, portal__nothing=Role.ADMIN)


def test_nobody_hands_out_more_than_they_hold(fabrique: Cast) -> None:
    change(fabrique.alice, portal__settings=Role.MANAGER, portal__journal=Role.ADMIN)
    manon = Person.objects.get(pk=fabrique.manon.pk)
    assert roles.may(manon, "portal.settings")
    with pytest.raises(NotAllowed):
        change(manon, portal__journal=Role.MANAGER)


def test_an_administrator_is_never_shut_out(fabrique: Cast) -> None:
    everything = {
        line.action.name: int(Role.ADMIN) for _tool, lines in role_table.table(fabrique.fabrique) for line in lines
    }
    role_table.change_rules(by=fabrique.alice, structure=fabrique.fabrique, choices=everything)
    alice = Person.objects.get(pk=fabrique.alice.pk)
    assert all(roles.may(alice, name) for name in everything)


def test_an_old_rule_below_a_floor_raised_since_does_not_count(fabrique: Cast) -> None:
    ActionRule.objects.create(action="portal.export", least=Role.GUEST)
    assert line(fabrique, "portal.export").least == Role.ADMIN
    assert not roles.may(Person.objects.get(pk=fabrique.bob.pk), "portal.export")


def test_another_structures_rules_are_not_touched(fabrique: Cast) -> None:
    change(fabrique.alice, portal__people=Role.MANAGER)
    from tilios.core.structures.scope import no_scope, scope

    with no_scope(), scope(fabrique.atelier):
        assert not ActionRule.objects.exists()
