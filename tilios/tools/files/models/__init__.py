"""The tables of the files."""

from tilios.core.shelves.levels import Space
from tilios.tools.files.models.bringing import Bringing, BringingLine, BringingPart
from tilios.tools.files.models.changes import Change
from tilios.tools.files.models.items import Item, Version
from tilios.tools.files.models.links import Brought
from tilios.tools.files.models.marks import Favourite, Reading, Tag, Tagging
from tilios.tools.files.models.rights import Grant, Level
from tilios.tools.files.models.usage import Rules, Usage

__all__ = [
    "Bringing",
    "BringingLine",
    "BringingPart",
    "Brought",
    "Change",
    "Favourite",
    "Grant",
    "Item",
    "Level",
    "Reading",
    "Rules",
    "Space",
    "Tag",
    "Tagging",
    "Usage",
    "Version",
]
