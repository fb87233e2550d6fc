"""Pages of members."""

from tilios.tools.members.views.listing import export, home
from tilios.tools.members.views.pictures import answer_file, photo, public_photo
from tilios.tools.members.views.records import add, change, come_back, leave, own, record
from tilios.tools.members.views.settings import field_add, field_change, field_move, field_remove, fields, settings
from tilios.tools.members.views.showing import directory, public_list

__all__ = [
    "add",
    "answer_file",
    "change",
    "come_back",
    "directory",
    "export",
    "field_add",
    "field_change",
    "field_move",
    "field_remove",
    "fields",
    "home",
    "leave",
    "own",
    "photo",
    "public_list",
    "public_photo",
    "record",
    "settings",
]
