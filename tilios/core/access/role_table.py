"""Who may do what in a structure: the table its administrators read and change."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tilios.core.access import roles
from tilios.core.access.models import ActionRule
from tilios.core.errors import Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.core.people.roles import Role
from tilios.core.structures.models import Structure
from tilios.core.toolbox import registry
from tilios.core.toolbox.declaration import Action, Tool


@dataclass(frozen=True)
class Line:
    """One action: the least role now, what the tool proposes, the lowest that may be chosen."""

    action: Action
    least: Role
    default: Role
    floor: Role

    @property
    def changed(self) -> bool:
        return self.least != self.default

    @property
    def choices(self) -> list[Role]:
        return [role for role in Role if role >= self.floor]


def table(structure: Structure) -> list[tuple[Tool, list[Line]]]:
    """The actions of the house and of each tool switched on, in the order of the menu. One query."""
    chosen = dict(ActionRule.objects.values_list("action", "least"))
    houses = [tool for tool in registry.everything() if tool.house]
    lines = [(tool, [_line(action, chosen) for action in tool.actions]) for tool in houses]
    lines += [(tool, [_line(action, chosen) for action in tool.actions]) for tool in registry.enabled(structure)]
    return [(tool, actions) for tool, actions in lines if actions]


def _line(action: Action, chosen: Mapping[str, int]) -> Line:
    default = Role(max(action.least, action.floor))
    least = Role(max(chosen.get(action.name, default), action.floor))
    return Line(action, least, default, action.floor)


@transaction.atomic
def change_rules(*, by: Person, structure: Structure, choices: Mapping[str, int]) -> list[str]:
    """Set the least role of each action named in `choices`; those back at their default lose their rule.

    Gives the actions that changed; publishes "portal.rules_changed" with them. Raises Invalid(action) for a role
    below the floor or unknown, NotAllowed for an action that `by` may not do: nobody hands out more than they hold.
    An administrator may always do everything, so that no choice here can shut them out.
    """
    lines = {line.action.name: line for _tool, actions in table(structure) for line in actions}
    changed = []
    for name, least in choices.items():
        line = lines.get(name)
        if line is None or least not in line.choices:
            raise Invalid(name, _("Choose one of the roles proposed."))
        if least == line.least:
            continue
        require(roles.may(by, name), _("You can only change who may do what you may do yourself."))
        if least == line.default:
            ActionRule.objects.filter(action=name).delete()
        else:
            ActionRule.objects.update_or_create(action=name, defaults={"least": least})
        changed.append(name)
    if changed:
        by.__dict__.pop("_least_roles", None)
        publish("portal.rules_changed", by=by, actions=sorted(changed))
    return changed
