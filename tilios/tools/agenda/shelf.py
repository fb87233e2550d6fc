"""How calendars and address books are put away, and who may do what with them: core/shelves."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tilios.core.shelves.levels import Level
from tilios.core.shelves.shelf import Shelf

SHELF = Shelf(
    tool="agenda",
    levels={
        Level.BUSY: _("sees when something takes place, not what"),
        Level.VIEW: pgettext_lazy("level of a calendar", "sees everything, changes nothing"),
        Level.ADD: _("also adds, and changes what they added"),
        Level.EDIT: _("also changes and removes whatever is there"),
        Level.MANAGE: _("also decides who may see, and makes links"),
    },
    holding="tilios.tools.agenda.actions.holding.writing",
    indexing="tilios.tools.agenda.indexing",
)
