"""Who may do what in a folder and all that is below it."""

from tilios.core.shelves.levels import Level
from tilios.core.shelves.models import Granted

__all__ = ["Grant", "Level"]


class Grant(Granted):
    """A line of a folder's own list: a role and those above it, or a group, or a person."""
