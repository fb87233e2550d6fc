"""How the files are put away, and who may do what with them: core/shelves."""

from django.utils.translation import gettext_lazy as _

from tilios.core.shelves.levels import Level
from tilios.core.shelves.shelf import Shelf

SHELF = Shelf(
    tool="files",
    levels={
        Level.VIEW: _("opens and downloads everything, changes nothing"),
        Level.ADD: _("also adds files, and changes those they brought themselves"),
        Level.EDIT: _("also changes, moves and throws away whatever is there"),
        Level.MANAGE: _("also decides who may see, makes links through which others write, and sees who read what"),
    },
    holding="tilios.tools.files.actions.ledger.writing",
    indexing="tilios.tools.files.indexing",
)
