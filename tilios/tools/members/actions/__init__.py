"""Writes: the register, dues, and what the structure decides of them."""

from tilios.tools.members.actions.answers import write_answers
from tilios.tools.members.actions.dues import cancel_contribution, contribute
from tilios.tools.members.actions.fields import add_field, change_field, move_field, readers_of, remove_field
from tilios.tools.members.actions.records import add_record, change_record, come_back, leave
from tilios.tools.members.actions.register import change_settings

__all__ = [
    "add_field",
    "add_record",
    "cancel_contribution",
    "change_field",
    "change_record",
    "change_settings",
    "come_back",
    "contribute",
    "leave",
    "move_field",
    "readers_of",
    "remove_field",
    "write_answers",
]
