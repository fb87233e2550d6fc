"""The writes of people, one module a subject."""

from tilios.core.people.actions.groups import (
    add_many_to_group,
    add_to_group,
    change_group,
    create_group,
    delete_group,
    remove_from_group,
)
from tilios.core.people.actions.persons import change_person, create_person, sort_name
from tilios.core.people.actions.sharing import share_details
from tilios.core.people.actions.standing import change_role, change_status

__all__ = [
    "add_many_to_group",
    "add_to_group",
    "change_group",
    "change_person",
    "change_role",
    "change_status",
    "create_group",
    "create_person",
    "delete_group",
    "remove_from_group",
    "share_details",
    "sort_name",
]
