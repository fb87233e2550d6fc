"""How texts are put away, and who may do what with them: core/shelves."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tilios.core.shelves.levels import Level
from tilios.core.shelves.shelf import Shelf

SHELF = Shelf(
    tool="pads",
    levels={
        Level.VIEW: pgettext_lazy("level of a text", "reads, changes nothing"),
        Level.COMMENT: _("also comments on passages and takes part in the chat"),
        Level.ADD: _("also adds texts to the folder, and writes in those they began"),
        Level.EDIT: _("also writes in every text, moves it and throws it away"),
        Level.MANAGE: _("also decides who may see, makes links through which others write, and sees who read what"),
    },
    holding="tilios.tools.pads.actions.holding.writing",
    indexing="tilios.tools.pads.indexing",
    things_have_lists=True,
)
